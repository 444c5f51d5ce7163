// Applies each option at once and keeps it in the address. The stylesheet shows and hides what is drawn already; for the
// rest, the page is fetched with these options and its parts are replaced, so that focus and zoom stay.

import { inAddress, keep, withQuery } from "./address.js";
import { FACE_CHOSEN, OVERLAY_RESTYLED, OVERLAY_TOO_COARSE, PARTS_REPLACED, send } from "./events.js";
import { LARGEST_ZOOM, update } from "./viewer-data.js";

const form = document.querySelector("#viewer");
const stage = form.querySelector("[data-stage]");
const closeUp = document.querySelector("[data-overlays=close-up]");
const regionBoxes = [...form.querySelectorAll("[name=regions][type=checkbox]")];
const regionLinks = [...form.querySelectorAll("[data-regions]")];
const result = document.querySelector(".result");
const guessedLink = document.querySelector("[data-guessed]");
const viewLinks = [...document.querySelectorAll("[data-view]")];
const DRAWINGS = ["overlay", "close-up", "colour-keys"];
const COUNTS = regionBoxes.map((box) => `count-${box.value}`);
const FACE_PARTS = [...DRAWINGS, ...COUNTS, "heading", "measurements", "table", "crop"];
const HIDES_GUESSED = "without-guessed";

// Hidden fields of the same names precede them, for a form that is sent without this script.
const field = (name) => form.querySelector(`[name=${name}]:not([type=hidden])`);
const isOn = (name) => field(name)?.checked ?? false; // only some results have a mesh
const shownRegions = () => regionBoxes.filter((box) => box.checked).map((box) => box.value);

// --- The address ---

const orNull = (value, standard) => (value === standard ? null : value);

// Browsers write the same number in different ways.
const factor = (name) => orNull(Number(field(name).value), 1);

const viewOptions = () => ({
  regions: orNull(shownRegions().join(), regionBoxes.map((box) => box.value).join()),
  points: isOn("points") ? null : 0,
  lines: isOn("lines") ? null : 0,
  labels: isOn("labels") ? 1 : null,
  mesh: isOn("mesh") ? 1 : null,
  guessed: result.classList.contains(HIDES_GUESSED) ? 0 : null,
  size: factor("size"),
  opacity: factor("opacity"),
  colour: orNull(field("colour").value, "region"),
});

const addressOf = (more) =>
  withQuery(location.href, { ...viewOptions(), face: orNull(form.elements.face.value, "1"), ...more });

const keepInAddress = () => {
  keep({ ...viewOptions(), face: orNull(form.elements.face.value, "1") });
  for (const link of viewLinks) link.href = withQuery(link.href, viewOptions());
};

// --- The drawing ---

let drawnColour = field("colour").value;
let drawnLines = isOn("lines");
let request = new AbortController();
let drawnZoom = null;

const restyle = () => {
  const style = { size: field("size").value, opacity: field("opacity").value, lines: isOn("lines") ? "1" : "0" };
  for (const host of [stage, closeUp]) {
    const { dataset } = host.querySelector(".overlay");
    if (Object.keys(style).every((name) => dataset[name] === style[name])) continue;
    Object.assign(dataset, style);
    send(host, OVERLAY_RESTYLED);
  }
};

const replaceParts = (page, names) => {
  const part = (root, name) => root.querySelector(`[data-part=${name}]`);
  update(page);
  for (const name of names) part(document, name).replaceChildren(...part(page, name).childNodes);
  drawnColour = field("colour").value;
  drawnLines = isOn("lines");
  restyle();
  send(stage, PARTS_REPLACED, names);
};

// Everything is drawn, since what is not wanted can be hidden; only tiny faces have either lines or points.
const fetchParts = async (names) => {
  request.abort();
  request = new AbortController();
  const address = addressOf({ regions: null, points: null, zoom: drawnZoom });
  try {
    const response = await fetch(address, { signal: request.signal });
    if (!response.ok) throw new Error(response.statusText);
    replaceParts(new DOMParser().parseFromString(await response.text(), "text/html"), names);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(addressOf());
  }
};

const isDrawn = () => {
  const shown = shownRegions();
  const has = (selector) => shown.length === 0 || closeUp.querySelector(selector) !== null;
  return (
    drawnColour === field("colour").value &&
    shown.every((name) => has(`[data-region=${name}]`)) &&
    (!isOn("points") || has(".marks")) &&
    (!isOn("labels") || has(".numbers")) &&
    (!isOn("mesh") || has(".mesh")) &&
    (isOn("lines") ? drawnLines : !stage.querySelector("[data-more-from]"))
  );
};

const showChoices = () => {
  keepInAddress();
  restyle();
  labelRegionLinks();
  if (!isDrawn()) fetchParts(DRAWINGS);
};

// Points of another scheme are another page.
form.addEventListener("change", ({ target }) => {
  if (target.name === "scheme") location.assign(withQuery(addressOf(), { scheme: target.value || null }));
  else showChoices();
});
form.addEventListener("input", restyle);

stage.addEventListener(OVERLAY_TOO_COARSE, () => {
  if (drawnZoom) return;
  drawnZoom = LARGEST_ZOOM;
  fetchParts(["overlay"]);
});

keepInAddress();

// --- One region alone, all of them or none, by the links that do the same without this script ---

// A region that is shown alone, or a legend without regions, goes back to all of them.
const goesBack = (link) => shownRegions().join() === link.dataset.regions;

const labelRegionLinks = () => {
  for (const link of regionLinks) {
    const [there, back] = link.dataset.regions ? ["Only", "All"] : ["Hide all", "Show all"];
    link.firstChild.data = goesBack(link) ? back : there;
  }
};

for (const link of regionLinks) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const showsAll = goesBack(link);
    for (const box of regionBoxes) box.checked = showsAll || box.value === link.dataset.regions;
    showChoices();
  });
}

guessedLink?.addEventListener("click", (event) => {
  event.preventDefault();
  guessedLink.textContent = result.classList.toggle(HIDES_GUESSED) ? "Show them" : "Hide them";
  keepInAddress();
});

// --- Another face ---

stage.addEventListener(FACE_CHOSEN, ({ detail: number }) => {
  form.elements.face.value = number;
  keepInAddress();
  fetchParts(FACE_PARTS);
});

// --- The panel of measures ---

const measures = document.querySelector("[data-measures]");

measures.addEventListener("click", async (event) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  (await import("./measures.js")).open(!event.detail);
});

if (inAddress("tab")) measures.click();

// --- The panel with text ---

const panels = [...document.querySelectorAll("[name=panel]")];

for (const panel of panels) {
  panel.addEventListener("change", () => keep({ panel: orNull(panel.value, panels[0].value) }));
}

// --- The viewer over the whole screen: its styles are fetched before they are wanted, if possible, and its script then. ---

const fullButton = form.querySelector("[data-zoom=full]");

fullButton.hidden = !document.fullscreenEnabled;

for (const type of ["pointerenter", "focus", "click"]) {
  fullButton.addEventListener(type, () => { document.querySelector("[data-full-style]").disabled = false; });
}

// Browsers heed the request within the click alone.
fullButton.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else form.requestFullscreen();
});

document.addEventListener("fullscreenchange", () => import("./full-screen.js"), { once: true });
