// Keys of the history: j and k walk, x selects, Delete deletes, / searches.

const sheet = document.querySelector("#shortcuts");
const cards = [...document.querySelectorAll(".result-card")];
const current = () => cards.indexOf(document.activeElement.closest("li")?.querySelector(".result-card"));

const walk = (step) => {
  const at = current();
  const next = at < 0 ? cards[step > 0 ? 0 : cards.length - 1] : cards[at + step];
  next?.focus();
  next?.closest("li").scrollIntoView({ block: "nearest" });
};

const select = (shiftKey) => {
  const tick = cards[current()]?.closest("li").querySelector(".tick");
  tick?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
};

// What is selected; if nothing is, the result that has the focus.
const remove = () => {
  if (!document.querySelector(".tick:checked")) select(false);
  if (document.querySelector(".tick:checked")) document.querySelector("[data-delete]").click();
};

const keys = {
  j: () => walk(1),
  k: () => walk(-1),
  x: () => select(false),
  X: () => select(true),
  Delete: remove,
  "/": () => document.querySelector("#words").focus(),
};

const isTyping = (target) => target.matches("input:not([type=checkbox]), select, textarea");

document.addEventListener("keydown", (event) => {
  const act = keys[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || sheet.open || isTyping(event.target)) return;
  event.preventDefault();
  act();
});
