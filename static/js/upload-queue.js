// Sends the waiting photos, two at a time, and shows their progress. If the site is busy, a photo waits as long as the
// site asks for and is sent again. A single photo leads to its result.

import { ROW_CHANGED } from "./upload-events.js";
import { RUNNING } from "./upload-row.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const AT_ONCE = 2;
const MOST_TRIES = 5;
const LONGEST_PAUSE = 120;
const TIMEOUT_MS = 120_000;
const BUSY = [429, 503];
const INVALID = [413, 415];
const INVALID_CODES = ["address_invalid", "photo_damaged"];
const MESSAGES = {
  0: "The connection was lost. Check your network, then try again.",
  403: "This page was open for too long. Reload it, then send the photo again.",
  413: "This file is too large for the server. Send a smaller copy.",
  504: "The server took too long to respond. Try again later.",
};
const cancellations = new WeakMap();
let isScheduled = false;
let hasSent = false;

// --- One photo ---

const formFor = (row) => {
  const form = new FormData(card);
  for (const name of ["photo", "image_url", "sample"]) form.delete(name);
  if (row.file) form.set("photo", row.file, row.file.name);
  else if (row.address) form.set("image_url", row.address);
  else form.set("sample", row.sample);
  return form;
};

// Resolves to the request when it has ended, however it ended.
const post = (row, signal) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timeout;
    const restartTimeout = () => {
      clearTimeout(timeout);
      timeout = setTimeout(() => request.abort(), TIMEOUT_MS);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      restartTimeout();
      const progress = loaded / total;
      if (row.file && progress < 1) row.show("sending", `Sending, ${Math.floor(100 * progress)} %`, progress);
    });
    request.upload.addEventListener("load", () => row.show("sending", "Looking for faces …"));
    request.addEventListener("loadend", () => {
      clearTimeout(timeout);
      resolve(request);
    });
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", card.action);
    request.setRequestHeader("Accept", "application/json");
    restartTimeout();
    request.send(formFor(row));
  });

// A proxy may respond with a page of its own.
const readJson = ({ responseText }) => {
  try {
    return JSON.parse(responseText) ?? {};
  } catch {
    return {};
  }
};

// Seconds until the next try, by the header Retry-After (seconds or a date); null if there is no point in waiting.
const secondsToWait = (request) => {
  const header = BUSY.includes(request.status) ? request.getResponseHeader("Retry-After") : null;
  if (!header) return null;
  const seconds = Number.isNaN(Number(header)) ? (Date.parse(header) - Date.now()) / 1000 : Number(header);
  return seconds <= LONGEST_PAUSE ? Math.max(1, Math.ceil(seconds)) : null;
};

const pause = async (row, seconds, signal) => {
  for (let left = seconds; left > 0 && !signal.aborted; left -= 1) {
    row.show("paused", `The site is busy. Trying again in ${left} s`, 1 - left / seconds);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

// What would be refused again is not offered to be sent again.
const showError = (row, request, { code, message } = {}) => {
  const { status } = request;
  const text = message ?? MESSAGES[status] ?? `The server failed (${status}). Try again later.`;
  row.show(INVALID.includes(status) || INVALID_CODES.includes(code) ? "invalid" : "refused", text);
  // A web page was sent, and names its own picture.
  row.offered = request.getResponseHeader("X-Photo-Address");
  row.part("offered").hidden = !row.offered;
};

const sendPhoto = async (row, signal) => {
  for (let tries = 1; ; tries += 1) {
    row.show("sending", row.address ? "Fetching the photo …" : "Sending …", row.file ? 0 : null);
    const request = await post(row, signal);
    if (signal.aborted) return;
    const body = readJson(request);
    if (request.status === 201) return row.finish(body.url, body.words, body.results[0]);
    const seconds = tries < MOST_TRIES ? secondsToWait(request) : null;
    if (seconds === null) return showError(row, request, body.error);
    await pause(row, seconds, signal);
    if (signal.aborted) return;
  }
};

// What has arrived whole cannot be recalled.
const cancel = (row) => {
  const hasArrived = row.state === "sending" && row.part("bar").position === -1;
  cancellations.get(row)?.abort();
  row.show("cancelled", hasArrived ? "Cancelled, but the photo may be in the history" : "Cancelled");
};

// --- All of them ---

const rowsIn = (...states) => [...rows.children].filter((row) => states.includes(row.state));
const isRunning = () => rowsIn(...RUNNING).length > 0;

const advance = () => {
  isScheduled = false;
  // A paused photo keeps its turn: others would be turned away as well.
  const free = AT_ONCE - rowsIn("sending", "paused").length;
  for (const row of rowsIn("waiting").slice(0, Math.max(0, free))) {
    hasSent = true;
    cancellations.set(row, new AbortController());
    sendPhoto(row, cancellations.get(row).signal);
  }
  if (!hasSent || isRunning()) return;
  hasSent = false;
  const [first, ...others] = rows.children;
  if (first?.state === "done" && !others.length) window.location.assign(first.url);
};

card.addEventListener(ROW_CHANGED, () => {
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(advance);
});

const start = (...states) => {
  for (const row of rowsIn(...states)) row.show("waiting", "Waiting", 0);
};

const actions = {
  find: () => start("ready"),
  retry: () => start("refused", "cancelled"),
  // Waiting photos first, so that none of them starts when a running one ends.
  cancel: () => [...rowsIn("waiting"), ...rowsIn("sending", "paused")].forEach(cancel),
};

card.addEventListener("click", ({ target }) => {
  actions[target.closest("[data-queue]")?.dataset.queue]?.();
});

rows.addEventListener("click", ({ target }) => {
  const action = target.closest("[data-action]")?.dataset.action;
  const row = target.closest("photo-row");
  if (action === "retry") row.show("waiting", "Waiting", 0);
  if (action === "cancel") cancel(row);
  if (action === "use") row.setAddress(row.offered, "", true);
});

window.addEventListener("beforeunload", (event) => {
  if (isRunning()) event.preventDefault();
});
