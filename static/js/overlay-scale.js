// Draws marks, lines and numbers in the right size for the photo's size on the page, also when it is zoomed. The formula
// is that of landmarks/drawing/sizes.py, with its constants; a browser test compares the two.

import { OVERLAY_RESTYLED, OVERLAY_TOO_COARSE, PHOTO_ZOOMED, send } from "./events.js";
import { pointsOf, sizes } from "./viewer-data.js";

const clamp = (value, least, most) => Math.max(least, Math.min(value, most));
const scaled = ({ factor, least, most }, value) => clamp(factor * value, least, most ?? Infinity);

// The radius of a mark on a face whose contour is so many pixels large.
const radiusAt = (side) => {
  const { slope, root, least, most } = sizes.radius;
  return clamp(Math.min(slope * side, root * Math.sqrt(side)), least, most);
};

// Where an overlay lies in the window: CSS pixels per unit, and where its coordinates 0, 0 are.
export const frameOf = (overlay) => {
  const [box, view] = [overlay.getBoundingClientRect(), overlay.viewBox.baseVal];
  const scale = Math.min(box.width / view.width, box.height / view.height);
  return {
    scale,
    left: box.left + box.width / 2 - (view.x + view.width / 2) * scale,
    top: box.top + box.height / 2 - (view.y + view.height / 2) * scale,
  };
};

export const boxOf = (face) => face.dataset.box.split(" ").map(Number);

const setAttributes = (element, attributes) => {
  for (const [name, value] of Object.entries(attributes)) element?.setAttribute(name, value);
};

// What a group of marks consists of, read once: asking the document at each step of a zoom is slow.
const groups = new WeakMap();

const read = (group) => {
  const uses = [...group.children].map((use) => ({
    use,
    size: use.transform.baseVal[1],
    kind: use.getAttribute("href").startsWith("#guess") ? "guess" : "mark",
  }));
  groups.set(group, { uses, symbol: "", scale: 0 });
  return groups.get(group);
};

const markSize = (region, radius) => {
  if (radius < sizes.dots_from) return sizes.smallest_dot;
  return region === sizes.dot_region ? sizes.dot * radius : radius;
};

const drawMarks = (group, { radius, halo }, scale, hasLines) => {
  const { region } = group.dataset;
  const isHidden = radius < sizes.dots_from && hasLines && !region.endsWith("pupil");
  const size = markSize(region, radius);
  const symbol = radius < sizes.marks_from ? sizes.dot_region : region;
  const drawn = groups.get(group) ?? read(group);
  setAttributes(group, { display: isHidden ? "none" : "inline", "stroke-width": (2 * halo) / size });
  for (const mark of drawn.uses) {
    if (drawn.symbol !== symbol) mark.use.setAttribute("href", `#${mark.kind}-${symbol}`);
    if (drawn.scale !== size / scale) mark.size.setScale(size / scale, size / scale);
  }
  Object.assign(drawn, { symbol, scale: size / scale });
};

// Each number grows around its point, so that it stays beside it.
const drawNumbers = (face, numbers, isReadable, height) => {
  numbers.setAttribute("display", isReadable ? "inline" : "none");
  const factor = height / numbers.getAttribute("font-size");
  const points = new Map(pointsOf(face.dataset.face).map((point) => [`${point.region} ${point.index}`, point]));
  for (const text of numbers.children) {
    const point = points.get(`${text.dataset.region} ${text.textContent}`);
    if (!point) continue;
    const [x, y] = [point.cx * (1 - factor), point.cy * (1 - factor)];
    text.setAttribute("transform", `translate(${x} ${y}) scale(${factor})`);
  }
};

// The tag grows from its lower left corner, or from the chin that it stands below, but not out of the photo. Returns the
// box of one that has no corners around its face, and may have to give way to other faces.
const drawTag = (tag, height, photo) => {
  const [box, text] = tag.children;
  const factor = height / text.getAttribute("font-size");
  const [x, y, width, depth] = ["x", "y", "width", "height"].map((name) => Number(box.getAttribute(name)));
  const [fromX, fromY] = tag.dataset.anchor?.split(" ").map(Number) ?? [x, y + depth];
  const left = clamp(fromX + factor * (x - fromX), 0, photo.width - factor * width);
  const top = clamp(fromY + factor * (y - fromY), 0, photo.height - factor * depth);
  tag.setAttribute("transform", `translate(${left - factor * x} ${top - factor * y}) scale(${factor})`);
  return tag.dataset.anchor && [left, top, factor * width, factor * depth];
};

const touch = ([x, y, width, height], [left, top, across, down]) =>
  x < left + across && left < x + width && y < top + down && top < y + height;

// Numbers of tiny faces, and those that would cover a face or another number, are left out.
const hideTags = (tags, faces, scale) => {
  const taken = [];
  for (const { face, tag, box } of tags) {
    const isTiny = face.dataset.side * scale < sizes.tags_from;
    const others = [...taken, ...faces.filter((other) => other !== face).map(boxOf)];
    const isHidden = isTiny || others.some((other) => touch(box, other));
    tag.setAttribute("display", isHidden ? "none" : "inline");
    if (!isHidden) taken.push(box);
  }
};

// Enlarged, by zoom or in the close-up, marks keep the size that they have in the whole photo, but those of small faces
// grow until their shapes can be seen.
const sizesAt = (side, sideUnzoomed, factor) => {
  const radius = factor * Math.min(radiusAt(side), Math.max(radiusAt(sideUnzoomed), sizes.marks_from));
  const [halo, line] = [scaled(sizes.halo, radius), scaled(sizes.line, radius)];
  return { radius, halo, line, frame: scaled(sizes.frame, line), frameHalo: scaled(sizes.frame_halo, line) };
};

// Returns whether more of the face should be drawn at this size than the server has drawn.
const drawFace = (face, style, { scale, unzoomed, photo, isCloseUp, tags }) => {
  const [side, sideUnzoomed] = [face.dataset.side * scale, face.dataset.side * unzoomed];
  const drawn = sizesAt(side, sideUnzoomed, style.size);
  const { halo, line, frame, frameHalo } = drawn;
  const part = (selector) => face.querySelector(selector);
  setAttributes(part(".halos"), {
    "stroke-width": (line + sizes.line_halo * halo) / scale,
    opacity: sizes.line_halo_opacity * style.opacity,
  });
  setAttributes(part(".lines"), { "stroke-width": line / scale, opacity: sizes.line_opacity * style.opacity });
  const dashes = sizes.dash.map((length) => (length * line) / scale).join(" ");
  for (const guessed of face.querySelectorAll(".lines > .guessed")) guessed.setAttribute("stroke-dasharray", dashes);
  for (const group of face.querySelectorAll(".mesh, .marks")) group.setAttribute("opacity", style.opacity);
  setAttributes(part(".frame > path"), { "stroke-width": (frame + 2 * frameHalo) / scale });
  setAttributes(part(".frame > path + path"), { "stroke-width": frame / scale });
  const hasLines = style.lines !== "0" && part(".lines") !== null;
  for (const group of face.querySelectorAll(".marks > g")) drawMarks(group, drawn, scale, hasLines);
  const [numbers, tag] = [part(".numbers"), part(".tag")];
  const isReadable = isCloseUp || side >= sizes.readable_from;
  if (numbers) drawNumbers(face, numbers, isReadable, scaled(sizes.number, style.size * radiusAt(side)) / scale);
  const box = tag && drawTag(tag, scaled(sizes.tag, Math.sqrt(sideUnzoomed)) / scale, photo);
  if (box) tags.push({ face, tag, box });
  return side >= face.dataset.moreFrom;
};

// Only what is in sight, or nearly, is worth drawing anew.
const isInSight = (face, { scale, left, top }, shown) => {
  const [x, y, width, height] = boxOf(face);
  return (
    left + (x + 1.5 * width) * scale > shown.left &&
    left + (x - 0.5 * width) * scale < shown.right &&
    top + (y + 1.5 * height) * scale > shown.top &&
    top + (y - 0.5 * height) * scale < shown.bottom
  );
};

const stage = document.querySelector("[data-stage]");

// CSS pixels per pixel of the photo where all of it is shown; a page of close-ups alone has only theirs.
const unzoomedScale = (host) => {
  const whole = stage ?? host;
  const { width, height } = whole.querySelector(".overlay").viewBox.baseVal;
  return Math.min(whole.clientWidth / width, whole.clientHeight / height);
};

const draw = (host, overlay) => {
  if (!overlay.getBoundingClientRect().width) return;
  const [frame, photo, unzoomed] = [frameOf(overlay), overlay.viewBox.baseVal, unzoomedScale(host)];
  const isCloseUp = host.dataset.overlays === "close-up";
  const view = { scale: frame.scale, unzoomed, photo, isCloseUp, tags: [] };
  const shown = host.getBoundingClientRect();
  const faces = [...overlay.querySelectorAll(".face")].filter((face) => isCloseUp || isInSight(face, frame, shown));
  const needsMore = faces.map((face) => drawFace(face, overlay.dataset, view)).includes(true);
  hideTags(view.tags, faces, frame.scale);
  if (needsMore && !isCloseUp) send(host, OVERLAY_TOO_COARSE);
};

for (const host of document.querySelectorAll("[data-overlays]")) {
  const drawAll = () => host.querySelectorAll(".overlay").forEach((overlay) => draw(host, overlay));
  const resized = new ResizeObserver(drawAll);
  for (const box of new Set([host, stage ?? host])) resized.observe(box);
  // Other options replace the overlay.
  new MutationObserver(drawAll).observe(host.querySelector("[data-part=overlay]") ?? host, { childList: true });
  for (const name of [PHOTO_ZOOMED, OVERLAY_RESTYLED]) host.addEventListener(name, drawAll);
}
