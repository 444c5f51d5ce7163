// The list of chosen photos: how they get into it and out of it.

import { takeCarried } from "./carried-photos.js";
import { isAddress } from "./dropped.js";
import { faultOf } from "./photo-files.js";
import { PHOTOS_GIVEN, ROW_CHANGED, send } from "./upload-events.js";
import "./upload-queue.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const template = card.querySelector("[data-row-template]");
const fileField = card.querySelector("input[type=file]");
const addressField = card.querySelector("[data-address]");
const status = card.querySelector("[data-status]");
const rules = rows.dataset;
export const FAILED = ["refused", "invalid", "cancelled"];

const showStatus = (text) => {
  status.textContent = text;
};

export const count = (...states) => [...rows.children].filter((row) => states.includes(row.state)).length;

// --- Files ---

const addRow = () => {
  rows.append(template.content.cloneNode(true));
  return rows.lastElementChild;
};

// Why the chosen engine takes no files, if it takes none.
const noFiles = () => card.querySelector("[data-no-files]:is([data-checked], :has(:checked))")?.dataset.noFiles;

// A single photo is sent at once, since it can be cancelled; several wait for the button.
export const addFiles = async (files, remark = "") => {
  const reason = noFiles();
  if (reason) {
    showStatus(reason);
    return;
  }
  const faults = await Promise.all(files.map((file) => faultOf(file, rules)));
  const isSingle = files.length === 1 && !count("ready");
  const free = Math.max(0, rules.most - rows.children.length);
  const last = rows.lastElementChild;
  for (const [index, file] of files.slice(0, free).entries()) addRow().setFile(file, faults[index], isSingle);
  const isFull = files.length > free;
  const full = isFull ? `The list holds ${rules.most} photos. Send these first, then choose the others.` : "";
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

// --- Addresses ---

const fillAddress = (address) => {
  addressField.value = address;
  addressField.focus();
  showStatus("");
};

// An address joins the photos that are chosen; alone it is sent at once, since there is no preview to wait for.
const addAddress = () => {
  const address = addressField?.value.trim();
  if (!address) {
    showStatus(rules.nothing);
    addressField?.focus();
    return;
  }
  for (const row of [...rows.children]) if (row.address && FAILED.includes(row.state)) row.remove();
  const joins = count("ready") > 0;
  const fault = isAddress(address) ? "" : rules.notAddress;
  addRow().setAddress(address, fault, !joins);
  if (joins && !fault) addressField.value = "";
  showStatus("");
};

card.addEventListener("submit", (event) => {
  event.preventDefault();
  const { submitter } = event;
  if (submitter?.name === "image_url") addressField.value = submitter.value;
  if (submitter?.name !== "sample") addAddress();
  else if (submitter.getAttribute("aria-busy") !== "true") addRow().setSample(submitter);
});

// --- What was dropped or pasted, here or on the page before ---

const add = ({ files, address, remark }) => {
  if (files.length) addFiles(files, remark);
  else if (address) fillAddress(address);
  else showStatus(remark);
};

card.addEventListener(PHOTOS_GIVEN, ({ detail }) => add(detail));
takeCarried().then(
  (carried) => carried && add(carried),
  () => showStatus(rules.notCarried),
);

// --- Out of the list ---

rows.addEventListener("click", ({ target }) => {
  if (target.closest("[data-action]")?.dataset.action !== "remove") return;
  const row = target.closest("photo-row");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  send(rows, ROW_CHANGED);
  (next?.actions.find((action) => !action.hidden) ?? fileField).focus();
});
