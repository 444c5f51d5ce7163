// Tells the wait while an engine runs again, and lets one run begin at a time.

const forms = [...document.querySelectorAll("[data-run]")];
let isBusy = false;

for (const form of forms) {
  const button = form.querySelector("[data-busy-label]");
  const idleLabel = button.textContent;

  form.addEventListener("submit", (event) => {
    if (isBusy) {
      event.preventDefault();
      return;
    }
    isBusy = true;
    // Not disabled: the button carries the name of the engine.
    button.setAttribute("aria-disabled", "true");
    button.textContent = button.dataset.busyLabel;
    form.querySelector("[data-busy]").textContent = button.dataset.busyLabel;
  });

  // Coming back by the browser's button shows the page as it was left.
  window.addEventListener("pageshow", () => {
    isBusy = false;
    button.removeAttribute("aria-disabled");
    button.textContent = idleLabel;
    form.querySelector("[data-busy]").textContent = "";
  });
}
