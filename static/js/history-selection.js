// Selects a range by a click with Shift, from the last click on, and tells how many results are selected.

const ticks = () => [...document.querySelectorAll(".tick")];
let last;

const show = () => {
  const count = ticks().filter((tick) => tick.checked).length;
  const words = document.querySelector("[data-count]");
  if (words) words.textContent = count ? `${count} selected` : "";
};

document.addEventListener("click", (event) => {
  const tick = event.target.closest(".tick");
  if (!tick) return;
  const all = ticks();
  if (event.shiftKey && last) {
    const [from, to] = [all.indexOf(last), all.indexOf(tick)].sort((a, b) => a - b);
    for (const each of all.slice(from, to + 1)) each.checked = tick.checked;
  }
  last = tick;
  show();
});

// Boxes are empty only after the event.
document.addEventListener("reset", () => setTimeout(show));
window.addEventListener("pageshow", show);
