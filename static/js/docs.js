// The API page: marks the section on the screen in the contents, and opens the fold that an address points into.

const contents = document.querySelector("[data-contents]");
const links = new Map(
  [...contents.querySelectorAll("a")].map((link) => [document.getElementById(link.hash.slice(1)), link]),
);

// --- The current section is the last whose heading has passed the upper fifth of the window. ---

const LINE = 1 / 5;
let current;

const markCurrent = () => {
  const passed = [...links.keys()].filter((heading) => heading.getBoundingClientRect().top < innerHeight * LINE);
  const link = links.get(passed.at(-1)) ?? links.values().next().value;
  if (link === current) return;
  current?.removeAttribute("aria-current");
  link.setAttribute("aria-current", "location");
  current = link;
  keepInSight(link);
};

// Scrolls the contents alone: `scrollIntoView` would move the page as well.
const keepInSight = (link) => {
  const list = contents.firstElementChild;
  const [box, frame] = [link.getBoundingClientRect(), list.getBoundingClientRect()];
  if (box.top < frame.top) list.scrollTop -= frame.top - box.top;
  else if (box.bottom > frame.bottom) list.scrollTop += box.bottom - frame.bottom;
};

const observer = new IntersectionObserver(markCurrent, { rootMargin: `0px 0px -${100 * (1 - LINE)}% 0px` });
for (const heading of links.keys()) observer.observe(heading);

// --- Folds: recent browsers open them by themselves. ---

const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  const fold = target?.closest("details:not([open])");
  if (!fold) return;
  fold.open = true;
  target.scrollIntoView();
};

addEventListener("hashchange", reveal);
reveal();
