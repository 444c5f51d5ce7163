// Lists what is chosen, by whichever way it comes in: "photos-chosen" brings files, "address-chosen" an address.

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const pattern = card.querySelector("[data-row-pattern]");
const field = card.querySelector("input[type=file]");
const address = card.querySelector("[data-address]");
const limits = {
  maxBytes: rows.dataset.maxMb * 2 ** 20,
  largeWords: rows.dataset.largeWords,
  emptyWords: rows.dataset.emptyWords,
};
const MOST = 200;
const FAILED = ["refused", "unfit", "cancelled"];

const tell = (words) => document.dispatchEvent(new CustomEvent("submit-told", { detail: words }));
const ready = () => [...rows.children].some((row) => row.state === "ready");

const add = () => {
  rows.append(pattern.content.cloneNode(true));
  return rows.lastElementChild;
};

document.addEventListener("photos-chosen", ({ detail: files }) => {
  const room = Math.max(0, MOST - rows.children.length);
  const last = rows.lastElementChild;
  for (const file of files.slice(0, room)) add().holdFile(file, limits);
  tell(files.length > room ? `The list holds ${MOST} photos. Send these first, then choose the others.` : "");
  (last ? last.nextElementSibling : rows)?.scrollIntoView({ block: "nearest" });
});

field.addEventListener("change", () => {
  const chosen = new CustomEvent("photos-chosen", { detail: [...field.files] });
  field.value = "";
  if (chosen.detail.length) document.dispatchEvent(chosen);
});

// Coming back by the browser's button may fill the field with photos that were sent already.
window.addEventListener("pageshow", () => {
  field.value = "";
});

document.addEventListener("address-chosen", ({ detail: found }) => {
  address.value = found;
  address.focus();
  tell("");
});

// Beside chosen photos an address joins the list; alone it is sent at once, since there is nothing to look at before.
const takeAddress = () => {
  const typed = address?.value.trim();
  if (!typed) {
    tell(rows.dataset.nothingWords);
    address?.focus();
    return;
  }
  for (const row of [...rows.children]) if (row.address && FAILED.includes(row.state)) row.remove();
  const joins = ready();
  add().holdAddress(typed, joins ? "ready" : "waiting");
  if (joins) address.value = "";
  tell("");
};

card.addEventListener("submit", (event) => {
  event.preventDefault();
  const { submitter } = event;
  if (submitter?.name !== "sample") takeAddress();
  else if (submitter.getAttribute("aria-busy") !== "true") add().holdSample(submitter);
});

const remove = (row) => {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  rows.dispatchEvent(new CustomEvent("row-changed", { bubbles: true }));
  (next?.querySelector(".row-actions > :not([hidden])") ?? field).focus();
};

rows.addEventListener("click", (event) => {
  const act = event.target.closest("[data-act]")?.dataset.act;
  const row = event.target.closest("photo-row");
  if (act === "remove") remove(row);
  if (act === "retry") row.show("waiting", "Waiting", 0);
  if (act === "cancel") row.dispatchEvent(new CustomEvent("row-cancel", { bubbles: true }));
});
