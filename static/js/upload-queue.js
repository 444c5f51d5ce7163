// Sends the waiting photos, two at a time, and shows their progress. If the site is busy, a photo waits as long as the
// site asks for and is sent again. A single photo leads to its result.

import { ROW_CHANGED } from "./upload-events.js";
import { messageOf, upload } from "./upload-request.js";
import { RUNNING } from "./upload-row.js";

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const AT_ONCE = 2;
const INVALID = [413, 415];
const INVALID_CODES = ["address_invalid", "photo_damaged"];
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

// What would be refused again is not offered to be sent again.
const showError = (row, response) => {
  const { status, body, photoAddress } = response;
  const isInvalid = INVALID.includes(status) || INVALID_CODES.includes(body.error?.code);
  row.show(isInvalid ? "invalid" : "refused", messageOf(response));
  // A web page was sent, and names its own picture.
  row.offered = photoAddress;
  row.part("offered").hidden = !row.offered;
};

const showProgress = (row, sent) => {
  if (sent === 1) row.show("sending", "Looking for faces …");
  else if (row.address) row.show("sending", "Fetching the photo …");
  else if (row.file) row.show("sending", sent ? `Sending, ${Math.floor(100 * sent)} %` : "Sending …", sent);
  else row.show("sending", "Sending …");
};

const sendPhoto = async (row, signal) => {
  const response = await upload(card.action, formFor(row), {
    signal,
    onProgress: (sent) => showProgress(row, sent),
    onPause: (left, all) => row.show("paused", `The site is busy. Trying again in ${left} s`, 1 - left / all),
  });
  if (response?.status === 201) row.finish(response.body.url, response.body.words, response.body.results[0]);
  else if (response) showError(row, response);
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
