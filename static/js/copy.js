// Copies the text beside a button, or that of the address in its `data-copy`.

const RESET_AFTER = 2000;

const textFor = async (button) => {
  const address = button.dataset.copy;
  if (!address) return button.closest("[data-panel]").querySelector("pre").textContent;
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  return response.text();
};

// Browsers allow writing only soon after the click, even if the text has to be fetched first.
const write = (text) => {
  const blob = text.then((content) => new Blob([content], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
};

export const copy = async (button) => {
  const label = button.querySelector("[data-copy-label]");
  label.dataset.idle ??= label.textContent;
  try {
    await write(textFor(button));
    label.textContent = "Copied";
  } catch {
    // There is no clipboard without a secure connection; the text can still be copied by hand.
    getSelection().selectAllChildren(button.closest("[data-panel]").querySelector("pre, table"));
    label.textContent = "Selected. Press Ctrl+C";
  }
  setTimeout(() => { label.textContent = label.dataset.idle; }, RESET_AFTER);
};
