// The page of a collection while its photos are analysed: fetched again, and replaced where it has changed.

import { COLLECTION_CHANGED } from "./upload-events.js";

const EVERY_MS = 2000;
const SLOW = 5;
const FEWEST = 10;
let began = null;
let timer = null;

const progress = () => document.querySelector("#collection-progress");

// Rounded: the next photo may be ten times as large.
const inWords = (seconds) => {
  if (seconds < 50) return "less than a minute left";
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
};

const showLeft = () => {
  const { over, total, running } = progress().dataset;
  if (running === undefined) {
    began = null;
    return;
  }
  began ??= { at: performance.now(), over: Number(over) };
  const done = Number(over) - began.over;
  if (done < FEWEST) return;
  const seconds = ((performance.now() - began.at) / 1000 / done) * (Number(total) - Number(over));
  progress().querySelector("[data-left]").textContent = inWords(seconds);
};

// What has the focus, or is open, stays as it is until that has changed.
const isInUse = (part) => part.contains(document.activeElement) || part.querySelector("details[open]");

const replace = (next) => {
  for (const part of next.querySelectorAll("[data-live][id]")) {
    const old = document.getElementById(part.id);
    if (!old) document.querySelector("#collection-tiles").append(part);
    else if (old.outerHTML !== part.outerHTML && !isInUse(old)) old.replaceWith(part);
  }
};

let latest = null;

// A page that was fetched before is older, and is dropped even if it arrives later.
const refresh = async () => {
  latest?.abort();
  const request = new AbortController();
  latest = request;
  const started = performance.now();
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" }, signal: request.signal });
    const next = new DOMParser().parseFromString(await response.text(), "text/html");
    if (response.ok) replace(next);
  } catch {
    // The server is away for a moment; the next time may be better.
  }
  if (request !== latest) return;
  showLeft();
  schedule(Math.max(EVERY_MS, SLOW * (performance.now() - started)));
};

const schedule = (wait) => {
  clearTimeout(timer);
  if (progress().dataset.running !== undefined) timer = setTimeout(refresh, wait);
};

// Photos were added.
document.addEventListener(COLLECTION_CHANGED, () => {
  clearTimeout(timer);
  refresh();
});

showLeft();
schedule(EVERY_MS);
