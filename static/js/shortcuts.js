// Opens the sheet of keys by `?` or by its button, and closes it by Escape, its button or a click beside it.

const sheet = document.querySelector("#shortcuts");
const isTyping = ({ target }) =>
  target.matches("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio], [type=range])");
const open = () => sheet.open || sheet.showModal();

for (const button of document.querySelectorAll("[data-shortcuts]")) button.addEventListener("click", open);

document.addEventListener("keydown", (event) => {
  if (event.key !== "?" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event)) return;
  event.preventDefault();
  open();
});

// Its own box is filled by what is in it, so such a click is on the backdrop.
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
