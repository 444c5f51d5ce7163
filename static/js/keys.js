// Keys do what the control that names them in its `data-key` does: `data-key="+ ="`, `data-key="Shift+3"`.

const isTyping = ({ target }) =>
  target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])");

// A digit is known by its place, since Shift makes another character of it.
const nameOf = ({ code, key, shiftKey }) => {
  const digit = /^Digit([1-9])$/.exec(code)?.[1];
  return digit ? `${shiftKey ? "Shift+" : ""}${digit}` : key;
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTyping(event)) return;
  if (document.querySelector("dialog[open]")) return;
  const control = document.querySelector(`[data-key~="${CSS.escape(nameOf(event))}"]`);
  if (!control) return;
  event.preventDefault();
  control.click();
});
