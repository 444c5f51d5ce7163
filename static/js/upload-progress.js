// How far the chosen photos are, and the buttons that act on all of them.

import { ROW_CHANGED } from "./events.js";
import { count, FAILED } from "./upload-list.js";
import { RUNNING } from "./upload-row.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const progress = card.querySelector("[data-progress]");
const progressText = progress.querySelector("[data-progress-text]");
const bar = progress.querySelector("progress");
const chooseLabel = card.querySelector("[data-more]");
const addButton = card.querySelector("[data-add]");
const buttons = Object.fromEntries([...card.querySelectorAll("[data-queue]")].map((one) => [one.dataset.queue, one]));
const idle = { choose: chooseLabel.textContent, add: addButton?.textContent };

const summary = () => {
  const [ready, running, done] = [count("ready"), count(...RUNNING), count("done")];
  const [refused, cancelled] = [count("refused", "invalid"), count("cancelled")];
  const total = rows.children.length;
  if (total === 1 && refused + cancelled === 1) return rows.firstElementChild.text;
  const parts = [];
  if (running || done || cancelled || count("refused")) parts.push(`Sent ${done} of ${total - ready}`);
  else if (ready) parts.push(ready === 1 ? "1 photo chosen" : `${ready} photos chosen`);
  if (refused) parts.push(`${refused} refused`);
  if (cancelled) parts.push(`${cancelled} cancelled`);
  return parts.join(", ");
};

const showButton = (name, isShown, text) => {
  buttons[name].hidden = !isShown;
  if (text) buttons[name].textContent = text;
};

const showButtons = (total) => {
  const [ready, running, retriable] = [count("ready"), count(...RUNNING), count("refused", "cancelled")];
  showButton("find", ready > 0, ready > 1 ? `Find the points in ${ready} photos` : "Find the points");
  showButton("cancel", running > 0 && total > 1);
  showButton("retry", !running && retriable > 1, `Try ${retriable} again`);
  showButton("history", !running && !ready && total > 1 && count("done") > 0);
  chooseLabel.textContent = total ? chooseLabel.dataset.more : idle.choose;
  if (addButton) addButton.textContent = ready ? addButton.dataset.add : idle.add;
};

// When a focused button goes away, the focus moves to what replaced it.
const moveFocus = () => {
  const button = Object.values(buttons).find((each) => !each.hidden);
  (button ?? rows.querySelector("[data-part=actions] > :not([hidden])"))?.focus();
};

const update = () => {
  const total = rows.children.length;
  const focused = Object.values(buttons).find((each) => each === document.activeElement);
  card.classList.toggle("has-rows", total > 0);
  rows.hidden = total === 0;
  progress.classList.toggle("is-single", total < 2);
  // Announced only when it is new: bars move many times a second.
  if (progressText.textContent !== summary()) progressText.textContent = summary();
  bar.hidden = count(...RUNNING) === 0;
  bar.max = Math.max(1, total - count("ready"));
  bar.value = count("done", ...FAILED);
  showButtons(total);
  if (focused?.hidden) moveFocus();
};

// A sample shows that it is being sent, and leads to its row if it is refused.
const updateSample = (row) => {
  const button = document.querySelector(`button[name=sample][value="${row.sample}"]`);
  const isBusy = RUNNING.includes(row.state);
  button.setAttribute("aria-busy", String(isBusy));
  button.querySelector("[data-sample-text]").textContent = isBusy ? "Analysing …" : button.dataset.source;
  if (row.state === "refused") row.scrollIntoView({ block: "center" });
};

update();
card.addEventListener(ROW_CHANGED, ({ target }) => {
  update();
  if (target.sample) updateSample(target);
});
