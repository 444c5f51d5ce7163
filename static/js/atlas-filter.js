// Narrows the atlas down while words are typed or a region is chosen, and keeps the choice in the address.

const atlas = document.querySelector("[data-atlas]");
const field = atlas.querySelector("input[name=q]");
const told = atlas.querySelector("[data-found]");
const chips = [...atlas.querySelectorAll("[data-chip]")];
const tables = [...atlas.querySelectorAll("[data-region]:has(table)")];
const rows = [...atlas.querySelectorAll("tr[data-words]")];
const regionOf = (row) => row.closest("[data-region]").dataset.region;

const enlarge = (name) => {
  for (const detail of atlas.querySelectorAll("[data-detail]")) detail.hidden = detail.dataset.detail !== name;
};

const show = (isWanted, isShown) => {
  for (const row of rows) {
    row.hidden = !isWanted(row);
    for (const spot of atlas.querySelectorAll(`.spot[data-point="${row.id}"]`)) {
      spot.classList.toggle("is-dim", row.hidden);
    }
  }
  for (const table of tables) {
    const isEmpty = !table.querySelector("tr[id]:not([hidden])");
    table.hidden = isEmpty || !isShown(table);
    for (const path of atlas.querySelectorAll(`path[data-region="${table.dataset.region}"]`)) {
      path.classList.toggle("is-dim", isEmpty);
    }
  }
};

const mark = (chip) => {
  for (const each of chips) each.removeAttribute("aria-current");
  chip?.setAttribute("aria-current", "true");
};

const choose = (region) => {
  field.value = "";
  told.textContent = "";
  mark(chips.find((chip) => chip.dataset.chip === region));
  show(() => true, (table) => !region || table.dataset.region === region);
  if (region) enlarge(region);
};

const search = () => {
  const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return choose("");
  mark(null);
  show((row) => words.every((word) => row.dataset.words.includes(word)), () => true);
  const found = rows.filter((row) => !row.hidden);
  const regions = new Set(found.map(regionOf));
  if (regions.size === 1) enlarge([...regions][0]);
  told.textContent = found.length ? `${found.length} of ${rows.length} points` : told.dataset.nothing;
};

const remember = (query) => history.replaceState(null, "", query || location.pathname);

field.addEventListener("input", () => {
  search();
  const text = field.value.trim();
  remember(text && `?${new URLSearchParams({ q: text })}`);
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.target.matches("input") || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  field.focus();
});
field.form.addEventListener("submit", (event) => event.preventDefault());

for (const chip of chips) {
  chip.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(chip.dataset.chip);
    remember(chip.getAttribute("href"));
  });
}

// An address that leads to a point shows it, whatever the tables are narrowed down to.
const follow = () => {
  const row = rows.find((each) => `#${each.id}` === location.hash);
  if (!row) return;
  if (row.checkVisibility?.() === false) choose(regionOf(row));
  row.scrollIntoView({ block: "nearest" });
};
window.addEventListener("hashchange", follow);
follow();

const print = document.querySelector("[data-print]");
print.hidden = false;
print.addEventListener("click", () => window.print());
