// The viewer over the whole screen. Its bar goes when nothing moves, but never while it has the focus.

const viewer = document.querySelector("#viewer");
const button = viewer.querySelector("[data-zoom=full]");
const IDLE_MS = 3000;
let idle = 0;

const wake = () => {
  clearTimeout(idle);
  viewer.classList.remove("is-idle");
  if (document.fullscreenElement === viewer) idle = setTimeout(() => viewer.classList.add("is-idle"), IDLE_MS);
};

button.hidden = !document.fullscreenEnabled;
button.addEventListener("click", () => {
  if (document.fullscreenElement) document.exitFullscreen();
  else viewer.requestFullscreen();
});

for (const type of ["pointermove", "pointerdown", "keydown", "focusin"]) viewer.addEventListener(type, wake);
document.addEventListener("fullscreenchange", wake);
