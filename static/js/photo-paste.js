// Takes a picture or an address from the clipboard, by Ctrl+V anywhere or by the button.

const card = document.querySelector("[data-submit-card]");
const button = card.querySelector("[data-paste]");
const NOTHING = "There is no picture or address in the clipboard. Copy one, then paste again.";
const FORBIDDEN = "The browser does not let this page read the clipboard. Press Ctrl+V (on a Mac ⌘V) instead.";

const emit = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));
const addressIn = (text) => text.trim().match(/^https?:\/\/\S+$/i)?.[0];

const take = (photos, text) => {
  const address = card.querySelector("[data-address]") && addressIn(text);
  if (photos.length) emit("photos-chosen", photos);
  else if (address) emit("address-chosen", address);
  else emit("submit-told", NOTHING);
};

// A picture out of the clipboard has no name of its own.
const named = (blob) => {
  const moment = new Date().toTimeString().slice(0, 8).replaceAll(":", ".");
  return new File([blob], `Pasted ${moment}.${blob.type.split("/")[1].replace("jpeg", "jpg")}`, { type: blob.type });
};

document.addEventListener("paste", (event) => {
  const { files } = event.clipboardData;
  const text = event.clipboardData.getData("text/plain");
  const isTyping = event.target.closest?.("input, textarea");
  if (document.querySelector("dialog[open]") || (isTyping && !files.length)) return;
  event.preventDefault();
  take([...files].map((file) => (file.name === "image.png" ? named(file) : file)), text);
});

const read = async () => {
  const photos = [];
  let text = "";
  for (const item of await navigator.clipboard.read()) {
    const kind = item.types.find((type) => type.startsWith("image/"));
    if (kind) photos.push(named(await item.getType(kind)));
    else if (item.types.includes("text/plain")) text = await (await item.getType("text/plain")).text();
  }
  take(photos, text);
};

if (button && navigator.clipboard?.read) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await read();
    } catch (error) {
      emit("submit-told", error.name === "NotAllowedError" ? FORBIDDEN : NOTHING);
    }
  });
}
