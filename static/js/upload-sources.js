// Takes photos, folders, pictures and links that are dropped anywhere on the window, and pictures and addresses that are
// pasted.

import { addFiles, fillAddress, showStatus, takesAddresses } from "./upload-list.js";

const card = document.querySelector("[data-submit-card]");
const pasteButton = card.querySelector("[data-paste]");
const systemNames = card.querySelector("[data-rows]").dataset.systemNames.split("/");
const extensions = card.querySelector("[data-rows]").dataset.extensions.split(" ");
// Around an address that is copied from a document or a chat.
const WEB_ADDRESS = /^https?:\/\//i;
const INVISIBLE = /^[\p{C}\p{Z}]+|[\p{C}\p{Z}]+$/gu;
const NOTHING_PASTED = "There is no picture or address in the clipboard. Copy one, then paste again.";
const NOT_ALLOWED = "The browser does not let this page read the clipboard. Press Ctrl+V (on a Mac ⌘V) instead.";

// --- Dropping ---

let depth = 0;
let isOwnPicture = false;

const setDepth = (value) => {
  depth = value;
  document.documentElement.classList.toggle("is-dropping", depth > 0);
};

// A picture of this page that is dragged about is not a new photo.
document.addEventListener("dragstart", () => { isOwnPicture = true; });
document.addEventListener("dragend", () => { isOwnPicture = false; });

const isAccepted = ({ dataTransfer }) =>
  !isOwnPicture && Boolean(dataTransfer) && ["Files", "text/uri-list"].some((type) => dataTransfer.types.includes(type));

const isPhoto = ({ name, type }) =>
  type.startsWith("image/") || extensions.some((extension) => name.toLowerCase().endsWith(extension));

// Of a system or a program, with all that is in it; as in photos/folders.py.
const isSystem = ({ name }) => name.startsWith(".") || systemNames.includes(name.toLowerCase());

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
const searchFolder = async (folder, found, isHidden = false) => {
  for (const entry of await entriesIn(folder)) {
    const isPassed = isHidden || isSystem(entry);
    if (entry.isDirectory) {
      await searchFolder(entry, found, isPassed);
      continue;
    }
    const file = isPassed ? null : await fileOf(entry);
    if (file && isPhoto(file)) found.files.push(file);
    else found[isPassed ? "system" : file ? "others" : "unread"] += 1;
  }
};

const REASONS = { system: "hidden or system", others: "of another type", unread: "unreadable" };

const remarkOn = (found) => {
  const parts = Object.keys(REASONS).filter((reason) => found[reason]).map((reason) => `${found[reason]} ${REASONS[reason]}`);
  return parts.length ? `Files skipped in folders: ${parts.join(", ")}.` : "";
};

// All entries must be read before the first wait: after it the drop is over and has none.
const filesOf = async ({ items, files }) => {
  const plain = [...files];
  const entries = [...items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  const found = { files: [], system: 0, others: 0, unread: 0 };
  for (const [index, entry] of entries.entries()) {
    if (entry?.isDirectory) await searchFolder(entry, found);
    else if (plain[index]) found.files.push(plain[index]);
  }
  return found;
};

const drop = async (transfer) => {
  const link = transfer.getData("text/uri-list").split(/\r?\n/).find((line) => WEB_ADDRESS.test(line));
  const hasFiles = transfer.types.includes("Files");
  const found = hasFiles ? await filesOf(transfer) : { files: [] };
  const remark = remarkOn(found);
  if (found.files.length) addFiles(found.files, remark);
  else if (link && takesAddresses) fillAddress(link);
  else showStatus(hasFiles ? `There is no photo in this folder. ${remark}`.trim() : "This link is not a web address.");
};

window.addEventListener("dragenter", (event) => isAccepted(event) && setDepth(depth + 1));
window.addEventListener("dragleave", (event) => isAccepted(event) && setDepth(Math.max(0, depth - 1)));
window.addEventListener("dragover", (event) => isAccepted(event) && event.preventDefault());
window.addEventListener("drop", (event) => {
  if (!isAccepted(event)) return;
  event.preventDefault();
  setDepth(0);
  drop(event.dataTransfer);
});

card.querySelector("[data-drop-text]").textContent = "or paste them anywhere on this page";

// --- Pasting ---

const paste = (files, text) => {
  const address = takesAddresses && text.replace(INVISIBLE, "").match(/^https?:\/\/\S+$/i)?.[0];
  if (files.length) addFiles(files);
  else if (address) fillAddress(address);
  else showStatus(NOTHING_PASTED);
};

// A picture from the clipboard has no name of its own.
const toFile = (blob) => {
  const time = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  const extension = blob.type.split("/")[1].replace("jpeg", "jpg");
  return new File([blob], `Pasted ${time}.${extension}`, { type: blob.type });
};

document.addEventListener("paste", (event) => {
  const files = [...event.clipboardData.files];
  const isTyping = event.target.closest?.("input, textarea");
  if (document.querySelector("dialog[open]") || (isTyping && !files.length)) return;
  const text = event.clipboardData.getData("text/plain");
  event.preventDefault();
  paste(files.map((file) => (file.name === "image.png" ? toFile(file) : file)), text);
});

const pasteFromClipboard = async () => {
  const files = [];
  let text = "";
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type) files.push(toFile(await item.getType(type)));
    else if (item.types.includes("text/plain")) text = await (await item.getType("text/plain")).text();
  }
  paste(files, text);
};

if (pasteButton && navigator.clipboard?.read) {
  pasteButton.hidden = false;
  pasteButton.addEventListener("click", async () => {
    try {
      await pasteFromClipboard();
    } catch (error) {
      showStatus(error.name === "NotAllowedError" ? NOT_ALLOWED : NOTHING_PASTED);
    }
  });
}
