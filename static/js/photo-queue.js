// Sends the rows that wait, two at a time, by asking for "row-send"; a single photo leads to its result.

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const AT_ONCE = 2;
let isDue = false;
let hasSent = false;

const those = (...states) => [...rows.children].filter((row) => states.includes(row.state));
const isAtWork = () => those("waiting", "sending", "pausing").length > 0;

const advance = () => {
  isDue = false;
  // A row that pauses keeps its place: others would only be turned away as well.
  const free = AT_ONCE - those("sending", "pausing").length;
  for (const row of those("waiting").slice(0, Math.max(0, free))) {
    hasSent = true;
    row.dispatchEvent(new CustomEvent("row-send", { bubbles: true }));
  }
  if (!hasSent || isAtWork()) return;
  hasSent = false;
  const [only, ...others] = rows.children;
  if (only?.state === "done" && !others.length) window.location.assign(only.url);
};

card.addEventListener("row-changed", () => {
  if (isDue) return;
  isDue = true;
  queueMicrotask(advance);
});

// Those that wait are cancelled first, so that none of them begins in place of one that ends.
const cancelAll = () => {
  for (const row of [...those("waiting"), ...those("sending", "pausing")]) {
    row.dispatchEvent(new CustomEvent("row-cancel", { bubbles: true }));
  }
};

const begin = (...states) => {
  for (const row of those(...states)) row.show("waiting", "Waiting", 0);
};

card.addEventListener("click", (event) => {
  const asked = event.target.closest("[data-queue]")?.dataset.queue;
  if (asked === "find") begin("ready");
  if (asked === "retry") begin("refused", "cancelled");
  if (asked === "cancel") cancelAll();
});

window.addEventListener("beforeunload", (event) => {
  if (isAtWork()) event.preventDefault();
});
