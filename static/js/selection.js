// Results are selected one by one, as a page, or as all that match the filters.

import { isTyping } from "./controls.js";

export const boxes = [...document.querySelectorAll("input[name=result]")];
const page = document.querySelector("[data-select-page]");
const all = document.querySelector("[data-select-all]");
const compare = document.querySelector("[data-compare]");
let lastClicked;

const countChecked = () => boxes.filter((box) => box.checked).length;
export const hasSelection = () => countChecked() > 0;

const show = () => {
  if (!page) return;
  const count = countChecked();
  const isAll = Boolean(all?.checked);
  page.checked = count === boxes.length;
  page.indeterminate = count > 0 && !page.checked;
  const selected = isAll ? `All ${all.dataset.selectAll} selected` : `${count} selected`;
  const onPage = isAll ? `All ${all.dataset.selectAll} are selected` : `${count} on this page selected`;
  compare.disabled = isAll || count < compare.dataset.fewest || count > compare.dataset.most;
  document.querySelector("[data-count]").textContent = count ? selected : "";
  document.querySelector("[data-select-text]").textContent = count ? onPage : "Select this page";
  document.querySelector("[data-select-bar]").classList.toggle("is-set", count > 0);
};

const setPage = (isSelected) => {
  for (const box of boxes) box.checked = isSelected;
  if (all && !isSelected) all.checked = false;
  show();
};

const setAll = () => {
  if (!all) return;
  all.checked = true;
  setPage(true);
};

export const clear = () => setPage(false);

// Shift selects a range from the last click on.
document.addEventListener("click", ({ target, shiftKey }) => {
  const index = boxes.indexOf(target);
  if (index < 0) return;
  if (shiftKey && lastClicked !== undefined) {
    const [first, last] = [lastClicked, index].sort((a, b) => a - b);
    for (const box of boxes.slice(first, last + 1)) box.checked = target.checked;
  }
  lastClicked = index;
  if (all && !target.checked) all.checked = false;
  show();
});

page?.addEventListener("change", () => setPage(page.checked));
all?.addEventListener("change", () => (all.checked ? setAll() : show()));

// Enter in a box would press the first button that is not disabled.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && boxes.includes(event.target)) event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.key !== "a" || !boxes.length || isTyping(event)) return;
  event.preventDefault();
  if (page.checked) setAll();
  else setPage(true);
});

// The boxes are empty only after the event.
document.addEventListener("reset", () => setTimeout(show));
window.addEventListener("pageshow", show);
