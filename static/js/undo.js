// Counts down how long a deletion can be undone, and then takes the offer away.

const toast = document.querySelector("[data-undo]");

if (toast) {
  const end = performance.now() + 1000 * toast.dataset.undo;
  const left = toast.querySelector("[data-left]");
  const words = toast.querySelector("[role=status]");

  // Changed once more, so that it is told to those who do not see it.
  setTimeout(() => (words.textContent = `${words.textContent.trim()} `), 100);

  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    left.textContent = `${seconds} s`;
    if (seconds > 0) return;
    clearInterval(timer);
    if (toast.contains(document.activeElement)) document.querySelector("main").focus();
    toast.remove();
  };
  const timer = setInterval(tick, 200);
  tick();
}
