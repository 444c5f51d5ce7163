// The history: filters apply at once, and keys move through the results.

import { onKey } from "./controls.js";
import { boxes, clear, hasSelection } from "./selection.js";

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

// --- Keys: j and k move, x selects, Escape clears, Delete deletes, / searches; Ctrl+A is in selection.js. ---

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
  if (!hasSelection()) select(false);
  if (hasSelection()) document.querySelector("[data-delete]").click();
};

const actions = {
  j: () => move(1),
  k: () => move(-1),
  x: () => select(false),
  X: () => select(true),
  Delete: remove,
  "/": () => filters.elements.words.focus(),
};

onKey((name) => (name === "Escape" && hasSelection() ? clear : actions[name]));
