// Zooms and moves the photo in its frame: buttons (and by them keys), full screen, the chosen face, and what
// photo-gestures.js and point-walk.js ask for by events. The place of the photo is kept in parts of the frame, so that it holds when the frame changes its size.

const stage = document.querySelector("[data-stage]");
const plane = stage.querySelector("[data-plane]");
const buttons = Object.fromEntries([...document.querySelectorAll("[data-zoom]")].map((one) => [one.dataset.zoom, one]));
const shown = buttons.fit.querySelector("[data-zoom-shown]");
const isCalm = matchMedia("(prefers-reduced-motion: reduce)");
const LARGEST_PIXEL = 16;
const STEP = 1.5;
const GLIDE = 180;
const MANY = 400;
const clamp = (value, low, high) => Math.max(low, Math.min(value, high));
let view = { zoom: 1, x: 0, y: 0 };
let [frame, rest] = [0, 0];

const photo = () => stage.querySelector(".overlay").viewBox.baseVal;
const scaleAtRest = () => Math.min(stage.clientWidth / photo().width, stage.clientHeight / photo().height);
const closest = () => clamp(LARGEST_PIXEL / scaleAtRest(), 8, 64);

// With many marks the picture is first enlarged as it is, and drawn anew in its right size when it has come to rest.
const draw = () => {
  plane.style.willChange = "";
  stage.dispatchEvent(new Event("zoom"));
};
const drawSoon = () => {
  clearTimeout(rest);
  if (stage.querySelector(".overlay").getElementsByTagName("use").length < MANY) return draw();
  plane.style.willChange = "transform";
  rest = setTimeout(draw, 120);
};

// The photo always fills the frame, so it cannot get lost.
const show = ({ zoom, x, y }) => {
  const kept = clamp(zoom, 1, closest());
  view = { zoom: kept, x: clamp(x, 1 - kept, 0), y: clamp(y, 1 - kept, 0) };
  plane.style.transform = kept === 1 ? "" : `translate(${view.x * 100}%, ${view.y * 100}%) scale(${kept})`;
  stage.classList.toggle("is-zoomed", kept > 1);
  shown.textContent = `${Math.round(kept * 100)} %`;
  drawSoon();
};

const glide = (target) => {
  cancelAnimationFrame(frame);
  if (isCalm.matches) return show(target);
  const [start, from] = [performance.now(), view];
  const step = (now) => {
    const left = (1 - clamp((now - start) / GLIDE, 0, 1)) ** 3;
    const between = (name) => target[name] + (from[name] - target[name]) * left;
    show({ zoom: between("zoom"), x: between("x"), y: between("y") });
    if (left) frame = requestAnimationFrame(step);
  };
  frame = requestAnimationFrame(step);
};

// What lies at that place of the frame (0 to 1) stays there.
const around = (factor, x = 0.5, y = 0.5) => {
  const zoom = clamp(view.zoom * factor, 1, closest());
  const grown = zoom / view.zoom;
  return { zoom, x: x - (x - view.x) * grown, y: y - (y - view.y) * grown };
};

// Where a place in the photo lies in the frame at rest, in parts of it.
const atRest = (x, y) => {
  const { width, height } = photo();
  const scale = scaleAtRest();
  return [0.5 + ((x - width / 2) * scale) / stage.clientWidth, 0.5 + ((y - height / 2) * scale) / stage.clientHeight];
};

const toFace = () => {
  const face = document.querySelector(".close-up .overlay").viewBox.baseVal;
  const [left, top] = atRest(face.x, face.y);
  const [right, bottom] = atRest(face.x + face.width, face.y + face.height);
  const zoom = clamp(Math.min(1 / (right - left), 1 / (bottom - top)), 1, closest());
  glide({ zoom, x: 0.5 - ((left + right) / 2) * zoom, y: 0.5 - ((top + bottom) / 2) * zoom });
};

buttons.in.addEventListener("click", () => glide(around(STEP)));
buttons.out.addEventListener("click", () => glide(around(1 / STEP)));
buttons.fit.addEventListener("click", () => glide({ zoom: 1, x: 0, y: 0 }));
buttons.face.addEventListener("click", toFace);
buttons.full.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else stage.closest(".plate").requestFullscreen();
});
buttons.full.hidden = !document.fullscreenEnabled;

stage.addEventListener("enlarge", ({ detail: { factor, x, y, isGliding } }) => {
  cancelAnimationFrame(frame);
  (isGliding ? glide : show)(around(factor, x, y));
});
stage.addEventListener("shift", ({ detail: [x, y] }) => show({ ...view, x: view.x + x, y: view.y + y }));
// Brings a place in the photo into sight where it is not.
stage.addEventListener("seek", ({ detail: [x, y] }) => {
  const [across, down] = atRest(x, y).map((part, axis) => part * view.zoom + [view.x, view.y][axis]);
  if ([across, down].every((part) => part > 0.02 && part < 0.98)) return;
  show({ ...view, x: view.x + 0.5 - across, y: view.y + 0.5 - down });
});
stage.addEventListener("redrawn", ({ detail }) => view.zoom > 1 && detail.includes("heading") && toFace());
