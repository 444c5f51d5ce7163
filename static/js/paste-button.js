// The button Paste, for those who have no keyboard at hand.

import { addressIn, give, named, NOTHING_PASTED } from "./dropped.js";

const card = document.querySelector("[data-submit-card]");
const button = card.querySelector("[data-paste]");
const NOT_ALLOWED = "The browser does not let this page read the clipboard. Press Ctrl+V (on a Mac ⌘V) instead.";

const readClipboard = async () => {
  const files = [];
  let text = "";
  for (const item of await navigator.clipboard.read()) {
    const type = item.types.find((each) => each.startsWith("image/"));
    if (type) files.push(named(await item.getType(type)));
    else if (item.types.includes("text/plain")) text = await (await item.getType("text/plain")).text();
  }
  return { files, address: addressIn(text), remark: NOTHING_PASTED };
};

if (button && navigator.clipboard?.read) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const { remark, ...found } = await readClipboard();
      give(found.files.length ? { files: found.files } : { ...found, remark });
    } catch (error) {
      give({ remark: error.name === "NotAllowedError" ? NOT_ALLOWED : NOTHING_PASTED });
    }
  });
}

card.querySelector("[data-drop-text]").textContent = "or paste them on any page";
