// Says how far the list is and offers what can be done with it.

const card = document.querySelector("[data-submit-card]");
const rows = card.querySelector("[data-rows]");
const tally = card.querySelector("[data-tally]");
const words = tally.querySelector("[data-tally-words]");
const bar = tally.querySelector("progress");
const told = card.querySelector("[data-told]");
const label = card.querySelector("[data-more]");
const add = card.querySelector("[data-add]");
const offers = Object.fromEntries([...card.querySelectorAll("[data-queue]")].map((each) => [each.dataset.queue, each]));
const firstLabel = label.textContent;
const addLabel = add?.textContent;

const photos = (count) => (count === 1 ? "1 photo" : `${count} photos`);
const count = (...states) => [...rows.children].filter((row) => states.includes(row.state)).length;

const sentence = (all) => {
  const [only] = rows.children;
  if (all === 1 && ["refused", "unfit", "cancelled"].includes(only.state)) return only.words;
  const [running, done] = [count("waiting", "sending", "pausing"), count("done")];
  const [ready, refused, cancelled] = [count("ready"), count("refused", "unfit"), count("cancelled")];
  const parts = [];
  if (running || done || cancelled || count("refused")) parts.push(`Sent ${done} of ${all - ready}`);
  else if (ready) parts.push(`${photos(ready)} chosen`);
  if (refused) parts.push(`${refused} refused`);
  if (cancelled) parts.push(`${cancelled} cancelled`);
  return parts.join(", ");
};

const offer = (name, isOffered, text) => {
  offers[name].hidden = !isOffered;
  if (text) offers[name].textContent = text;
};

const show = () => {
  const all = rows.children.length;
  const focused = Object.values(offers).find((each) => each === document.activeElement);
  const [ready, running] = [count("ready"), count("waiting", "sending", "pausing")];
  const again = count("refused", "cancelled");
  card.classList.toggle("has-rows", all > 0);
  rows.hidden = all === 0;
  tally.classList.toggle("is-alone", all < 2);
  // Said anew only when it is new: bars move many times a second.
  if (words.textContent !== sentence(all)) words.textContent = sentence(all);
  bar.hidden = running === 0;
  bar.max = Math.max(1, all - ready);
  bar.value = count("done", "refused", "cancelled", "unfit");
  offer("find", ready > 0, ready > 1 ? `Find the points in ${ready} photos` : "Find the points");
  offer("cancel", running > 0 && all > 1);
  offer("retry", !running && again > 1, `Try ${again} again`);
  offer("history", !running && !ready && all > 1 && count("done") > 0);
  label.textContent = all ? label.dataset.more : firstLabel;
  if (add) add.textContent = ready ? add.dataset.add : addLabel;
  if (focused?.hidden) nextFocus();
};

// Who pressed a button that goes away is led on to what came in its place.
const nextFocus = () => {
  const offered = Object.values(offers).find((each) => !each.hidden);
  (offered ?? rows.querySelector(".row-actions > :not([hidden])"))?.focus();
};

card.addEventListener("row-changed", show);
document.addEventListener("submit-told", ({ detail }) => {
  told.textContent = detail;
});
