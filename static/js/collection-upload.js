// Sends the photos of a collection one by one. Those that are there already are not sent, so that a folder can be chosen
// again after a closed browser, and the rest follows.

const form = document.querySelector("[data-collection-add]");
const text = form.querySelector("[data-upload-text]");
const bar = form.querySelector("[data-upload-bar]");
const errors = form.querySelector("[data-upload-errors]");
const folder = form.querySelector("[data-folder]");
const { known, extensions, systemNames } = form.dataset;
const SUFFIXES = extensions.split(" ");
const SYSTEM_NAMES = systemNames.split("/");
const AT_ONCE = 50;
const LONGEST_PAUSE = 120;
const MOST_ERRORS = 50;
const BUSY = [429, 503];
let isSending = false;

folder.hidden = false;
folder.querySelector("input").disabled = false;

// --- Which files ---

const isSystem = (name) => name.startsWith(".") || SYSTEM_NAMES.includes(name.toLowerCase());
const hasSuffix = ({ name }) => SUFFIXES.some((suffix) => name.toLowerCase().endsWith(suffix));
const isPhoto = (file) => hasSuffix(file) && !file.webkitRelativePath.split("/").some(isSystem);

const chosen = () => [
  ...form.elements.photo.files,
  ...[...folder.querySelector("input").files].filter(isPhoto),
  ...form.elements.archive.files,
];

const isArchive = (file) => [...form.elements.archive.files].includes(file);

// Browsers compute sums on secure pages only; elsewhere the server finds out after the photo was sent.
const digestOf = async (file) => {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

const token = () => form.elements.csrfmiddlewaretoken.value;

const post = (action, fields) => {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", token());
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  return fetch(action, { method: "POST", body, headers: { Accept: "application/json" } });
};

const withoutKnown = async (files) => {
  if (!globalThis.crypto?.subtle) return files;
  const digests = [];
  for (const file of files) digests.push(isArchive(file) ? "" : await digestOf(file));
  const wanted = digests.filter(Boolean);
  if (!wanted.length) return files;
  const response = await post(known, { digests: wanted.join(" ") });
  if (!response.ok) return files;
  const there = new Set((await response.json()).known);
  return files.filter((file, index) => !there.has(digests[index]));
};

// --- Sending ---

const showError = (name, message) => {
  if (errors.children.length >= MOST_ERRORS) return;
  const item = document.createElement("li");
  const label = document.createElement("bdi");
  label.textContent = name;
  item.append(label, `: ${message}`);
  errors.append(item);
};

const pause = async (seconds) => {
  for (let left = seconds; left > 0; left -= 1) {
    text.textContent = `The site is busy. Going on in ${left} s`;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

// Sends until it is taken or refused for good; a connection that is lost is tried again.
const send = async (name, fields) => {
  for (;;) {
    let response = null;
    try {
      response = await post(form.action, fields);
    } catch {
      await pause(5);
      continue;
    }
    if (response.ok) return;
    const wait = BUSY.includes(response.status) ? Number(response.headers.get("Retry-After")) : 0;
    if (!wait || wait > LONGEST_PAUSE) {
      const body = await response.json().catch(() => ({}));
      showError(name, body.error?.message ?? `The server failed (${response.status}).`);
      return;
    }
    await pause(wait);
  }
};

const changed = () => document.dispatchEvent(new CustomEvent("collection-changed"));

const sendFiles = async (files) => {
  let number = 0;
  for (let start = 0; start < files.length; start += AT_ONCE) {
    const some = files.slice(start, start + AT_ONCE);
    const left = await withoutKnown(some).catch(() => some);
    number += some.length - left.length;
    for (const file of left) {
      number += 1;
      text.textContent = `Sending ${number} of ${files.length}`;
      bar.value = number / files.length;
      await send(file.name, isArchive(file) ? { archive: file } : { photo: file });
      if (number % 10 === 1) changed();
    }
  }
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (isSending) return;
  const files = chosen();
  const addresses = form.elements.addresses.value.trim();
  if (!files.length && !addresses) {
    text.textContent = "Choose photos or an archive, or enter addresses.";
    return;
  }
  isSending = true;
  errors.replaceChildren();
  bar.hidden = false;
  if (addresses) await send("Addresses", { addresses });
  await sendFiles(files);
  isSending = false;
  bar.hidden = true;
  text.textContent = errors.children.length ? "Some photos were not added:" : "All photos are added.";
  form.reset();
  changed();
});

window.addEventListener("beforeunload", (event) => {
  if (isSending) event.preventDefault();
});
