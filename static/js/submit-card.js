// Makes the submit form quicker: what is chosen or dropped anywhere is sent at once, and the wait is told.

const card = document.querySelector("[data-submit-card]");
const field = card.querySelector("input[type=file]");
const status = card.querySelector("[data-busy]");
const button = card.querySelector("[data-busy-label]");
const idleLabel = button?.textContent;
const place = card.querySelector("[data-drop-place]");
let isBusy = false;
let depth = 0;

const show = (busy, text = "") => {
  isBusy = busy;
  card.classList.toggle("is-busy", busy);
  card.setAttribute("aria-busy", String(busy));
  status.textContent = text;
  if (button) {
    button.disabled = busy;
    button.textContent = busy ? button.dataset.busyLabel : idleLabel;
  }
};

card.addEventListener("submit", (event) => {
  if (isBusy) {
    event.preventDefault();
    return;
  }
  const count = event.submitter?.name === "sample" ? 1 : field.files.length;
  show(true, count > 1 ? `Analysing ${count} photos …` : "Analysing the photo …");
});

// Coming back by the browser's button shows the page as it was left, with files that were sent already.
window.addEventListener("pageshow", () => {
  show(false);
  field.value = "";
});

field.addEventListener("change", () => {
  if (field.files.length) card.requestSubmit();
});

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
const mark = (inside) => {
  depth = inside;
  document.documentElement.classList.toggle("is-dropping", depth > 0);
};

window.addEventListener("dragenter", (event) => carriesFiles(event) && mark(depth + 1));
window.addEventListener("dragleave", (event) => carriesFiles(event) && mark(Math.max(0, depth - 1)));
window.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
window.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  mark(0);
  if (isBusy || !event.dataTransfer.files.length) return;
  field.files = event.dataTransfer.files;
  card.requestSubmit();
});

place.textContent = "anywhere on this page";
