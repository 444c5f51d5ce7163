// Sends the photos of a collection one after the other: those that are chosen, dropped or pasted. Those that are there
// already are not sent, so that a folder can be chosen again after a closed browser, and the rest follows.

import { faultOf, isList, isNamedAsPhoto, isPassedOver } from "./photo-files.js";
import { COLLECTION_CHANGED, PHOTOS_GIVEN, send } from "./upload-events.js";
import { messageOf, upload } from "./upload-request.js";

const form = document.querySelector("[data-collection-add]");
const text = form.querySelector("[data-upload-text]");
const bar = form.querySelector("[data-upload-bar]");
const errors = form.querySelector("[data-upload-errors]");
const cancelButton = form.querySelector("[data-upload-cancel]");
const folder = form.querySelector("[data-folder]");
const folderField = folder.querySelector("input");
const { photo: photoField, archive: archiveField, addresses: addressField } = form.elements;
const rules = form.dataset;
const ASKED_AT_ONCE = 50;
const SHOWN_EVERY = 10;
const PAUSE_WHEN_LOST = 5;
const MOST_ERRORS = 50;

folder.hidden = false;
folderField.disabled = false;

// --- What is sent: each with the name of its field, its value, and how it is called in errors ---

let waiting = [];
let added = 0;
let cancellation = null;

const inChosenFolder = ({ name, webkitRelativePath }) =>
  isNamedAsPhoto(name, rules) && !webkitRelativePath.split("/").some((part) => isPassedOver(part, rules));

const itemOf = (file) => ({ name: "photo", value: file, label: file.name });

const chosen = () => {
  const addresses = addressField.value.trim();
  return [
    ...(addresses ? [{ name: "addresses", value: addresses, label: "Addresses" }] : []),
    ...[...photoField.files, ...[...folderField.files].filter(inChosenFolder)].map(itemOf),
    ...[...archiveField.files].map((file) => ({ ...itemOf(file), name: "archive" })),
  ];
};

const isArchive = (file) => /\.zip$/i.test(file.name) || isList(file);
const dropped = (file) => (isArchive(file) ? { ...itemOf(file), name: "archive" } : itemOf(file));

// --- What is not sent ---

const showError = ({ label }, message) => {
  if (errors.children.length >= MOST_ERRORS) return;
  const item = document.createElement("li");
  const name = document.createElement("bdi");
  name.textContent = label;
  item.append(name, `: ${message}`);
  errors.append(item);
};

const formOf = (fields) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return body;
};

// Browsers compute sums on secure pages only; elsewhere the server finds out after the photo was sent.
const digestOf = async (file) => {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const withoutKnown = async (items) => {
  const digests = new Map();
  for (const item of items) if (item.name === "photo") digests.set(item, await digestOf(item.value));
  if (!digests.size) return items;
  const body = formOf({ digests: [...digests.values()].join(" ") });
  const response = await fetch(rules.known, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!response.ok) return items;
  const known = new Set((await response.json()).known);
  return items.filter((item) => !known.has(digests.get(item)));
};

const worthSending = async (items) => {
  const fine = [];
  for (const item of items) {
    const fault = item.name === "photo" ? await faultOf(item.value, rules) : "";
    if (fault) showError(item, fault);
    else fine.push(item);
  }
  return globalThis.crypto?.subtle ? withoutKnown(fine).catch(() => fine) : fine;
};

// --- Sending ---

const showProgress = (fraction) => {
  const total = added + waiting.length;
  text.textContent = `Sending ${Math.min(total, added + 1)} of ${total}`;
  bar.value = (added + fraction) / total;
};

const report = ({ body }, item) => {
  for (const { name, message } of body.refused ?? []) showError({ label: name }, message);
  if (item.name === "addresses" && addressField.value.trim() === item.value) addressField.value = "";
};

// An archive for which there was no time is sent again, and goes on where it ended.
const sendItem = async (item, signal) => {
  for (;;) {
    const response = await upload(form.action, formOf({ [item.name]: item.value }), {
      signal,
      onProgress: showProgress,
      onPause: (left) => { text.textContent = `The site is busy. Going on in ${left} s`; },
      mostTries: Infinity,
      pauseWhenLost: PAUSE_WHEN_LOST,
    });
    if (!response) return;
    if (response.status !== 200) {
      showError(item, messageOf(response));
      return;
    }
    report(response, item);
    if (!response.body.is_cut_short) return;
    send(form, COLLECTION_CHANGED);
  }
};

const sendAll = async (signal) => {
  while (waiting.length && !signal.aborted) {
    const some = waiting.slice(0, ASKED_AT_ONCE);
    const left = new Set(await worthSending(some));
    for (const item of some) {
      if (left.has(item)) await sendItem(item, signal);
      if (signal.aborted) return;
      waiting.shift();
      added += 1;
      if (left.has(item) && added % SHOWN_EVERY === 1) send(form, COLLECTION_CHANGED);
    }
  }
};

const finish = (isCancelled) => {
  const unsent = waiting.length;
  [waiting, added, cancellation] = [[], 0, null];
  const hadFocus = document.activeElement === cancelButton;
  bar.hidden = cancelButton.hidden = true;
  if (hadFocus) form.querySelector("[type=submit]").focus();
  if (isCancelled) text.textContent = `Cancelled: ${unsent} ${unsent === 1 ? "was" : "were"} not sent.`;
  else text.textContent = errors.children.length ? "Some photos were not added:" : "All photos are added.";
  send(form, COLLECTION_CHANGED);
};

const add = async (items, remark = "") => {
  form.closest("details").open = true;
  waiting.push(...items);
  if (cancellation) return;
  errors.replaceChildren();
  if (remark) showError({ label: "Folders" }, remark);
  cancellation = new AbortController();
  const { signal } = cancellation;
  bar.hidden = cancelButton.hidden = false;
  showProgress(0);
  await sendAll(signal);
  finish(signal.aborted);
};

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const items = chosen();
  for (const field of [photoField, folderField, archiveField]) field.value = "";
  if (items.length) add(items);
  else if (!cancellation) text.textContent = "Choose photos or an archive, or enter addresses.";
});

cancelButton.addEventListener("click", () => cancellation?.abort());

// --- What was dropped or pasted. Photos are sent at once; an address joins the list of addresses. ---

form.addEventListener(PHOTOS_GIVEN, ({ detail: { files, address, remark } }) => {
  if (files.length) {
    add(files.map(dropped), remark);
    return;
  }
  form.closest("details").open = true;
  if (address) {
    addressField.value = [addressField.value.trimEnd(), address].filter(Boolean).join("\n");
    addressField.focus();
  } else {
    text.textContent = remark;
  }
  form.scrollIntoView({ block: "nearest" });
});

window.addEventListener("beforeunload", (event) => {
  if (cancellation) event.preventDefault();
});
