// Chooses a face by its tab, by its box in the photo or by key, without leaving the page.

const form = document.querySelector("#plate");
const stage = form.querySelector("[data-stage]");
const tabs = [...document.querySelectorAll(".tab")];
const { face } = form.elements;

// The keys go to the tab after the chosen one and to the one before.
const mark = () => {
  const chosen = face.value - 1;
  const steps = { f: (chosen + 1) % tabs.length, F: (chosen + tabs.length - 1) % tabs.length };
  tabs.forEach((tab, index) => {
    if (index === chosen) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    tab.dataset.key = Object.keys(steps).filter((key) => steps[key] === index).join(" ");
  });
};

const choose = (number) => {
  if (number === face.value) return;
  face.value = number;
  mark();
  const list = tabs[number - 1].closest("ul");
  const [inside, tab] = [list.getBoundingClientRect(), tabs[number - 1].getBoundingClientRect()];
  // Within the list only: the page stays where it is.
  list.scrollLeft += Math.min(0, tab.left - inside.left - 8) + Math.max(0, tab.right - inside.right + 8);
  form.dispatchEvent(new Event("face"));
};

tabs.forEach((tab, index) => {
  tab.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.button) return;
    event.preventDefault();
    choose(`${index + 1}`);
  });
});

// The smallest of the boxes that were clicked.
stage.addEventListener("click", (event) => {
  const overlay = stage.querySelector(".overlay");
  const [box, photo] = [overlay.getBoundingClientRect(), overlay.viewBox.baseVal];
  const scale = Math.min(box.width / photo.width, box.height / photo.height);
  const x = (event.clientX - box.left - (box.width - photo.width * scale) / 2) / scale;
  const y = (event.clientY - box.top - (box.height - photo.height * scale) / 2) / scale;
  const hit = [...overlay.querySelectorAll("[data-box]")].reverse().find((drawn) => {
    const [left, top, width, height] = drawn.dataset.box.split(" ").map(Number);
    return x > left - 0.1 * width && x < left + 1.1 * width && y > top - 0.16 * height && y < top + 1.1 * height;
  });
  if (hit && tabs.length) choose(hit.dataset.face);
});

if (tabs.length) mark();
