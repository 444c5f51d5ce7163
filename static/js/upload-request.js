// One form on its way to the site. While the site is busy, it is sent again as soon as the site asks for.

const MOST_TRIES = 5;
const LONGEST_PAUSE = 120;
const TIMEOUT_MS = 120_000;
const BUSY = [429, 503];
const MESSAGES = {
  0: "The connection was lost. Check your network, then try again.",
  403: "This page was open for too long. Reload it, then send the photo again.",
  413: "This file is too large for the server. Send a smaller copy.",
  504: "The server took too long to respond. Try again later.",
};

// Resolves to the request when it has ended, however it ended.
const post = (address, form, signal, onProgress) =>
  new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timeout;
    const restartTimeout = () => {
      clearTimeout(timeout);
      timeout = setTimeout(() => request.abort(), TIMEOUT_MS);
    };
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      restartTimeout();
      if (loaded < total) onProgress(loaded / total);
    });
    request.upload.addEventListener("load", () => onProgress(1));
    request.addEventListener("loadend", () => {
      clearTimeout(timeout);
      resolve(request);
    });
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    restartTimeout();
    request.send(form);
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

const pause = async (seconds, signal, onPause) => {
  for (let left = seconds; left > 0 && !signal.aborted; left -= 1) {
    onPause(left, seconds);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
};

export const messageOf = ({ status, body }) =>
  body.error?.message ?? MESSAGES[status] ?? `The server failed (${status}). Try again later.`;

// Resolves to the response, or to null if it was cancelled. `onProgress` is called with the fraction that was sent,
// `onPause` with the seconds until it is sent again, and the seconds of the whole pause. A form that is sent again
// whenever the connection was lost has `pauseWhenLost`, in seconds.
export const upload = async (address, form, { signal, onProgress, onPause, mostTries = MOST_TRIES, pauseWhenLost = 0 }) => {
  for (let tries = 1; !signal.aborted; tries += 1) {
    onProgress(0);
    const request = await post(address, form, signal, onProgress);
    if (signal.aborted) return null;
    const { status } = request;
    const seconds = status === 0 && pauseWhenLost ? pauseWhenLost : secondsToWait(request);
    if (seconds === null || tries >= mostTries) {
      return { status, body: readJson(request), photoAddress: request.getResponseHeader("X-Photo-Address") };
    }
    await pause(seconds, signal, onPause);
  }
  return null;
};
