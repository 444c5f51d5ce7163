// Chooses a face: by its tab or cell, by its place in the photo, by key, or by swiping the close-up.

import { FACE_CHOSEN, PARTS_REPLACED, PHOTO_ZOOMED, send } from "./events.js";
import { boxOf, frameOf } from "./overlay-scale.js";

const stage = document.querySelector("#viewer [data-stage]");
const closeUp = document.querySelector("[data-overlays=close-up]");
const list = document.querySelector("[data-faces]");
const tabs = [...document.querySelectorAll("[data-face-tab]")];
const steps = [...document.querySelectorAll("[data-face-step]")];
const positions = document.querySelectorAll("[data-face-position]");
const more = document.querySelector("[data-more-faces]");
const MARGIN = 8;
const SWIPE_FROM = 40;
let chosen = tabs.findIndex((tab) => tab.hasAttribute("aria-current"));

const wrapped = (index) => (index + tabs.length) % tabs.length;

const markChosen = () => {
  const keys = { f: wrapped(chosen + 1), F: wrapped(chosen - 1) };
  for (const [index, tab] of tabs.entries()) {
    if (index === chosen) tab.setAttribute("aria-current", "true");
    else tab.removeAttribute("aria-current");
    tab.dataset.key = Object.keys(keys).filter((key) => keys[key] === index).join(" ");
  }
  for (const position of positions) position.textContent = `${chosen + 1} of ${tabs.length}`;
};

const showAll = () => list.classList.add("is-open");

// Scrolls the list only: the page stays where it is.
const bringIntoView = (tab) => {
  if (!tab.getClientRects().length) showAll();
  const box = tab.closest("ul");
  const [outer, inner] = [box.getBoundingClientRect(), tab.getBoundingClientRect()];
  box.scrollLeft += Math.min(0, inner.left - outer.left - MARGIN) + Math.max(0, inner.right - outer.right + MARGIN);
  box.scrollTop += Math.min(0, inner.top - outer.top - MARGIN) + Math.max(0, inner.bottom - outer.bottom + MARGIN);
};

const choose = (index) => {
  if (index === chosen) return;
  chosen = index;
  markChosen();
  bringIntoView(tabs[index]);
  send(stage, FACE_CHOSEN, index + 1);
};

const onPlainClick = (link, action) => {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.button) return;
    event.preventDefault();
    action();
  });
};

for (const [index, tab] of tabs.entries()) onPlainClick(tab, () => choose(index));
for (const link of steps) onPlainClick(link, () => choose(wrapped(chosen + Number(link.dataset.faceStep))));

more?.addEventListener("click", () => {
  showAll();
  more.closest("li").nextElementSibling.querySelector("a").focus();
});

// --- Arrow keys in the list ---

const columns = () => {
  const next = tabs.findIndex((tab) => tab.offsetTop > tabs[0].offsetTop);
  return next < 0 ? tabs.length : next;
};

list?.addEventListener("keydown", (event) => {
  const at = tabs.indexOf(event.target);
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const [last, row] = [tabs.length - 1, columns()];
  const moves = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -row, ArrowDown: row, Home: -at, End: last - at };
  const to = at + (moves[event.key] ?? Infinity);
  if (!(to >= 0 && to <= last)) return;
  event.preventDefault();
  bringIntoView(tabs[to]);
  tabs[to].focus({ preventScroll: true });
});

// --- In the photo ---

// The smallest of the faces at a position; they are drawn in order of size.
const faceAt = ({ clientX, clientY }) => {
  const overlay = stage.querySelector(".overlay");
  const { scale, left, top } = frameOf(overlay);
  const isHit = (face) => {
    const [x, y, width, height] = boxOf(face);
    const [across, down] = [(clientX - left) / scale - x, (clientY - top) / scale - y];
    return across > -0.1 * width && across < 1.1 * width && down > -0.16 * height && down < 1.1 * height;
  };
  return [...overlay.querySelectorAll(".face")].reverse().find(isHit);
};

stage.addEventListener("click", (event) => {
  const face = faceAt(event);
  if (face && tabs.length) choose(face.dataset.face - 1);
});

// --- What is pointed at in the list is framed in the photo, and the other way round ---

let hinted = -1;

const frameHinted = () => {
  const overlay = stage.querySelector(".overlay");
  overlay.querySelector(".hint")?.remove();
  const face = hinted < 0 || hinted === chosen ? null : overlay.querySelector(`[data-face="${hinted + 1}"]`);
  if (!face) return;
  const { scale } = frameOf(overlay);
  const [x, y, width, height] = boxOf(face);
  const rectangle = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  const frame = { x: x - 0.1 * width, y: y - 0.16 * height, width: 1.2 * width, height: 1.26 * height, rx: 4 / scale };
  for (const [name, value] of Object.entries({ ...frame, class: "hint", "stroke-width": 2 / scale })) {
    rectangle.setAttribute(name, value);
  }
  overlay.append(rectangle);
};

const hint = (index) => {
  if (index === hinted) return;
  hinted = index;
  for (const [at, tab] of tabs.entries()) tab.classList.toggle("is-hinted", at === index);
  frameHinted();
};

for (const [index, tab] of tabs.entries()) {
  for (const type of ["pointerenter", "focus"]) tab.addEventListener(type, () => hint(index));
  for (const type of ["pointerleave", "blur"]) tab.addEventListener(type, () => hint(-1));
}

if (tabs.length) {
  stage.addEventListener("pointermove", (event) => event.buttons || hint((faceAt(event)?.dataset.face ?? 0) - 1));
  stage.addEventListener("pointerleave", () => hint(-1));
  for (const name of [PHOTO_ZOOMED, PARTS_REPLACED]) stage.addEventListener(name, frameHinted);
  markChosen();
  bringIntoView(tabs[chosen]);
}

// --- A swipe over the close-up ---

let swipe = null;

closeUp.addEventListener("pointerdown", ({ clientX, clientY, pointerType }) => {
  swipe = pointerType === "mouse" || !tabs.length ? null : [clientX, clientY];
});

closeUp.addEventListener("pointerup", ({ clientX, clientY }) => {
  if (!swipe) return;
  const [across, down] = [clientX - swipe[0], clientY - swipe[1]];
  swipe = null;
  if (Math.abs(across) > SWIPE_FROM && Math.abs(across) > 2 * Math.abs(down)) choose(wrapped(chosen - Math.sign(across)));
});
