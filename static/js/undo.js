// Counts down how long a deletion can be undone, and then removes the notice.

const toast = document.querySelector("[data-undo]");

if (toast) {
  const end = performance.now() + 1000 * toast.dataset.undo;
  const remaining = toast.querySelector("[data-remaining]");
  const text = toast.querySelector("[role=status]");

  // Screen readers only announce a change.
  setTimeout(() => { text.textContent = `${text.textContent.trim()} `; }, 100);

  const update = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    remaining.textContent = `${seconds} s`;
    if (seconds > 0) return;
    clearInterval(timer);
    if (toast.contains(document.activeElement)) document.querySelector("main").focus();
    toast.remove();
  };
  const timer = setInterval(update, 200);
  update();
}
