// The atlas: narrows it down to what is typed or to a region, and highlights a point in drawing, detail and table.

const atlas = document.querySelector("[data-atlas]");
const drawing = atlas.querySelector("svg[role=group]");
const searchField = atlas.querySelector("input[name=q]");
const searchStatus = atlas.querySelector("[data-search-status]");
const chips = [...atlas.querySelectorAll("[data-chip]")];
const sections = [...atlas.querySelectorAll("section[data-region]")];
const rows = [...atlas.querySelectorAll("tr[data-search]")];
const details = [...atlas.querySelectorAll("[data-detail]")];
const points = [...drawing.querySelectorAll("[data-point]")];
const regionOf = (row) => row.closest("section").dataset.region;

// Only one region is shown enlarged.
const showDetail = (region) => {
  for (const detail of details) detail.hidden = detail.dataset.detail !== region;
};

// --- Narrowing down ---

const show = (isWanted, isShown) => {
  for (const row of rows) {
    row.hidden = !isWanted(row);
    for (const point of atlas.querySelectorAll(`a[data-point="${row.id}"]`)) {
      point.classList.toggle("is-dimmed", row.hidden);
    }
  }
  for (const section of sections) {
    const isEmpty = !section.querySelector("tr[id]:not([hidden])");
    section.hidden = isEmpty || !isShown(section);
    for (const path of atlas.querySelectorAll(`path[data-region="${section.dataset.region}"]`)) {
      path.classList.toggle("is-dimmed", isEmpty);
    }
  }
};

const markChip = (chosen) => {
  for (const chip of chips) chip.removeAttribute("aria-current");
  chosen?.setAttribute("aria-current", "true");
};

// An empty name means all regions.
const chooseRegion = (region) => {
  searchField.value = "";
  searchStatus.textContent = "";
  markChip(chips.find((chip) => chip.dataset.chip === region));
  show(() => true, (section) => !region || section.dataset.region === region);
  if (region) showDetail(region);
};

const search = () => {
  const words = searchField.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return chooseRegion("");
  markChip(null);
  show((row) => words.every((word) => row.dataset.search.includes(word)), () => true);
  const found = rows.filter((row) => !row.hidden);
  const regions = new Set(found.map(regionOf));
  if (regions.size === 1) showDetail([...regions][0]);
  searchStatus.textContent = found.length ? `${found.length} of ${rows.length} points` : searchStatus.dataset.nothing;
};

const keepInAddress = (query) => history.replaceState(null, "", query || location.pathname);

searchField.addEventListener("input", () => {
  search();
  const text = searchField.value.trim();
  keepInAddress(text && `?${new URLSearchParams({ q: text })}`);
});

searchField.form.addEventListener("submit", (event) => event.preventDefault());

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  searchField.focus();
});

for (const chip of chips) {
  chip.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    chooseRegion(chip.dataset.chip);
    keepInAddress(chip.getAttribute("href"));
  });
}

// The address of a point shows it, whatever the tables are narrowed down to.
const showAddressed = () => {
  const row = rows.find((each) => `#${each.id}` === location.hash);
  if (!row) return;
  if (row.checkVisibility?.() === false) chooseRegion(regionOf(row));
  row.scrollIntoView({ block: "nearest" });
};

window.addEventListener("hashchange", showAddressed);
showAddressed();

const printButton = document.querySelector("[data-print]");
printButton.hidden = false;
printButton.addEventListener("click", () => window.print());

// --- Highlighting: the point under the pointer, else the focused one, else that of the address ---

const descriptions = new Map(points.map((point) => [point.dataset.point, point.querySelector("title").textContent]));
const nameOf = (element) => element.closest?.("[data-point]")?.dataset.point;
const addressedName = () => points.map((point) => point.dataset.point).find((name) => `#${name}` === location.hash);
const unpointedName = () => nameOf(document.activeElement) ?? addressedName();
let highlighted = [];

const describe = (name) => {
  showDetail(name.slice(0, name.lastIndexOf("-")));
  details.find((detail) => !detail.hidden).querySelector("[data-detail-text]").textContent = descriptions.get(name);
};

const highlight = (name) => {
  for (const each of highlighted) each.classList.remove("is-highlighted");
  highlighted = name ? [...atlas.querySelectorAll(`[data-point="${name}"]`)] : [];
  for (const each of highlighted) each.classList.add("is-highlighted");
  if (descriptions.has(name)) describe(name);
};

atlas.addEventListener("pointerover", ({ target }) => highlight(nameOf(target) ?? unpointedName()));
atlas.addEventListener("focusin", ({ target }) => highlight(nameOf(target) ?? addressedName()));
for (const event of ["pointerleave", "focusout"]) atlas.addEventListener(event, () => highlight(unpointedName()));
window.addEventListener("hashchange", () => highlight(unpointedName()));
highlight(unpointedName());

// --- Walking: the drawing is one stop of the Tab key, in which arrows and brackets move. ---

let current = Math.max(0, points.findIndex((point) => point.dataset.point === addressedName()));
points[current].tabIndex = 0;

const setCurrent = (index) => {
  points[current].tabIndex = -1;
  current = (index + points.length) % points.length;
  points[current].tabIndex = 0;
};

// The first point of the region before or after.
const regionStart = (step) => {
  const starts = points.flatMap((point, index) => (point.dataset.point.endsWith("-0") ? [index] : []));
  const region = starts.findLastIndex((start) => start <= current);
  return starts[(region + step + starts.length) % starts.length];
};

const moves = {
  ArrowRight: () => current + 1,
  ArrowDown: () => current + 1,
  ArrowLeft: () => current - 1,
  ArrowUp: () => current - 1,
  Home: () => 0,
  End: () => points.length - 1,
  "]": () => regionStart(1),
  "[": () => regionStart(-1),
};

// Not on the drawing itself: Chromium would make an svg that listens for focus a stop of its own.
atlas.addEventListener("focusin", ({ target }) => {
  const index = points.indexOf(target);
  if (index >= 0) setCurrent(index);
});

drawing.addEventListener("keydown", (event) => {
  if (!(event.key in moves) || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  setCurrent(moves[event.key]());
  points[current].focus();
});
