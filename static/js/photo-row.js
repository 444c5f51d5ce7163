// One chosen photo: what it shows and offers in each state. It tells of each change by the event "row-changed".
// States: ready, waiting, sending, pausing, done, refused, cancelled, and unfit for what can never be sent.

const WITH_BAR = ["waiting", "sending", "pausing"];

const bytes = (size) =>
  size < 2 ** 20 ? `${Math.max(1, Math.round(size / 2 ** 10))} KB` : `${(size / 2 ** 20).toFixed(1)} MB`;

class PhotoRow extends HTMLElement {
  state = "ready";
  facts = "";

  part(name) {
    return this.querySelector(`.row-${name}`);
  }

  hold(name, facts) {
    this.part("name").textContent = this.part("name").title = name;
    this.part("bar").setAttribute("aria-label", `Progress of ${name}`);
    for (const action of this.part("actions").children) action.setAttribute("aria-label", `${action.title} ${name}`);
    this.facts = facts;
  }

  holdFile(file, limits) {
    this.file = file;
    this.hold(file.name, bytes(file.size));
    this.picture(URL.createObjectURL(file));
    if (!file.size) this.show("unfit", limits.emptyWords);
    else if (file.size > limits.maxBytes) this.show("unfit", limits.largeWords);
    else this.show("ready");
  }

  holdAddress(address, state) {
    this.address = address;
    this.hold(address, "Fetched when it is sent");
    this.show(state);
  }

  holdSample(button) {
    const image = button.querySelector("img");
    this.sample = button.value;
    this.hold(button.dataset.label, "Sample");
    this.picture(image.currentSrc || image.src);
    this.show("waiting");
  }

  // What the browser cannot show, the server may still read.
  picture(source) {
    const image = this.part("picture").querySelector("img");
    image.addEventListener("error", () => URL.revokeObjectURL(source));
    image.addEventListener("load", () => {
      URL.revokeObjectURL(source);
      image.classList.add("is-shown");
      if (!this.file) return;
      this.facts = `${image.naturalWidth} × ${image.naturalHeight} · ${bytes(this.file.size)}`;
      if (this.state === "ready") this.part("facts").textContent = this.facts;
    });
    image.src = source;
  }

  // `share` of the photo has arrived; null where nobody can tell.
  show(state, words = "", share = null) {
    const focused = document.activeElement;
    this.state = this.dataset.state = state;
    this.words = words;
    this.part("facts").textContent = words || this.facts;
    const bar = this.part("bar");
    bar.hidden = !WITH_BAR.includes(state);
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    const actions = [...this.part("actions").children];
    for (const action of actions) action.hidden = !action.dataset.in.split(" ").includes(state);
    if (focused.hidden && actions.includes(focused)) actions.find((action) => !action.hidden)?.focus();
    this.dispatchEvent(new CustomEvent("row-changed", { bubbles: true }));
  }

  arrive(url, words) {
    this.url = this.part("view").href = url;
    this.show("done", words);
  }
}

customElements.define("photo-row", PhotoRow);
