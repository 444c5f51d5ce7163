// Shows at a sample itself that it is being sent, and leads to its row where it is refused.

const AT_WORK = ["waiting", "sending", "pausing"];

document.querySelector("[data-submit-card]").addEventListener("row-changed", ({ target: row }) => {
  const button = row.sample && document.querySelector(`button[name=sample][value="${row.sample}"]`);
  if (!button) return;
  const isAtWork = AT_WORK.includes(row.state);
  button.setAttribute("aria-busy", String(isAtWork));
  button.querySelector("[data-sample-words]").textContent = isAtWork ? "Analysing …" : button.dataset.source;
  if (row.state === "refused") row.scrollIntoView({ block: "center" });
});
