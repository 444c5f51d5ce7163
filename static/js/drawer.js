// Closes an open drawer by Escape or by a click beside it.

const drawer = () => document.querySelector(".drawer[open]");

document.addEventListener("keydown", (event) => {
  const open = event.key === "Escape" && drawer();
  if (!open) return;
  open.open = false;
  open.querySelector("summary").focus();
});

document.addEventListener("click", (event) => {
  const open = drawer();
  if (open && !open.contains(event.target)) open.open = false;
});
