// Draws marks, lines and numbers in the size that the photo really has on the page.
// The formula is that of docs/points.md and landmarks/drawing/geometry.py; a browser test compares the two.

const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

const drawMarks = (group, radius, halo, scale, hasLines) => {
  const { region } = group.dataset;
  const isTiny = radius < 0.95;
  const drawn = isTiny ? 0.75 : region === "face_profile" ? 0.92 * radius : radius;
  group.setAttribute("display", isTiny && hasLines && !region.endsWith("pupil") ? "none" : "inline");
  group.setAttribute("stroke-width", (2 * halo) / drawn);
  for (const use of group.children) {
    const kind = use.getAttribute("href").startsWith("#guess") ? "guess" : "mark";
    use.setAttribute("href", `#${kind}-${radius < 2.1 ? "face_profile" : region}`);
    use.transform.baseVal[1].setScale(drawn / scale, drawn / scale);
  }
};

// Each number grows around its point, so that it stays beside it.
const drawNumbers = (face, side, letters) => {
  const numbers = face.querySelector(".numbers");
  numbers.setAttribute("display", side < 240 ? "none" : "inline");
  const factor = letters / numbers.getAttribute("font-size");
  const points = face.querySelectorAll("use");
  for (const [index, text] of [...numbers.children].entries()) {
    const { e, f } = points[index].transform.baseVal[0].matrix;
    text.setAttribute("transform", `translate(${e * (1 - factor)} ${f * (1 - factor)}) scale(${factor})`);
  }
};

// The tag stands on its lower left corner, as far as it then stays in the photo.
const drawTag = (tag, letters, photo) => {
  const [plate, text] = tag.children;
  const factor = letters / text.getAttribute("font-size");
  const { x, y, width, height } = plate.getBBox();
  const left = clamp(x, 0, photo.width - factor * width);
  const top = clamp(y + height * (1 - factor), 0, photo.height - factor * height);
  tag.setAttribute("transform", `translate(${left - factor * x} ${top - factor * y}) scale(${factor})`);
};

const drawFace = (face, size, scale, photo) => {
  const side = face.dataset.side * scale;
  const radius = size * clamp(Math.min(0.0125 * side, 0.2 * Math.sqrt(side)), 0.55, 9);
  const halo = Math.max(0.45, 0.34 * radius);
  const line = Math.max(1.05, 0.42 * radius);
  const bracket = Math.max(1.6, line);
  const stroke = (part, width) => face.querySelector(part)?.setAttribute("stroke-width", width / scale);
  stroke(".halos", line + 1.3 * halo);
  stroke(".lines", line);
  stroke(".frame > path", bracket + 2 * Math.max(0.8, 0.34 * line));
  stroke(".frame > path + path", bracket);
  const hasLines = face.querySelector(".lines") !== null;
  for (const group of face.querySelectorAll(".marks > g")) drawMarks(group, radius, halo, scale, hasLines);
  if (face.querySelector(".numbers")) drawNumbers(face, side, clamp(2.4 * radius, 7, 24) / scale);
  if (face.querySelector(".tag")) {
    drawTag(face.querySelector(".tag"), clamp(1.2 * Math.sqrt(side), 11, 44) / scale, photo);
  }
};

const draw = (stage) => {
  const overlay = stage.querySelector(".overlay");
  const scale = overlay.getScreenCTM().a;
  for (const face of overlay.children) drawFace(face, overlay.dataset.size, scale, overlay.viewBox.baseVal);
};

for (const stage of document.querySelectorAll(".stage")) {
  new ResizeObserver(() => draw(stage)).observe(stage);
  // Another choice brings another overlay.
  new MutationObserver(() => draw(stage)).observe(stage, { childList: true });
}
