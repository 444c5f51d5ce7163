// Picks a point, the nearest to the pointer or by keys, and shows what it is: a ring in both pictures, a tooltip outside
// the box of its face, and a sentence for screen readers.

import { inAddress, keep } from "./address.js";
import { OVERLAY_RESTYLED, PARTS_REPLACED, PHOTO_ZOOMED } from "./events.js";
import { boxOf, frameOf } from "./overlay-scale.js";
import { bringIntoView } from "./photo-zoom.js";
import { allPoints, pointsOf } from "./viewer-data.js";

const form = document.querySelector("#viewer");
const stage = form.querySelector("[data-stage]");
const closeUp = document.querySelector("[data-overlays=close-up]");
const tooltip = stage.querySelector("[data-tooltip]");
const status = form.querySelector("[data-status]");
const REACH = 12;
const RING_RADIUS = 7;
const RING_HALO = 5;
const RING_LINE = 2;
const GAP = 12;
const MARGIN = 8;
let active = null;

const overlayOf = (host) => host.querySelector(".overlay");
const chosenFace = () => form.elements.face.value;

// --- Picking ---

const arePointsShown = () => form.querySelector("[name=points][type=checkbox]").checked;
const isRegionShown = (name) => form.querySelector(`[name=regions][value=${name}]`).checked;

// The nearest point whose mark is drawn there, if any is within reach.
const nearest = (host, event) => {
  if (!arePointsShown()) return null;
  const overlay = overlayOf(host);
  const { scale, left, top } = frameOf(overlay);
  const isDrawn = (point) => {
    const { face, region } = point;
    const group = overlay.querySelector(`[data-face="${face}"] .marks > [data-region=${region}]`);
    return group !== null && group.getAttribute("display") !== "none" && isShown(point);
  };
  const near = allPoints()
    .map((point) => [Math.hypot(left + point.cx * scale - event.clientX, top + point.cy * scale - event.clientY), point])
    .filter(([distance]) => distance < REACH)
    .sort(([one], [other]) => one - other);
  return near.find(([, point]) => isDrawn(point))?.[1] ?? null;
};

const pick = (point, { isByKey = false, isKept = isByKey } = {}) => {
  if (!point && !active) return;
  active = point;
  show(isByKey);
  if (isKept) keep({ point: point && `${point.region}-${point.index}` });
  if (point && isByKey) bringIntoView(point.cx, point.cy);
};

const stepFrom = (list, index, step) => list[(index + step + list.length) % list.length];

const isShown = ({ region, error }) =>
  isRegionShown(region) && !(error && document.querySelector(".result.without-guessed"));

const shownPoints = () => (arePointsShown() ? pointsOf(chosenFace()).filter(isShown) : []);

// Arrow keys walk the points of the chosen face, brackets its regions.
const walk = (key) => {
  const points = shownPoints();
  if (!points.length) return null;
  const step = ["ArrowRight", "ArrowDown", "]"].includes(key) ? 1 : -1;
  const at = points.findIndex(({ region, index }) => region === active?.region && index === active?.index);
  if (at < 0) return points[0];
  if (key.startsWith("Arrow")) return stepFrom(points, at, step);
  const regions = [...new Set(points.map(({ region }) => region))];
  const next = stepFrom(regions, regions.indexOf(active.region), step);
  return points.find(({ region }) => region === next);
};

// Only with this script is the photo something to operate.
stage.tabIndex = 0;
stage.setAttribute("role", "application");
stage.setAttribute("aria-label", stage.dataset.label);
stage.setAttribute("aria-describedby", stage.dataset.help);

stage.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") pick(null, { isKept: true });
  if (!/^(Arrow\w+|\[|\])$/.test(event.key)) return;
  event.preventDefault();
  pick(walk(event.key), { isByKey: true });
});

stage.addEventListener("focus", () => {
  if (stage.matches(":focus-visible")) pick(walk("]"), { isByKey: true });
});

stage.addEventListener("blur", () => pick(null));

for (const host of [stage, closeUp]) {
  host.addEventListener("pointermove", (event) => event.buttons || pick(nearest(host, event)));
  host.addEventListener("click", (event) => pick(nearest(host, event), { isKept: true }));
  host.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && pick(null));
}

// Another face may have been chosen; by key, the walk goes on there.
stage.addEventListener(PARTS_REPLACED, () => {
  if (!active) return;
  const { region, index } = active;
  const points = document.activeElement === stage ? shownPoints() : [];
  pick(points.find((point) => point.region === region && point.index === index) ?? null, { isByKey: true });
});

// --- Showing ---

const createCircle = (className, attributes) => {
  const circle = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  for (const [name, value] of Object.entries({ class: className, cx: active.cx, cy: active.cy, ...attributes })) {
    circle.setAttribute(name, value);
  }
  return circle;
};

// Strokes are measured in the photo, too: browsers differ in whether `vector-effect` heeds the zoom of the plane.

const drawRings = () => {
  document.querySelectorAll(".ring").forEach((ring) => ring.remove());
  if (!active) return;
  for (const host of `${active.face}` === chosenFace() ? [stage, closeUp] : [stage]) {
    const { scale } = frameOf(overlayOf(host));
    const circle = (name, width) => createCircle(name, { r: RING_RADIUS / scale, "stroke-width": width / scale });
    const ring = document.createElementNS("http://www.w3.org/2000/svg", "g");
    ring.setAttribute("class", "ring");
    ring.append(circle("ring-halo", RING_HALO), circle("ring-light", RING_LINE));
    overlayOf(host).append(ring);
  }
};

// Beside the box of the face, else below or above it, else in the corner that is farthest from the point.
const placeTooltip = () => {
  if (!active) return;
  const { scale, left, top } = frameOf(overlayOf(stage));
  const frame = stage.getBoundingClientRect();
  const toStage = (x, y) => [left + x * scale - frame.left, top + y * scale - frame.top];
  const [faceLeft, faceTop, faceWidth, faceHeight] = boxOf(stage.querySelector(`.face[data-face="${active.face}"]`));
  const [l, t] = toStage(faceLeft - 0.12 * faceWidth, faceTop - 0.16 * faceHeight);
  const [r, b] = toStage(faceLeft + 1.12 * faceWidth, faceTop + 1.1 * faceHeight);
  const [x, y] = toStage(active.cx, active.cy);
  const { offsetWidth: width, offsetHeight: height } = tooltip;
  const inside = (value, whole, size) => Math.max(MARGIN, Math.min(value, whole - size - MARGIN));
  const [across, down] = [inside(x - width / 2, frame.width, width), inside(y - height / 2, frame.height, height)];
  const free = [
    [r + GAP, down, r + GAP + width < frame.width],
    [l - GAP - width, down, l - GAP - width > 0],
    [across, b + GAP, b + GAP + height < frame.height],
    [across, t - GAP - height, t - GAP - height > 0],
  ].find(([, , fits]) => fits);
  const corner = [
    x < frame.width / 2 ? frame.width - width - MARGIN : MARGIN,
    y < frame.height / 2 ? frame.height - height - MARGIN : MARGIN,
  ];
  const [tooltipLeft, tooltipTop] = free ?? corner;
  tooltip.style.transform = `translate(${tooltipLeft}px, ${tooltipTop}px)`;
};

const show = (isByKey) => {
  tooltip.hidden = !active;
  drawRings();
  if (!active) return;
  const { label, meaning, x, y, error } = active;
  const details = [`x ${x.toFixed(1)}  y ${y.toFixed(1)}`, ...(error ? [`guessed, ± ${error.toFixed(1)} px`] : [])];
  const [strong, line] = [document.createElement("strong"), document.createElement("span")];
  strong.textContent = label;
  line.textContent = details.join(" · ");
  tooltip.replaceChildren(strong, ` · ${meaning}`, line);
  placeTooltip();
  if (isByKey) status.textContent = [label, meaning, ...details].join(", ");
};

for (const name of [PHOTO_ZOOMED, OVERLAY_RESTYLED]) {
  stage.addEventListener(name, () => {
    drawRings();
    placeTooltip();
  });
}

// --- As the address says ---

const named = inAddress("point");

if (named) pick(pointsOf(chosenFace()).find(({ region, index }) => `${region}-${index}` === named) ?? null);
