// Tells the wait while an engine runs again, and lets one run begin at a time.

const forms = [...document.querySelectorAll("[data-run]")];
const busy = new Map();

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    if (busy.size) {
      event.preventDefault();
      return;
    }
    const button = event.submitter ?? form.querySelector("[data-busy-label]");
    busy.set(button, button.textContent);
    // Not disabled: the button carries the name of the engine.
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busyLabel;
    form.querySelector("[data-busy]").textContent = button.dataset.busyLabel;
  });
}

// Coming back by the browser's button shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const [button, label] of busy) {
    button.removeAttribute("aria-disabled");
    button.textContent = label;
    button.closest("form").querySelector("[data-busy]").textContent = "";
  }
  busy.clear();
});
