// Shows each choice at once and keeps it in the address. What is drawn already is only shown or hidden, by the
// stylesheet; for the rest the page of that choice is fetched, and its parts taken over, so that focus and zoom stay.

const form = document.querySelector("#plate");
const stage = form.querySelector("[data-stage]");
const regions = [...form.querySelectorAll("[name=regions][type=checkbox]")];
const field = (name) => form.querySelector(`[name=${name}]:not([type=hidden])`);
const isOn = (name) => field(name).checked;
const part = (name, page = document) => page.querySelector(`[data-part=${name}]`);
const closeUp = part("close-up");
const links = [...document.querySelectorAll("[data-view]")];
let drawnColour = field("colour").value;
let asked = new AbortController();
let zoom = null;
const shown = () => regions.filter((box) => box.checked).map((box) => box.value);
const unless = (standard, value) => (value === standard ? null : value);

const choices = () => ({
  regions: shown().length === regions.length ? null : shown().join(),
  points: isOn("points") ? null : 0,
  lines: isOn("lines") ? null : 0,
  labels: isOn("labels") ? 1 : null,
  size: unless("1", field("size").value),
  opacity: unless("1", field("opacity").value),
  colour: unless("region", field("colour").value),
});

const address = (href, chosen) => {
  const url = new URL(href, location);
  for (const [name, value] of Object.entries(chosen)) {
    url.searchParams.delete(name);
    if (value !== null) url.searchParams.append(name, value);
  }
  url.search = url.search.replaceAll("%2C", ",");
  return url;
};

// What else the address says stays, such as the filters of the history.
const here = (more) => address(location.href, { ...choices(), face: unless("1", form.elements.face.value), ...more });

const tell = () => {
  history.replaceState(history.state, "", here());
  const chosen = choices();
  for (const link of links) link.href = address(link.href, chosen);
};

const restyle = () => {
  const style = { size: field("size").value, opacity: field("opacity").value, lines: `${Number(isOn("lines"))}` };
  for (const host of [stage, closeUp]) {
    const { dataset } = host.querySelector(".overlay");
    if (Object.keys(style).every((name) => dataset[name] === style[name])) continue;
    Object.assign(dataset, style);
    host.dispatchEvent(new Event("restyle"));
  }
};

// Everything is asked for, since what is not wanted can be hidden; but tiny faces have either lines or points.
const fetchParts = async (names) => {
  asked.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(here({ regions: null, points: null, zoom }), { signal: asked.signal });
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const name of names) part(name).replaceChildren(...part(name, page).childNodes);
    drawnColour = field("colour").value;
    restyle();
    stage.dispatchEvent(new CustomEvent("redrawn", { detail: names }));
  } catch (error) {
    if (error.name !== "AbortError") location.assign(here());
  }
};

const isDrawn = () => {
  const has = (selector) => !shown().length || closeUp.querySelector(selector) !== null;
  return (
    drawnColour === field("colour").value && shown().every((name) => has(`[data-region=${name}]`)) &&
    (!isOn("points") || has(".marks")) && (!isOn("labels") || has(".numbers")) &&
    (isOn("lines") ? has(".lines") : !stage.querySelector("[data-more-from]"))
  );
};

form.addEventListener("change", () => {
  tell();
  restyle();
  if (!isDrawn()) fetchParts(["overlay", "close-up", "colour-keys"]);
});
form.addEventListener("input", restyle);
form.addEventListener("face", () => {
  tell();
  fetchParts(["overlay", "close-up", "colour-keys", "heading", "figures", "table"]);
});

stage.addEventListener("coarse", () => {
  if (zoom) return;
  zoom = 64;
  fetchParts(["overlay"]);
});

tell();
