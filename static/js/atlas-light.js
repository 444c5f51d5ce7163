// Lights a point in drawing, detail and table together, whichever of them is pointed at; arrows walk the drawing.

const atlas = document.querySelector("[data-atlas]");
const figure = atlas.querySelector(".figure");
const spots = [...figure.querySelectorAll(".spot")];
const nameOf = (element) => element.closest?.("[data-point]")?.dataset.point;
const ofAddress = () => spots.map((spot) => spot.dataset.point).find((name) => `#${name}` === location.hash);
const words = new Map(spots.map((spot) => [spot.dataset.point, spot.querySelector("title").textContent]));
let lit = [];

// What is enlarged follows the point, and tells its words in place of its own note.
const tell = (name) => {
  const region = name.slice(0, name.lastIndexOf("-"));
  for (const detail of atlas.querySelectorAll("[data-detail]")) {
    detail.hidden = detail.dataset.detail !== region;
    if (!detail.hidden) detail.querySelector(".detail-told").textContent = words.get(name);
  }
};

const light = (name) => {
  for (const each of lit) each.classList.remove("is-lit");
  lit = name ? [...atlas.querySelectorAll(`[data-point="${name}"]`)] : [];
  for (const each of lit) each.classList.add("is-lit");
  if (words.has(name)) tell(name);
};

const rest = () => light(nameOf(document.activeElement) ?? ofAddress());

atlas.addEventListener("pointerover", (event) => light(nameOf(event.target) ?? nameOf(document.activeElement) ?? ofAddress()));
atlas.addEventListener("pointerleave", rest);
atlas.addEventListener("focusin", (event) => light(nameOf(event.target) ?? ofAddress()));
atlas.addEventListener("focusout", rest);
window.addEventListener("hashchange", rest);
rest();

// The drawing is one stop of the Tab key.
let here = Math.max(0, spots.findIndex((spot) => spot.dataset.point === ofAddress()));
spots[here].tabIndex = 0;

const walk = (place) => {
  spots[here].tabIndex = -1;
  here = (place + spots.length) % spots.length;
  spots[here].tabIndex = 0;
  spots[here].focus();
};

// The first point of the region before or after.
const leap = (step) => {
  const starts = spots.flatMap((spot, place) => (spot.dataset.point.endsWith("-0") ? [place] : []));
  const region = starts.findLastIndex((start) => start <= here);
  return starts[(region + step + starts.length) % starts.length];
};

const moves = {
  ArrowRight: () => here + 1,
  ArrowDown: () => here + 1,
  ArrowLeft: () => here - 1,
  ArrowUp: () => here - 1,
  Home: () => 0,
  End: () => spots.length - 1,
  "]": () => leap(1),
  "[": () => leap(-1),
};

// Not on the drawing itself: Chromium would make an svg that listens for focus a stop of its own.
atlas.addEventListener("focusin", (event) => {
  const place = spots.indexOf(event.target);
  if (place < 0 || place === here) return;
  spots[here].tabIndex = -1;
  here = place;
  spots[here].tabIndex = 0;
});

figure.addEventListener("keydown", (event) => {
  if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  walk(moves[event.key]());
});
