// The history: filters apply at once, results are selected by clicks and keys.

import { onKey } from "./controls.js";

// --- Filters ---

const CHANGED_FILTER = "changed-filter";
const filters = document.querySelector("[data-filters]");

filters.addEventListener("change", ({ target }) => {
  if (!target.matches("select")) return;
  // The next page puts the focus back, for those who go through a list by keyboard.
  sessionStorage.setItem(CHANGED_FILTER, target.name);
  filters.requestSubmit();
});

// Empty filters stay out of the address.
filters.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
});

filters.elements[sessionStorage.getItem(CHANGED_FILTER)]?.focus();
sessionStorage.removeItem(CHANGED_FILTER);

// --- Selection: Shift selects a range from the last click on. ---

const boxes = [...document.querySelectorAll("input[name=result]")];
let lastClicked;

const countSelected = () => boxes.filter((box) => box.checked).length;

const showCount = () => {
  const count = countSelected();
  const text = document.querySelector("[data-count]");
  if (text) text.textContent = count ? `${count} selected` : "";
};

document.addEventListener("click", ({ target, shiftKey }) => {
  const index = boxes.indexOf(target);
  if (index < 0) return;
  if (shiftKey && lastClicked !== undefined) {
    const [first, last] = [lastClicked, index].sort((a, b) => a - b);
    for (const box of boxes.slice(first, last + 1)) box.checked = target.checked;
  }
  lastClicked = index;
  showCount();
});

// The boxes are empty only after the event.
document.addEventListener("reset", () => setTimeout(showCount));
window.addEventListener("pageshow", showCount);

// --- Keys: j and k move, x selects, Delete deletes, / searches. ---

const items = boxes.map((box) => box.closest("li"));
const focused = () => items.findIndex((item) => item.contains(document.activeElement));

const move = (step) => {
  const start = step > 0 ? 0 : items.length - 1;
  const item = focused() < 0 ? items[start] : items[focused() + step];
  item?.querySelector("a").focus();
  item?.scrollIntoView({ block: "nearest" });
};

const select = (shiftKey) => {
  boxes[focused()]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
};

// What is selected, or else the focused result.
const remove = () => {
  if (!countSelected()) select(false);
  if (countSelected()) document.querySelector("[data-delete]").click();
};

const actions = {
  j: () => move(1),
  k: () => move(-1),
  x: () => select(false),
  X: () => select(true),
  Delete: remove,
  "/": () => filters.elements.words.focus(),
};

onKey((name) => actions[name]);
