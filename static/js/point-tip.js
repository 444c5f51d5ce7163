// Tells what the picked point is: a ring around it in both pictures, a tip outside the box of its face, and a sentence
// for screen readers where it was picked by key.

const form = document.querySelector("#plate");
const stage = form.querySelector("[data-stage]");
const tip = stage.querySelector("[data-tip]");
const told = form.querySelector("[data-told]");
const SVG = "http://www.w3.org/2000/svg";
const GAP = 12;
let point = null;

const frameOf = (overlay) => {
  const [box, view] = [overlay.getBoundingClientRect(), overlay.viewBox.baseVal];
  const scale = Math.min(box.width / view.width, box.height / view.height);
  const left = box.left + box.width / 2 - (view.x + view.width / 2) * scale;
  const top = box.top + box.height / 2 - (view.y + view.height / 2) * scale;
  return { scale, left, top };
};

const made = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  return element;
};

const drawRings = () => {
  document.querySelectorAll(".ring").forEach((ring) => ring.remove());
  const isChosen = point?.face === form.elements.face.value;
  for (const overlay of point ? document.querySelectorAll(isChosen ? ".result .overlay" : ".stage .overlay") : []) {
    const place = { cx: point.x, cy: point.y, r: 7 / frameOf(overlay).scale };
    const ring = made("g", { class: "ring" });
    ring.append(made("circle", { class: "ring-halo", ...place }), made("circle", { class: "ring-light", ...place }));
    overlay.append(ring);
  }
};

// The table has the points of the chosen face; meanings are the same for all.
const words = () => {
  const { region, index, x, y, face, error } = point;
  const cells = document.querySelector(`[data-rows=${region}]`).rows[index + 1].cells;
  const isTold = face === form.elements.face.value;
  const places = isTold ? [2, 3].map((cell) => cells[cell].textContent) : [x - 0.5, y - 0.5].map((each) => each.toFixed(1));
  const name = document.querySelector(`[data-cell=${region}] .legend-name`).textContent;
  return [
    `${name} ${index}`,
    cells[1].firstChild.data.trim(),
    `x ${places[0]}  y ${places[1]}`,
    ...(error ? [`guessed, ± ${Number(error).toFixed(1)} px`] : []),
  ];
};

// Beside the box of the face, else below or above it, else in the corner that is farthest from the point.
const placeTip = () => {
  if (!point) return;
  const { scale, left, top } = frameOf(stage.querySelector(".overlay"));
  const frame = stage.getBoundingClientRect();
  const toStage = (x, y) => [left + x * scale - frame.left, top + y * scale - frame.top];
  const face = stage.querySelector(`.face[data-face="${point.face}"]`).dataset.box.split(" ").map(Number);
  const [l, t] = toStage(face[0] - 0.12 * face[2], face[1] - 0.16 * face[3]);
  const [r, b] = toStage(face[0] + 1.12 * face[2], face[1] + 1.1 * face[3]);
  const [x, y] = toStage(point.x, point.y);
  const { offsetWidth: width, offsetHeight: height } = tip;
  const inside = (value, whole, size) => Math.max(8, Math.min(value, whole - size - 8));
  const beside = [inside(x - width / 2, frame.width, width), inside(y - height / 2, frame.height, height)];
  const free = [
    [r + GAP, beside[1], r + GAP + width < frame.width],
    [l - GAP - width, beside[1], l - GAP - width > 0],
    [beside[0], b + GAP, b + GAP + height < frame.height],
    [beside[0], t - GAP - height, t - GAP - height > 0],
  ].find(([, , hasRoom]) => hasRoom);
  const corner = [x < frame.width / 2 ? frame.width - width - 8 : 8, y < frame.height / 2 ? frame.height - height - 8 : 8];
  const [across, down] = free ?? corner;
  tip.style.transform = `translate(${across}px, ${down}px)`;
};

stage.addEventListener("point", ({ detail }) => {
  point = detail;
  tip.hidden = !point;
  drawRings();
  if (!point) return;
  const [name, meaning, place, ...more] = words();
  const strong = document.createElement("strong");
  strong.textContent = name;
  const line = document.createElement("span");
  line.textContent = [place, ...more].join(" · ");
  tip.replaceChildren(strong, ` · ${meaning}`, line);
  placeTip();
  if (point.isSpoken) told.textContent = [name, meaning, place, ...more].join(", ");
});

for (const change of ["zoom", "restyle"]) {
  stage.addEventListener(change, () => {
    drawRings();
    placeTip();
  });
}
