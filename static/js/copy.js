// Copies what a panel shows, or the whole of it from the address that the button names.

const DONE = 2000;

const textOf = async (button) => {
  const address = button.dataset.copy;
  if (!address) return button.closest("[data-panel]").querySelector("pre").textContent;
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.text();
};

// Begun within the click, as browsers ask for, though the text may have to be fetched.
const copy = (text) => {
  const blob = text.then((words) => new Blob([words], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
};

for (const button of document.querySelectorAll("[data-copy]")) {
  const label = button.querySelector("[data-copy-label]");
  const idle = label.textContent;
  button.addEventListener("click", async () => {
    try {
      await copy(textOf(button));
      label.textContent = "Copied";
    } catch {
      // Without a secure connection there is no clipboard; what is shown can still be copied by hand.
      getSelection().selectAllChildren(button.closest("[data-panel]").querySelector("pre, table"));
      label.textContent = "Selected: copy it by Ctrl C";
    }
    setTimeout(() => { label.textContent = idle; }, DONE);
  });
}
