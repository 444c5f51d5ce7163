// Zooms and moves the photo in its frame, by buttons, wheel, pinch, drag and double click. The position is kept in
// fractions of the frame, so that it holds when the frame is resized.

import { inAddress, keepSoon } from "./address.js";
import { PARTS_REPLACED, PHOTO_ZOOMED, send } from "./events.js";
import { LARGEST_ZOOM } from "./viewer-data.js";

const stage = document.querySelector("[data-stage]");
const plane = stage.querySelector("[data-plane]");
const buttons = Object.fromEntries([...document.querySelectorAll("[data-zoom]")].map((one) => [one.dataset.zoom, one]));
const level = buttons.fit.querySelector("[data-zoom-level]");
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const WHOLE = { zoom: 1, x: 0, y: 0 };
const STEP = 1.5;
// A pixel of the photo becomes at most that large, but every photo can be enlarged eightfold.
const LARGEST_PIXEL = 16;
const LEAST_RANGE = 8;
const GLIDE_MS = 180;
const MANY_MARKS = 400;
const REDRAW_MS = 120;

const clamp = (value, least, most) => Math.max(least, Math.min(value, most));
let view = WHOLE;
let animation = 0;
let redrawing = 0;

const photo = () => stage.querySelector(".overlay").viewBox.baseVal;
const unzoomedScale = () => Math.min(stage.clientWidth / photo().width, stage.clientHeight / photo().height);
const largestZoom = () => clamp(LARGEST_PIXEL / unzoomedScale(), LEAST_RANGE, LARGEST_ZOOM);
const isZoomed = () => view.zoom > 1;

// In the address: the zoom, and the point of the photo in the middle of the frame, in fractions of the frame.
const middle = () => [view.zoom, (0.5 - view.x) / view.zoom, (0.5 - view.y) / view.zoom];
const asText = () => middle().map((value) => Number(value.toFixed(3))).join();

const redraw = () => {
  plane.style.willChange = "";
  keepSoon({ view: isZoomed() ? asText() : null });
  send(stage, PHOTO_ZOOMED);
};

// Many marks are enlarged as a picture first, and drawn in their right size when the zoom pauses.
const redrawSoon = () => {
  clearTimeout(redrawing);
  if (stage.querySelector(".overlay").getElementsByTagName("use").length < MANY_MARKS) return redraw();
  plane.style.willChange = "transform";
  redrawing = setTimeout(redraw, REDRAW_MS);
};

// The photo always fills the frame, so it cannot get lost.
const show = (target) => {
  const zoom = clamp(target.zoom, 1, largestZoom());
  view = { zoom, x: clamp(target.x, 1 - zoom, 0), y: clamp(target.y, 1 - zoom, 0) };
  plane.style.transform = isZoomed() ? `translate(${view.x * 100}%, ${view.y * 100}%) scale(${zoom})` : "";
  stage.classList.toggle("is-zoomed", isZoomed());
  level.textContent = `${Math.round(zoom * 100)} %`;
  redrawSoon();
};

const glide = (target) => {
  cancelAnimationFrame(animation);
  if (reducedMotion.matches) return show(target);
  const [start, from] = [performance.now(), view];
  const step = (now) => {
    const remaining = (1 - clamp((now - start) / GLIDE_MS, 0, 1)) ** 3;
    const between = (name) => target[name] + (from[name] - target[name]) * remaining;
    show({ zoom: between("zoom"), x: between("x"), y: between("y") });
    if (remaining) animation = requestAnimationFrame(step);
  };
  animation = requestAnimationFrame(step);
};

// Whatever is at that position of the frame (0 to 1) stays there.
const around = (factor, x = 0.5, y = 0.5) => {
  const zoom = clamp(view.zoom * factor, 1, largestZoom());
  const growth = zoom / view.zoom;
  return { zoom, x: x - (x - view.x) * growth, y: y - (y - view.y) * growth };
};

const zoomAt = (factor, [x, y]) => {
  cancelAnimationFrame(animation);
  show(around(factor, x, y));
};

const moveBy = (x, y) => show({ ...view, x: view.x + x, y: view.y + y });

// Where a point of the photo lies in the frame when it is not zoomed.
const unzoomed = (x, y) => {
  const { width, height } = photo();
  const scale = unzoomedScale();
  return [0.5 + ((x - width / 2) * scale) / stage.clientWidth, 0.5 + ((y - height / 2) * scale) / stage.clientHeight];
};

// Moves the photo only if that point of it is out of view.
export const bringIntoView = (x, y) => {
  const [left, top] = unzoomed(x, y);
  const [across, down] = [left * view.zoom + view.x, top * view.zoom + view.y];
  if ([across, down].every((position) => position > 0.02 && position < 0.98)) return;
  moveBy(0.5 - across, 0.5 - down);
};

const zoomToFace = () => {
  const face = document.querySelector("[data-overlays=close-up] .overlay").viewBox.baseVal;
  const [left, top] = unzoomed(face.x, face.y);
  const [right, bottom] = unzoomed(face.x + face.width, face.y + face.height);
  const zoom = clamp(Math.min(1 / (right - left), 1 / (bottom - top)), 1, largestZoom());
  glide({ zoom, x: 0.5 - ((left + right) / 2) * zoom, y: 0.5 - ((top + bottom) / 2) * zoom });
};

buttons.in.addEventListener("click", () => glide(around(STEP)));
buttons.out.addEventListener("click", () => glide(around(1 / STEP)));
buttons.fit.addEventListener("click", () => glide(WHOLE));
buttons.face.addEventListener("click", zoomToFace);

// Zoomed in, the view follows the chosen face.
stage.addEventListener(PARTS_REPLACED, ({ detail: parts }) => {
  if (isZoomed() && parts.includes("heading")) zoomToFace();
});

// --- Gestures ---

const pointers = new Map();
const SCROLLING_MS = 300;
const DRAG_FROM = 4;
const PIXELS_PER_LINE = 20;
let dragged = 0;
let lastScroll = -Infinity;

const positionOf = ({ clientX, clientY }) => {
  const box = stage.getBoundingClientRect();
  return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
};

const middleOf = (positions) =>
  [0, 1].map((axis) => positions.reduce((sum, position) => sum + position[axis], 0) / positions.length);

const distanceOf = ([one, other]) =>
  Math.hypot((one[0] - other[0]) * stage.clientWidth, (one[1] - other[1]) * stage.clientHeight);

// A wheel that is scrolling the page goes on scrolling it when the photo comes under the pointer.
window.addEventListener("scroll", () => { lastScroll = performance.now(); }, { passive: true });

stage.addEventListener("wheel", (event) => {
  const isPinch = event.ctrlKey || event.metaKey;
  if (!isPinch && performance.now() - lastScroll < SCROLLING_MS) return;
  // There is nothing to zoom out of, so the page may scroll.
  if (event.deltaY > 0 && !isZoomed() && !isPinch) return;
  event.preventDefault();
  const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? PIXELS_PER_LINE : 1;
  zoomAt(Math.exp(-event.deltaY * unit * (isPinch ? 0.01 : 0.0025)), positionOf(event));
}, { passive: false });

stage.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  if (!pointers.size) dragged = 0;
  pointers.set(event.pointerId, positionOf(event));
});

stage.addEventListener("pointermove", (event) => {
  if (!pointers.has(event.pointerId)) return;
  const before = [...pointers.values()];
  pointers.set(event.pointerId, positionOf(event));
  const after = [...pointers.values()];
  const [from, to] = [middleOf(before), middleOf(after)];
  dragged += distanceOf([from, to]);
  if (pointers.size === 2) {
    dragged = Infinity;
    zoomAt(distanceOf(after) / distanceOf(before) || 1, to);
  }
  if (!isZoomed() || dragged < DRAG_FROM) return;
  // Only now: a click that is no drag belongs to what is under it.
  if (event.pointerType === "mouse") stage.setPointerCapture(event.pointerId);
  stage.classList.add("is-moving");
  moveBy(to[0] - from[0], to[1] - from[1]);
});

for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
  window.addEventListener(end, (event) => {
    pointers.delete(event.pointerId);
    if (!pointers.size) stage.classList.remove("is-moving");
  });
}

// Two fingers on the photo never scroll or zoom the page.
stage.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });

// The end of a drag is no click.
stage.addEventListener("click", (event) => {
  if (dragged >= DRAG_FROM) event.stopImmediatePropagation();
}, { capture: true });

stage.addEventListener("dblclick", (event) => glide(isZoomed() ? WHOLE : around(3, ...positionOf(event))));
stage.addEventListener("dragstart", (event) => event.preventDefault());

// --- As the address says ---

const [zoom, x, y] = (inAddress("view") ?? "").split(",").map(Number);

if (zoom > 1 && [x, y].every(Number.isFinite)) {
  const allowed = clamp(zoom, 1, largestZoom());
  show({ zoom: allowed, x: 0.5 - x * allowed, y: 0.5 - y * allowed });
}
