// Draws marks, lines and numbers in the size that the photo really has on the page, also when it is zoomed.
// The formula is that of docs/points.md and landmarks/drawing/geometry.py; a browser test compares the two.

const clamp = (value, low, high) => Math.max(low, Math.min(value, high));
const TOLD_APART = 2.1;
const kept = new WeakMap();

// What each group of marks consists of, read once: asking the document for each mark at each step of a zoom is slow.
const read = (group) => {
  const uses = [...group.children].map((use) => [use, use.transform.baseVal[1], use.getAttribute("href").slice(1, 6)]);
  kept.set(group, { uses, symbol: "", scale: 0 });
  return kept.get(group);
};

const drawMarks = (group, radius, halo, scale, hasLines, { region } = group.dataset, isTiny = radius < 0.95) => {
  const drawn = isTiny ? 0.75 : region === "face_profile" ? 0.92 * radius : radius;
  const symbol = radius < 2.1 ? "face_profile" : region;
  const marks = kept.get(group) ?? read(group);
  group.setAttribute("display", isTiny && hasLines && !region.endsWith("pupil") ? "none" : "inline");
  group.setAttribute("stroke-width", (2 * halo) / drawn);
  for (const [use, size, kind] of marks.uses) {
    if (marks.symbol !== symbol) use.setAttribute("href", `#${kind === "guess" ? kind : "mark"}-${symbol}`);
    if (marks.scale !== drawn / scale) size.setScale(drawn / scale, drawn / scale);
  }
  Object.assign(marks, { symbol, scale: drawn / scale });
};

// Each number grows around its point, so that it stays beside it.
const drawNumbers = (face, numbers, isReadable, letters) => {
  numbers.setAttribute("display", isReadable ? "inline" : "none");
  const factor = letters / numbers.getAttribute("font-size");
  for (const text of numbers.children) {
    const group = face.querySelector(`.marks > [data-region=${text.dataset.region}]`);
    if (!group) continue;
    const { e, f } = group.children[text.textContent].transform.baseVal[0].matrix;
    text.setAttribute("transform", `translate(${e * (1 - factor)} ${f * (1 - factor)}) scale(${factor})`);
  }
};

// The tag stands on its lower left corner, as far as it then stays in the photo.
const drawTag = (tag, letters, photo) => {
  const [plate, text] = tag.children;
  const factor = letters / text.getAttribute("font-size");
  const [x, y, width, height] = ["x", "y", "width", "height"].map((name) => Number(plate.getAttribute(name)));
  const left = clamp(x, 0, photo.width - factor * width);
  const top = clamp(y + height * (1 - factor), 0, photo.height - factor * height);
  tag.setAttribute("transform", `translate(${left - factor * x} ${top - factor * y}) scale(${factor})`);
};

const radiusOf = (side) => clamp(Math.min(0.0125 * side, 0.2 * Math.sqrt(side)), 0.55, 9);

// Zoomed in, marks keep the size that they have at rest; but those of small faces grow until they can be told apart.
const drawFace = (face, { size, opacity, lines }, scale, atRest, photo, isCloseUp) => {
  const side = face.dataset.side * scale;
  const sideAtRest = face.dataset.side * atRest;
  const radius = size * Math.max(radiusOf(sideAtRest), Math.min(radiusOf(side), TOLD_APART));
  const halo = Math.max(0.45, 0.34 * radius);
  const [line, bracket] = [1.05, 1.6].map((least) => Math.max(least, 0.42 * radius));
  const set = (part, values) => {
    const found = face.querySelector(part);
    for (const name in values) found?.setAttribute(name, values[name]);
  };
  set(".halos", { "stroke-width": (line + 1.3 * halo) / scale, opacity: 0.36 * opacity });
  set(".lines", { "stroke-width": line / scale, opacity: 0.82 * opacity });
  set(".marks", { opacity });
  set(".frame > path", { "stroke-width": (bracket + 2 * Math.max(0.8, 0.34 * line)) / scale });
  set(".frame > path + path", { "stroke-width": bracket / scale });
  const hasLines = lines !== "0" && face.querySelector(".lines");
  for (const group of face.querySelectorAll(".marks > g")) drawMarks(group, radius, halo, scale, hasLines);
  const letters = clamp(2.4 * size * radiusOf(side), 7, 24) / scale;
  const [numbers, tag] = [face.querySelector(".numbers"), face.querySelector(".tag")];
  if (numbers) drawNumbers(face, numbers, isCloseUp || side >= 240, letters);
  if (tag) drawTag(tag, clamp(1.2 * Math.sqrt(sideAtRest), 11, 44) / scale, photo);
  return side >= face.dataset.moreFrom;
};

const draw = (host, overlay) => {
  const { width, height, left, top } = overlay.getBoundingClientRect();
  if (!width) return;
  const [shown, photo] = [host.getBoundingClientRect(), overlay.viewBox.baseVal];
  const scale = Math.min(width / photo.width, height / photo.height);
  const atRest = Math.min(host.clientWidth / photo.width, host.clientHeight / photo.height);
  const isCloseUp = host.matches(".close-up");
  const [across, down] = [(width - photo.width * scale) / 2 + left, (height - photo.height * scale) / 2 + top];
  const isInSight = ([x, y, w, h]) =>
    across + (x + 1.5 * w) * scale > shown.left && across + (x - 0.5 * w) * scale < shown.right &&
    down + (y + 1.5 * h) * scale > shown.top && down + (y - 0.5 * h) * scale < shown.bottom;
  const faces = [...overlay.querySelectorAll(".face")];
  const inSight = faces.filter((face) => isCloseUp || isInSight(face.dataset.box.split(" ").map(Number)));
  const needMore = inSight.map((face) => drawFace(face, overlay.dataset, scale, atRest, photo, isCloseUp));
  if (needMore.includes(true) && !isCloseUp) host.dispatchEvent(new Event("coarse"));
};

// Another choice brings another overlay, or the same one in another size.
for (const host of document.querySelectorAll(".stage, .close-up")) {
  const drawAll = () => host.querySelectorAll(".overlay").forEach((overlay) => draw(host, overlay));
  new ResizeObserver(drawAll).observe(host);
  new MutationObserver(drawAll).observe(host.querySelector("[data-part=overlay]") ?? host, { childList: true });
  for (const change of ["zoom", "restyle"]) host.addEventListener(change, drawAll);
}
