// Takes what is dropped anywhere on the window: photos, folders of photos, and a link or a picture of another page.

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const endings = rows.dataset.endings.split(" ");
let depth = 0;
let isOurs = false;

const mark = (inside) => {
  depth = inside;
  document.documentElement.classList.toggle("is-dropping", depth > 0);
};

// A picture of this very page that is dragged about is nothing new.
document.addEventListener("dragstart", () => {
  isOurs = true;
});
document.addEventListener("dragend", () => {
  isOurs = false;
});

const isWanted = ({ dataTransfer }) =>
  !isOurs && Boolean(dataTransfer) && ["Files", "text/uri-list"].some((type) => dataTransfer.types.includes(type));

const isPhoto = ({ name, type }) =>
  !name.startsWith(".") && (type.startsWith("image/") || endings.some((ending) => name.toLowerCase().endsWith(ending)));

const fileOf = (entry) => new Promise((resolve) => entry.file(resolve, () => resolve(null)));

// A reader gives a folder in parts; the last one is empty.
const entriesOf = async (folder) => {
  const reader = folder.createReader();
  const found = [];
  for (;;) {
    const part = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!part.length) return found.sort((one, other) => one.name.localeCompare(other.name, "en", { numeric: true }));
    found.push(...part);
  }
};

const photosIn = async (folder) => {
  const photos = [];
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) photos.push(...(await photosIn(entry)));
    else photos.push(await fileOf(entry));
  }
  return photos.filter((file) => file && isPhoto(file));
};

// All entries must be asked for before the first wait: after it the drop is over and holds nothing any more.
const filesOf = async ({ items, files }) => {
  const plain = [...files];
  const entries = [...items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry?.());
  const chosen = [];
  for (const [index, entry] of entries.entries()) {
    if (entry?.isDirectory) chosen.push(...(await photosIn(entry)));
    else if (plain[index]) chosen.push(plain[index]);
  }
  return chosen;
};

const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const take = async (carried) => {
  const link = carried.getData("text/uri-list").split(/\r?\n/).find((line) => /^https?:\/\//i.test(line));
  const hasFiles = carried.types.includes("Files");
  const files = hasFiles ? await filesOf(carried) : [];
  if (files.length) emit("photos-chosen", files);
  else if (link && card.querySelector("[data-address]")) emit("address-chosen", link);
  else emit("submit-told", hasFiles ? "There is no photo in this folder." : "This link leads to no web address.");
};

window.addEventListener("dragenter", (event) => isWanted(event) && mark(depth + 1));
window.addEventListener("dragleave", (event) => isWanted(event) && mark(Math.max(0, depth - 1)));
window.addEventListener("dragover", (event) => isWanted(event) && event.preventDefault());
window.addEventListener("drop", (event) => {
  if (!isWanted(event)) return;
  event.preventDefault();
  mark(0);
  take(event.dataTransfer);
});

card.querySelector("[data-drop-place]").textContent = "or paste them anywhere on this page";
