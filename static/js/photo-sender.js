// Sends one row for each "row-send" and shows in it how far that is; "row-cancel" ends it.
// Where the site is busy it waits as long as it is told and tries again by itself.

const TRIES = 5;
const LONGEST_PAUSE = 120;
const LONGEST_SILENCE = 120_000;
const FINAL = [413, 415];
const REFUSALS = {
  0: "The connection broke before there was an answer. Check the network, then try again.",
  403: "This page was open for too long. Load it again, then send the photo once more.",
  413: "The server takes no file as large as this one. Send a smaller copy.",
  504: "The server gave no answer in time. Try again later.",
};

const bodyOf = (row) => {
  const body = new FormData(row.closest("form"));
  for (const name of ["photo", "image_url", "sample"]) body.delete(name);
  if (row.file) body.set("photo", row.file, row.file.name);
  else if (row.address) body.set("image_url", row.address);
  else body.set("sample", row.sample);
  return body;
};

// Settles with the request when it has ended, in whichever way.
const post = (row, signal) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let silence;
    const listen = () => {
      clearTimeout(silence);
      silence = setTimeout(() => request.abort(), LONGEST_SILENCE);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      listen();
      const share = loaded / total;
      if (row.file && share < 1) row.show("sending", `Sending, ${Math.floor(100 * share)} %`, share);
    });
    request.upload.addEventListener("load", () => row.show("sending", "Looking for faces …"));
    request.addEventListener("loadend", () => {
      clearTimeout(silence);
      resolve(request);
    });
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", row.closest("form").action);
    request.setRequestHeader("Accept", "application/json");
    listen();
    request.send(bodyOf(row));
  });

// A proxy in between may answer with a page of its own.
const answerOf = ({ responseText }) => {
  try {
    return JSON.parse(responseText) ?? {};
  } catch {
    return {};
  }
};

const secondsToWait = (request) => {
  const told = request.status === 429 || request.status === 503 ? request.getResponseHeader("Retry-After") : null;
  if (!told) return null;
  const seconds = Number.isNaN(Number(told)) ? (Date.parse(told) - Date.now()) / 1000 : Number(told);
  return seconds <= LONGEST_PAUSE ? Math.max(1, Math.ceil(seconds)) : null;
};

const pause = async (row, seconds, signal) => {
  for (let left = seconds; left > 0 && !signal.aborted; left -= 1) {
    row.show("pausing", `The site is busy. Trying again in ${left} s`, 1 - left / seconds);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

const refuse = (row, status, words = REFUSALS[status] ?? `The server failed (${status}). Try again later.`) =>
  row.show(FINAL.includes(status) ? "unfit" : "refused", words);

const send = async (row, signal) => {
  for (let tries = 1; ; tries += 1) {
    row.show("sending", row.address ? "Fetching the photo …" : "Sending …", row.file ? 0 : null);
    const request = await post(row, signal);
    if (signal.aborted) return;
    const answer = answerOf(request);
    if (request.status === 201) return row.arrive(answer.url, answer.words);
    const seconds = tries < TRIES ? secondsToWait(request) : null;
    if (seconds === null) return refuse(row, request.status, answer.error?.message);
    await pause(row, seconds, signal);
    if (signal.aborted) return;
  }
};

document.addEventListener("row-send", ({ target: row }) => {
  const cancelled = new AbortController();
  row.addEventListener("row-cancel", () => cancelled.abort(), { once: true });
  send(row, cancelled.signal);
});

// What has arrived whole cannot be called back.
document.addEventListener("row-cancel", ({ target: row }) => {
  const hasArrived = row.state === "sending" && row.part("bar").position === -1;
  row.show("cancelled", hasArrived ? "Cancelled, but it may have reached the history" : "Cancelled");
});
