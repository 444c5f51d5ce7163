// The panel of measures beside the photo: the page of measures in place of the close-up, and on the face what a row
// measures. It is loaded when it is opened for the first time.

import { keep, withQuery } from "./address.js";
import { onKey } from "./controls.js";
import { PARTS_REPLACED, PHOTO_ZOOMED } from "./events.js";
import { boxOf, frameOf } from "./overlay-scale.js";

const form = document.querySelector("#viewer");
const stage = form.querySelector("[data-stage]");
const result = document.querySelector(".result");
const tab = document.querySelector("[data-measures]");
const faceTab = tab.previousElementSibling;
const panel = document.createElement("div");
const OPEN = "shows-measures";
const UNIT = "measures-unit";
const RADIUS = 4.6;
const RING = 1.8;
const LINE = 2;
const HALO = 2.4;
const CHIP = { height: 26, text: 14, padding: 10, gap: 10, corner: 8, margin: 8 };
let drawings = {};
let active = null;
let request = new AbortController();

panel.className = "measures-panel";
tab.closest(".rail").append(panel);

const isOpen = () => result.classList.contains(OPEN);
const rows = () => [...panel.querySelectorAll("[data-measure]")];
const rowOf = (name) => panel.querySelector(`[data-measure=${name}]`);

// --- The unit is remembered, where the browser allows it ---

const remembered = () => {
  try {
    return localStorage.getItem(UNIT);
  } catch {
    return null;
  }
};

const remember = (unit) => {
  try {
    localStorage.setItem(UNIT, unit);
  } catch {
    // Then it is px the next time.
  }
};

// --- The panel's contents ---

const withStyle = (page) =>
  new Promise((resolve) => {
    const style = document.importNode(page.querySelector("[data-style]"));
    if (document.querySelector("[data-style]")) return resolve();
    style.addEventListener("load", resolve);
    style.addEventListener("error", resolve);
    document.head.append(style);
  });

const load = async () => {
  request.abort();
  request = new AbortController();
  const query = { face: form.elements.face.value, unit: remembered() };
  try {
    const response = await fetch(withQuery(tab.href, query), { signal: request.signal });
    if (!response.ok) throw new Error(response.statusText);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    await withStyle(page);
    const focused = document.activeElement;
    const focusedRow = panel.contains(focused) ? nameAt(focused) : null;
    const atUnits = panel.querySelector("[data-units]")?.contains(focused);
    panel.replaceChildren(page.querySelector("[data-part=measures]"));
    drawings = JSON.parse(panel.querySelector("#measures-drawings").textContent);
    for (const row of rows()) row.setAttribute("aria-label", row.dataset.sentence);
    focusable(0);
    if (atUnits) panel.querySelector("[name=unit]:checked").focus({ preventScroll: true });
    if (focusedRow) focusRow(rows().indexOf(rowOf(focusedRow)), { preventScroll: true });
    show(active);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(withQuery(tab.href, query));
  }
};

// --- What a row measures, on the face ---

const draw = (name, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const drawLine = ([[x1, y1], [x2, y2]], width, more = {}) =>
  draw("line", { x1, y1, x2, y2, "stroke-width": width, stroke: "#FFFFFF", "stroke-linecap": "round", ...more });

const dark = { stroke: "#14110F", opacity: 0.8 };
const clamp = (value, least, most) => Math.max(least, Math.min(value, most));

// Beside the face, but within what is seen of the photo.
const drawChip = (group, { text, side, at: [x, y] }, [left, , width], { scale, seen }) => {
  const px = (length) => length / scale;
  const label = draw("text", { "font-size": px(CHIP.text), "dominant-baseline": "central", fill: "#F7F2EA" });
  label.textContent = text;
  group.append(label);
  const [across, height] = [label.getComputedTextLength() + px(2 * CHIP.padding), px(CHIP.height)];
  const beside = side === "left" ? left - px(CHIP.gap) - across : left + width + px(CHIP.gap);
  const chipLeft = clamp(beside, seen.left + px(CHIP.margin), seen.right - px(CHIP.margin) - across);
  const middle = clamp(y, seen.top + height, seen.bottom - height);
  const edge = side === "left" ? chipLeft + across : chipLeft;
  const dashes = { "stroke-dasharray": `${px(3)} ${px(5)}` };
  const box = { x: chipLeft, y: middle - height / 2, width: across, height, rx: px(CHIP.corner), fill: "#26221F" };
  label.before(drawLine([[edge, middle], [x, y]], px(1.5), dashes), draw("rect", box));
  label.setAttribute("x", chipLeft + px(CHIP.padding));
  label.setAttribute("y", middle);
};

const drawMeasure = () => {
  const overlay = stage.querySelector(".overlay");
  const drawing = isOpen() && active ? drawings[active] : null;
  overlay.querySelector(".measured")?.remove();
  overlay.classList.toggle("is-measured", Boolean(drawing));
  if (!drawing) return;
  const { scale, left, top } = frameOf(overlay);
  const frame = stage.getBoundingClientRect();
  const seen = { left: frame.left - left, right: frame.right - left, top: frame.top - top, bottom: frame.bottom - top };
  for (const side of Object.keys(seen)) seen[side] /= scale;
  const group = draw("g", { class: "measured" });
  overlay.append(group);
  const circles = (width, more) =>
    drawing.points.map(([cx, cy]) =>
      draw("circle", { cx, cy, r: RADIUS / scale, fill: "none", "stroke-width": width / scale, stroke: "#FFFFFF", ...more }),
    );
  group.append(
    ...drawing.segments.map((segment) => drawLine(segment, (LINE + HALO) / scale, dark)),
    ...circles(RING + HALO, dark),
    ...drawing.segments.map((segment) => drawLine(segment, LINE / scale)),
    ...circles(RING),
  );
  const face = boxOf(overlay.querySelector(`.face[data-face="${form.elements.face.value}"]`));
  for (const chip of drawing.chips) drawChip(group, chip, face, { scale, seen });
};

const show = (name) => {
  active = name;
  const definition = panel.querySelector("[data-shown-definition]");
  for (const row of rows()) row.classList.toggle("is-active", row.dataset.measure === name);
  definition.hidden = !name;
  definition.textContent = name ? rowOf(name).dataset.definition : "";
  drawMeasure();
};

// --- Rows ---

// One row is reached by Tab, the others from there by arrows.
const focusable = (index) => {
  const all = rows();
  const chosen = all[clamp(index, 0, all.length - 1)];
  for (const row of all) row.tabIndex = row === chosen ? 0 : -1;
  return chosen;
};

const focusRow = (index, options) => focusable(index).focus(options);

const nameAt = (target) => target.closest("[data-measure]")?.dataset.measure;

panel.addEventListener("focusin", ({ target }) => nameAt(target) && show(nameAt(target)));

panel.addEventListener("pointerover", ({ target, pointerType }) => {
  const name = nameAt(target);
  if (pointerType === "mouse" && name && name !== active) show(name);
});

panel.addEventListener("click", ({ target }) => {
  const name = nameAt(target);
  if (name) focusRow(rows().indexOf(rowOf(name)));
});

panel.addEventListener("keydown", (event) => {
  const [at, last] = [rows().indexOf(event.target), rows().length - 1];
  if (at < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  focusRow(to);
});

panel.addEventListener("change", ({ target }) => {
  if (target.name !== "unit") return;
  remember(target.value);
  load();
});

// --- Open and closed ---

const setOpen = (opens) => {
  result.classList.toggle(OPEN, opens);
  for (const [link, isCurrent] of [[tab, opens], [faceTab, !opens]]) {
    if (isCurrent) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  keep({ tab: opens ? "measures" : null });
};

const close = () => {
  const hadFocus = panel.contains(document.activeElement) || document.activeElement === tab;
  setOpen(false);
  drawMeasure();
  if (hadFocus) faceTab.focus();
};

export const open = async (byKey) => {
  if (!isOpen()) {
    await load();
    setOpen(true);
    document.querySelector("[data-zoom=face]").click();
  }
  if (byKey) focusRow(rows().findIndex((row) => !row.tabIndex));
};

const nextUnit = () => {
  const units = [...panel.querySelectorAll("[name=unit]:enabled")];
  units[(units.findIndex((unit) => unit.checked) + 1) % units.length].click();
};

faceTab.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || !isOpen()) return;
  event.preventDefault();
  close();
});

onKey((name) => isOpen() && { u: nextUnit, Escape: close }[name]);

for (const name of [PHOTO_ZOOMED, PARTS_REPLACED]) stage.addEventListener(name, drawMeasure);
stage.addEventListener(PARTS_REPLACED, ({ detail: parts }) => isOpen() && parts.includes("heading") && load());
new ResizeObserver(drawMeasure).observe(stage);
