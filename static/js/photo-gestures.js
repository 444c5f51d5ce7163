// Wheel, pinch, drag and double click on the photo become events of its frame, which photo-zoom.js follows.

const stage = document.querySelector("[data-stage]");
const held = new Map();
let moved = 0;
let scrolled = -Infinity;

const placeOf = ({ clientX, clientY }) => {
  const box = stage.getBoundingClientRect();
  return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
};
const ask = (name, detail) => stage.dispatchEvent(new CustomEvent(name, { detail }));
const isZoomed = () => stage.classList.contains("is-zoomed");
const middle = (places) => [0, 1].map((axis) => places.reduce((sum, place) => sum + place[axis], 0) / places.length);
const spread = ([one, other]) => {
  const box = stage.getBoundingClientRect();
  return Math.hypot((one[0] - other[0]) * box.width, (one[1] - other[1]) * box.height);
};

// A wheel that is scrolling the page goes on scrolling it when the photo comes under the pointer.
window.addEventListener("scroll", () => { scrolled = performance.now(); }, { passive: true });

stage.addEventListener("wheel", (event) => {
  const isPinch = event.ctrlKey || event.metaKey;
  if (!isPinch && performance.now() - scrolled < 300) return;
  // At rest there is nothing to zoom out of, so the page may scroll.
  if (event.deltaY > 0 && !isZoomed() && !isPinch) return;
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
  const [x, y] = placeOf(event);
  ask("enlarge", { factor: Math.exp(-event.deltaY * lines * (isPinch ? 0.01 : 0.0025)), x, y });
}, { passive: false });

stage.addEventListener("pointerdown", (event) => {
  if (event.button) return;
  if (!held.size) moved = 0;
  held.set(event.pointerId, placeOf(event));
});

stage.addEventListener("pointermove", (event) => {
  if (!held.has(event.pointerId)) return;
  const before = [...held.values()];
  held.set(event.pointerId, placeOf(event));
  const after = [...held.values()];
  const shift = [0, 1].map((axis) => middle(after)[axis] - middle(before)[axis]);
  moved += Math.hypot(shift[0] * stage.clientWidth, shift[1] * stage.clientHeight);
  if (held.size === 2) {
    moved = Infinity;
    const [x, y] = middle(after);
    ask("enlarge", { factor: spread(after) / spread(before) || 1, x, y });
  }
  if (!isZoomed() || (held.size === 1 && moved < 4)) return;
  // Only now: a click that was no drag belongs to what lies under it.
  if (event.pointerType === "mouse") stage.setPointerCapture(event.pointerId);
  stage.classList.add("is-moving");
  ask("shift", shift);
});

for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) {
  window.addEventListener(end, (event) => {
    held.delete(event.pointerId);
    if (!held.size) stage.classList.remove("is-moving");
  });
}

// Two fingers never scroll or zoom the page from here.
stage.addEventListener("touchmove", (event) => event.touches.length > 1 && event.preventDefault(), { passive: false });

// The end of a drag is no click.
stage.addEventListener("click", (event) => {
  if (moved >= 4) event.stopImmediatePropagation();
}, { capture: true });

stage.addEventListener("dblclick", (event) => {
  const [x, y] = placeOf(event);
  ask("enlarge", { factor: isZoomed() ? 1 / 64 : 3, x, y, isGliding: true });
});

stage.addEventListener("dragstart", (event) => event.preventDefault());
