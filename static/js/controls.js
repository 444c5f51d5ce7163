// Controls that several pages share.

// --- Drawers: Escape or a click beside it closes an open one. `data-panels` names what else belongs to it. ---

const openDrawer = () => document.querySelector("details[name=drawer][open]");

document.addEventListener("keydown", (event) => {
  const drawer = event.key === "Escape" && openDrawer();
  if (!drawer) return;
  event.preventDefault();
  drawer.open = false;
  drawer.querySelector("summary").focus();
});

document.addEventListener("click", ({ target }) => {
  const drawer = openDrawer();
  if (drawer && !drawer.contains(target) && !target.closest(drawer.dataset.panels ?? "dialog")) drawer.open = false;
});

// The panel of formats is fetched when its drawer is opened.
document.querySelector("[data-save]")?.addEventListener("toggle", () => import("./save-as-drawer.js"));

// --- Keys: each clicks the control that names it, as in `data-key="+ ="` or `data-key="Shift+3"`. ---

const TEXT_FIELDS = "textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])";

// A digit is known by its position on the keyboard, since Shift makes another character of it.
const nameOf = ({ code, key, shiftKey }) => {
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  if (!digit) return key;
  return shiftKey ? `Shift+${digit}` : digit;
};

export const isTyping = ({ target }) => target.matches(TEXT_FIELDS) || document.querySelector("dialog[open]") !== null;

// `actionFor` returns what a key does, or nothing. Keys are left alone while somebody types or a dialog is open.
export const onKey = (actionFor) => {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (isTyping(event)) return;
    const action = actionFor(nameOf(event));
    if (!action) return;
    event.preventDefault();
    action();
  });
};

onKey((name) => {
  const control = document.querySelector(`[data-key~="${CSS.escape(name)}"]`);
  return control && (() => control.click());
});

// --- The list of keys, which is fetched when it is opened ---

const shortcuts = document.querySelector("[data-shortcuts]");

shortcuts?.addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  import("./shortcuts-dialog.js").then(({ open }) => open(shortcuts.href)).catch(() => location.assign(shortcuts.href));
});

// --- Buttons that run an engine: they say so while it runs, one at a time. ---

const labels = new Map();

const setBusy = (button, label) => {
  button.textContent = label;
  button.closest("form").querySelector("[data-busy]").textContent = labels.has(button) ? label : "";
};

for (const form of document.querySelectorAll("[data-run]")) {
  form.addEventListener("submit", (event) => {
    if (labels.size) {
      event.preventDefault();
      return;
    }
    const button = event.submitter ?? form.querySelector("[data-busy-label]");
    labels.set(button, button.textContent);
    // Not disabled: its value, the engine's name, must be sent.
    button.setAttribute("aria-disabled", "true");
    setBusy(button, button.dataset.busyLabel);
  });
}

// The browser's Back button shows the page as it was left.
window.addEventListener("pageshow", () => {
  for (const [button, label] of labels) {
    labels.delete(button);
    button.removeAttribute("aria-disabled");
    setBusy(button, label);
  }
});

// --- Copying: its script is fetched when somebody reaches for a button. ---

for (const name of ["pointerover", "focusin", "click"]) {
  document.addEventListener(name, async ({ target, type }) => {
    const button = target.closest("[data-copy]");
    if (!button) return;
    const { copy } = await import("./copy.js");
    if (type === "click") copy(button);
  });
}
