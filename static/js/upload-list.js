// The list of chosen photos: how photos get into it and out of it, its progress, and its buttons.

import { ROW_CHANGED, send } from "./events.js";
import "./upload-queue.js";
import { RUNNING } from "./upload-row.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const template = card.querySelector("[data-row-template]");
const fileField = card.querySelector("input[type=file]");
const addressField = card.querySelector("[data-address]");
const status = card.querySelector("[data-status]");
const MOST_ROWS = 200;
const FAILED = ["refused", "invalid", "cancelled"];
const limits = {
  maxBytes: rows.dataset.maxMb * 2 ** 20,
  tooLarge: rows.dataset.tooLarge,
  empty: rows.dataset.empty,
};

export const showStatus = (text) => {
  status.textContent = text;
};

const count = (...states) => [...rows.children].filter((row) => states.includes(row.state)).length;

// --- Into the list and out of it ---

const addRow = () => {
  rows.append(template.content.cloneNode(true));
  return rows.lastElementChild;
};

// Why the chosen engine takes no files, if it takes none.
const noFiles = () => card.querySelector("[data-no-files]:is([data-checked], :has(:checked))")?.dataset.noFiles;

export const addFiles = (files, remark = "") => {
  const reason = noFiles();
  if (reason) {
    showStatus(reason);
    return;
  }
  const free = Math.max(0, MOST_ROWS - rows.children.length);
  const last = rows.lastElementChild;
  for (const file of files.slice(0, free)) addRow().setFile(file, limits);
  const isFull = files.length > free;
  const full = isFull ? `The list holds ${MOST_ROWS} photos. Send these first, then choose the others.` : "";
  showStatus([full, remark].filter(Boolean).join(" "));
  (last ? last.nextElementSibling : rows)?.scrollIntoView({ block: "nearest" });
};

fileField.addEventListener("change", () => {
  const files = [...fileField.files];
  fileField.value = "";
  if (files.length) addFiles(files);
});

// The browser's Back button may fill the field with photos that were sent already.
window.addEventListener("pageshow", () => {
  fileField.value = "";
});

// Some pages take no addresses.
export const takesAddresses = addressField !== null;

export const fillAddress = (address) => {
  addressField.value = address;
  addressField.focus();
  showStatus("");
};

// An address joins the photos that are chosen; alone it is sent at once, since there is no preview to wait for.
const addAddress = () => {
  const address = addressField?.value.trim();
  if (!address) {
    showStatus(rows.dataset.nothing);
    addressField?.focus();
    return;
  }
  for (const row of [...rows.children]) if (row.address && FAILED.includes(row.state)) row.remove();
  const joins = count("ready") > 0;
  addRow().setAddress(address, joins ? "ready" : "waiting");
  if (joins) addressField.value = "";
  showStatus("");
};

card.addEventListener("submit", (event) => {
  event.preventDefault();
  const { submitter } = event;
  if (submitter?.name === "image_url") addressField.value = submitter.value;
  if (submitter?.name !== "sample") addAddress();
  else if (submitter.getAttribute("aria-busy") !== "true") addRow().setSample(submitter);
});

rows.addEventListener("click", ({ target }) => {
  if (target.closest("[data-action]")?.dataset.action !== "remove") return;
  const row = target.closest("photo-row");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  send(rows, ROW_CHANGED);
  (next?.actions.find((action) => !action.hidden) ?? fileField).focus();
});

// --- Progress and buttons ---

const progress = card.querySelector("[data-progress]");
const progressText = progress.querySelector("[data-progress-text]");
const bar = progress.querySelector("progress");
const chooseLabel = card.querySelector("[data-more]");
const addButton = card.querySelector("[data-add]");
const buttons = Object.fromEntries([...card.querySelectorAll("[data-queue]")].map((one) => [one.dataset.queue, one]));
const idle = { choose: chooseLabel.textContent, add: addButton?.textContent };

const summary = () => {
  const [ready, running, done] = [count("ready"), count(...RUNNING), count("done")];
  const [refused, cancelled] = [count("refused", "invalid"), count("cancelled")];
  const total = rows.children.length;
  if (total === 1 && refused + cancelled === 1) return rows.firstElementChild.text;
  const parts = [];
  if (running || done || cancelled || count("refused")) parts.push(`Sent ${done} of ${total - ready}`);
  else if (ready) parts.push(ready === 1 ? "1 photo chosen" : `${ready} photos chosen`);
  if (refused) parts.push(`${refused} refused`);
  if (cancelled) parts.push(`${cancelled} cancelled`);
  return parts.join(", ");
};

const showButton = (name, isShown, text) => {
  buttons[name].hidden = !isShown;
  if (text) buttons[name].textContent = text;
};

const showButtons = (total) => {
  const [ready, running, retriable] = [count("ready"), count(...RUNNING), count("refused", "cancelled")];
  showButton("find", ready > 0, ready > 1 ? `Find the points in ${ready} photos` : "Find the points");
  showButton("cancel", running > 0 && total > 1);
  showButton("retry", !running && retriable > 1, `Try ${retriable} again`);
  showButton("history", !running && !ready && total > 1 && count("done") > 0);
  chooseLabel.textContent = total ? chooseLabel.dataset.more : idle.choose;
  if (addButton) addButton.textContent = ready ? addButton.dataset.add : idle.add;
};

// When a focused button goes away, the focus moves to what replaced it.
const moveFocus = () => {
  const button = Object.values(buttons).find((each) => !each.hidden);
  (button ?? rows.querySelector("[data-part=actions] > :not([hidden])"))?.focus();
};

const update = () => {
  const total = rows.children.length;
  const focused = Object.values(buttons).find((each) => each === document.activeElement);
  card.classList.toggle("has-rows", total > 0);
  rows.hidden = total === 0;
  progress.classList.toggle("is-single", total < 2);
  // Announced only when it is new: bars move many times a second.
  if (progressText.textContent !== summary()) progressText.textContent = summary();
  bar.hidden = count(...RUNNING) === 0;
  bar.max = Math.max(1, total - count("ready"));
  bar.value = count("done", ...FAILED);
  showButtons(total);
  if (focused?.hidden) moveFocus();
};

// A sample shows that it is being sent, and leads to its row if it is refused.
const updateSample = (row) => {
  const button = document.querySelector(`button[name=sample][value="${row.sample}"]`);
  const isBusy = RUNNING.includes(row.state);
  button.setAttribute("aria-busy", String(isBusy));
  button.querySelector("[data-sample-text]").textContent = isBusy ? "Analysing …" : button.dataset.source;
  if (row.state === "refused") row.scrollIntoView({ block: "center" });
};

card.addEventListener(ROW_CHANGED, ({ target }) => {
  update();
  if (target.sample) updateSample(target);
});
