// Hides the bar of the full screen when nothing moves, but never while it has the focus.

const viewer = document.querySelector("#viewer");
const IDLE_MS = 3000;
let idle = 0;

const wake = () => {
  clearTimeout(idle);
  viewer.classList.remove("is-idle");
  if (document.fullscreenElement === viewer) idle = setTimeout(() => viewer.classList.add("is-idle"), IDLE_MS);
};

for (const type of ["pointermove", "pointerdown", "keydown", "focusin"]) viewer.addEventListener(type, wake);
document.addEventListener("fullscreenchange", wake);
wake();
