// What was dropped or pasted on any page: it joins the collection or the list of photos of the page, or
// else the list of the submit page.

import { carry } from "./carried-photos.js";
import { isList, isNamedAsPhoto, isPassedOver, isPhoto } from "./photo-files.js";
import { PHOTOS_GIVEN, send } from "./upload-events.js";

const card = document.querySelector("[data-submit-card], [data-collection-add]");
const submitPage = document.querySelector("a.brand").href;
// Around an address that is copied from a document or a chat.
const INVISIBLE = /^[\p{C}\p{Z}]+|[\p{C}\p{Z}]+$/gu;
const ADDRESS = /^https?:\/\/[^/?#\\]/i;
const LOST = "This can’t be taken from here. Check your network, then reload the page.";
const NOT_KEPT = "This browser can’t take photos to another page. Open the page Submit and drop them there.";
export const NOTHING_PASTED = "There is no picture or address in the clipboard. Copy one, then paste again.";

// --- Files and folders ---

// What those who take photos know of files; the submit page is read where nobody does.
const readRules = async () => {
  const page = card
    ? document
    : new DOMParser().parseFromString(await (await fetch(submitPage)).text(), "text/html");
  return page.querySelector("[data-signatures]").dataset;
};

const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

// A reader returns a folder in parts; the last one is empty.
const entriesIn = async (folder) => {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    const part = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!part.length) return entries.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
    entries.push(...part);
  }
};

// Adds the photos of a folder to `found`, and counts the other files.
const searchFolder = async (folder, rules, found, isHidden = false) => {
  for (const entry of await entriesIn(folder)) {
    const isPassed = isHidden || isPassedOver(entry.name, rules);
    if (entry.isDirectory) {
      await searchFolder(entry, rules, found, isPassed);
      continue;
    }
    const file = isPassed ? null : await fileOf(entry);
    if (file && (file.type.startsWith("image/") || isNamedAsPhoto(file.name, rules))) found.files.push(file);
    else found[isPassed ? "system" : file ? "others" : "unread"] += 1;
  }
};

const REASONS = { system: "hidden or system", others: "of another type", unread: "unreadable" };

const remarkOn = (found) => {
  const parts = Object.keys(REASONS).filter((reason) => found[reason]).map((reason) => `${found[reason]} ${REASONS[reason]}`);
  return parts.length ? `Files skipped in folders: ${parts.join(", ")}.` : "";
};

// The files that were dropped, and those in the folders among them.
const gather = async (files, entries, rules) => {
  const found = { files: [], system: 0, others: 0, unread: 0 };
  const ofFiles = entries.filter(Boolean);
  for (const [index, file] of files.entries()) {
    if (ofFiles[index]?.isDirectory) await searchFolder(ofFiles[index], rules, found);
    else found.files.push(file);
  }
  const remark = remarkOn(found);
  return { files: found.files, remark: found.files.length ? remark : `There is no photo in this folder. ${remark}`.trim() };
};

// A picture from the clipboard has no name of its own.
export const named = (blob) => {
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  const extension = blob.type.split("/")[1].replace("jpeg", "jpg");
  return new File([blob], `Pasted ${time}.${extension}`, { type: blob.type });
};

// --- Where they go ---

const element = (name, className) => Object.assign(document.createElement(name), { className });
const messages = element("div", "messages");

// As a message of the server; on a page with a list, beside that.
const report = (text) => {
  if (card) {
    send(card, PHOTOS_GIVEN, { files: [], remark: text });
    return;
  }
  const message = element("p", "message error");
  message.textContent = text;
  message.role = "alert";
  messages.replaceChildren(message);
  document.querySelector("main").prepend(messages);
  messages.scrollIntoView({ block: "center" });
};

// Files or an address, or the remark why there is neither.
export const give = async ({ files = [], address = "", remark = "" }, rules) => {
  if (!files.length && !address) {
    report(remark);
  } else if (card && (files.length || card.querySelector("[data-address]"))) {
    send(card, PHOTOS_GIVEN, { files, address, remark });
  } else if (files.length && !(await Promise.all(files.map((file) => isPhoto(file, rules)))).includes(true)) {
    const reason = isList(files[0]) ? rules.list : rules.notPhoto;
    report(files.length > 1 ? `None of these ${files.length} files is a photo.` : `${files[0].name}: ${reason}`);
  } else {
    await carry({ files, address, remark }).then(() => location.assign(submitPage), () => report(NOT_KEPT));
  }
};

// As far as a page can tell; a server may find fault with it yet.
export const isAddress = (text) => ADDRESS.test(text.replace(INVISIBLE, ""));

// Of a text that is nothing else.
export const addressIn = (text) => {
  const trimmed = text.replace(INVISIBLE, "");
  return isAddress(trimmed) && !/\s/.test(trimmed) ? trimmed : "";
};

// `entries` are those of the system for the files, and null for texts.
export const receive = async ({ type, target }, files, entries, link, text) => {
  const isPasted = type === "paste";
  if (isPasted && (document.querySelector("dialog[open]") || (!files.length && target.matches?.("input, textarea")))) return;
  const address = addressIn(isPasted ? text : link);
  const remark = isPasted ? NOTHING_PASTED : "This link is not a web address.";
  if (!files.length) return give({ address, remark });
  try {
    const rules = await readRules();
    const found = isPasted
      ? { files: files.map((file) => (file.name === "image.png" ? named(file) : file)) }
      : await gather(files, entries, rules);
    await give({ ...found, address: found.files.length ? "" : address }, rules);
  } catch {
    report(LOST);
  }
};
