// How far the chosen photos are, what was found in them, how long it takes yet, and the buttons that act on all of them.

import { ROW_CHANGED } from "./upload-events.js";
import { count, FAILED } from "./upload-list.js";
import { RUNNING } from "./upload-row.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const progress = card.querySelector("[data-progress]");
const COMPACT_FROM = 10;
// Photos that must be done before the time of the others is estimated.
const ESTIMATED_FROM = 4;
const part = (name) => progress.querySelector(`[data-progress-${name}]`);
const [status, progressText, foundText, timeText] = ["status", "text", "found", "time"].map(part);
const bar = progress.querySelector("progress");
const chooseLabel = card.querySelector("[data-more]");
const addButton = card.querySelector("[data-add]");
const buttons = Object.fromEntries([...card.querySelectorAll("[data-queue]")].map((one) => [one.dataset.queue, one]));
const idle = { choose: chooseLabel.textContent, add: addButton?.textContent };
const historyPage = buttons.history.href;
const finished = () => count("done", ...FAILED);

// --- Texts ---

const many = (number, name) => `${number} ${name}${number === 1 ? "" : "s"}`;

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

const found = () => [...rows.children].map((row) => row.found).filter(Boolean);

const foundSummary = () => {
  const numbers = found().map(({ faces }) => faces);
  const [withFaces, without, failed] = [(each) => each > 0, (each) => each === 0, (each) => each === null].map(
    (condition) => numbers.filter(condition),
  );
  const total = withFaces.reduce((sum, each) => sum + each, 0);
  const parts = [];
  if (numbers.length) parts.push(`${many(total, "face")} in ${many(withFaces.length, "photo")}`);
  if (without.length) parts.push(`${without.length} without a face`);
  if (failed.length) parts.push(`${failed.length} failed`);
  return parts.join(" · ");
};

// --- Time ---

let run = null;

const rounded = (seconds) => {
  if (seconds < 10) return "a few seconds";
  if (seconds < 55) return `about ${10 * Math.ceil(seconds / 10)} s`;
  return seconds < 3570 ? `about ${Math.round(seconds / 60)} min` : `about ${Math.round(seconds / 3600)} h`;
};

const timeLeft = () => {
  const left = count(...RUNNING);
  if (!left) run = null;
  else run ??= { began: performance.now(), finished: finished() };
  const done = run ? finished() - run.finished : 0;
  if (done < ESTIMATED_FROM) return "";
  return `${rounded((left * (performance.now() - run.began)) / done / 1000)} left`;
};

// --- What is shown ---

let announced = 0;

const showButton = (name, isShown, text) => {
  buttons[name].hidden = !isShown;
  if (text) buttons[name].textContent = text;
};

const showButtons = (total) => {
  const [ready, running, retriable] = [count("ready"), count(...RUNNING), count("refused", "cancelled")];
  showButton("find", ready > 0, ready > 1 ? `Find the points in ${ready} photos` : "Find the points");
  showButton("cancel", running > 0 && total > 1);
  showButton("retry", !running && retriable > 1, `Try ${retriable} again`);
  const keys = found().map(({ key }) => key);
  showButton("history", !running && !ready && total > 1 && keys.length > 0, `View ${many(keys.length, "result")}`);
  buttons.history.href = `${historyPage}?results=${keys.join(".")}`;
  chooseLabel.textContent = total ? chooseLabel.dataset.more : idle.choose;
  if (addButton) addButton.textContent = ready ? addButton.dataset.add : idle.add;
};

// When a focused button goes away, the focus moves to what replaced it.
const moveFocus = () => {
  const button = Object.values(buttons).find((each) => !each.hidden);
  (button ?? rows.querySelector("[data-part=actions] > :not([hidden])"))?.focus();
};

// Announced only when it is new, and of many photos at every tenth: bars move many times a second.
const showTexts = (total) => {
  const texts = [[progressText, summary()], [foundText, total > 1 ? foundSummary() : ""], [timeText, timeLeft()]];
  const changed = texts.filter(([element, text]) => element.textContent !== text);
  if (!changed.length) return;
  const tenth = Math.floor((10 * finished()) / total);
  status.ariaLive = total < COMPACT_FROM || !count(...RUNNING) || tenth !== announced ? "polite" : "off";
  announced = tenth;
  for (const [element, text] of changed) element.textContent = text;
};

const update = () => {
  const total = rows.children.length;
  const focused = Object.values(buttons).find((each) => each === document.activeElement);
  card.classList.toggle("has-rows", total > 0);
  rows.hidden = total === 0;
  progress.classList.toggle("is-single", total < 2);
  rows.classList.toggle("is-compact", total >= COMPACT_FROM);
  showTexts(total);
  bar.hidden = count(...RUNNING) === 0;
  bar.max = Math.max(1, total - count("ready"));
  bar.value = finished();
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
