// One chosen photo: what it shows and which actions it has in each state.
// States: ready, waiting, sending, paused, done, refused, cancelled; and invalid for what cannot be sent at all.

import { ROW_CHANGED, send } from "./upload-events.js";

export const RUNNING = ["waiting", "sending", "paused"];

const formatBytes = (size) => {
  if (size < 2 ** 20) return `${Math.max(1, Math.round(size / 2 ** 10))} KB`;
  return `${(size / 2 ** 20).toFixed(1)} MB`;
};

class PhotoRow extends HTMLElement {
  state = "ready";
  details = "";

  part(name) {
    return this.querySelector(`[data-part=${name}]`);
  }

  get actions() {
    return [...this.part("actions").children];
  }

  describe(name, details) {
    this.part("name").textContent = name;
    this.part("name").title = name;
    this.part("bar").setAttribute("aria-label", `Progress of ${name}`);
    for (const action of this.actions) action.setAttribute("aria-label", `${action.title} ${name}`);
    this.details = details;
  }

  // `fault` is why it is not sent at all; empty if it can be.
  setFile(file, fault, isSent) {
    this.file = file;
    this.describe(file.name, formatBytes(file.size));
    this.showPicture(URL.createObjectURL(file));
    this.start(fault, isSent);
  }

  setAddress(address, fault, isSent) {
    this.address = address;
    this.describe(address, "Will be fetched when you send it");
    this.start(fault, isSent);
  }

  start(fault, isSent) {
    if (fault) this.show("invalid", fault);
    else this.show(isSent ? "waiting" : "ready", isSent ? "Waiting" : "");
  }

  setSample(button) {
    const image = button.querySelector("img");
    this.sample = button.value;
    this.describe(button.dataset.label, "Sample");
    this.showPicture(image.currentSrc || image.src);
    this.show("waiting");
  }

  // A photo that the browser cannot show may still be one for the server.
  showPicture(source) {
    const image = this.part("picture").querySelector("img");
    image.addEventListener("error", () => URL.revokeObjectURL(source));
    image.addEventListener("load", () => {
      URL.revokeObjectURL(source);
      image.classList.add("is-shown");
      if (!this.file) return;
      this.details = `${image.naturalWidth} × ${image.naturalHeight} · ${formatBytes(this.file.size)}`;
      if (this.state === "ready") this.part("status").textContent = this.details;
    });
    image.src = source;
  }

  // `progress` is the fraction that has been sent; null if it is unknown.
  show(state, text = "", progress = null) {
    const focused = document.activeElement;
    this.state = state;
    this.dataset.state = state;
    this.text = text;
    this.part("status").textContent = text || this.details;
    const bar = this.part("bar");
    bar.hidden = !RUNNING.includes(state);
    if (progress === null) bar.removeAttribute("value");
    else bar.value = progress;
    for (const action of this.actions) action.hidden = !action.dataset.states.split(" ").includes(state);
    if (focused.hidden && this.actions.includes(focused)) this.actions.find((action) => !action.hidden)?.focus();
    send(this, ROW_CHANGED);
  }

  // `found` has the key of the result in the history, and the number of faces; null if the engine failed.
  finish(url, text, found) {
    this.url = url;
    this.found = found;
    this.part("view").href = url;
    this.show("done", text);
  }
}

customElements.define("photo-row", PhotoRow);
