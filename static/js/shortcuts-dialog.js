// The keyboard shortcuts of the page in a dialog: part of the page that lists those of all pages.

const DIALOG = `
  <dialog class="sheet" id="shortcuts" aria-labelledby="shortcuts-heading">
    <div class="sheet-head">
      <h2 id="shortcuts-heading">Keyboard shortcuts</h2>
      <form method="dialog"><button class="button outlined">Close</button></form>
    </div>
  </dialog>`;
let dialog = null;

// `name` is whose shortcuts are shown.
const load = async (address, name) => {
  const response = await fetch(address);
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const style = page.querySelector("[rel=stylesheet][href*=shortcuts]");
  const isStyled = new Promise((resolve) => style.addEventListener("load", resolve));
  document.head.append(style);
  await isStyled;
  document.body.insertAdjacentHTML("beforeend", DIALOG);
  const loaded = document.body.lastElementChild;
  loaded.append(page.querySelector(`[data-shortcuts-of="${name}"]`));
  // The dialog is filled by its contents, so a click on itself is one on the backdrop.
  loaded.addEventListener("click", ({ target }) => target === loaded && loaded.close());
  return loaded;
};

export const open = async (address) => {
  const { hash } = new URL(address);
  dialog ??= load(address, hash.slice(1));
  const sheet = await dialog;
  if (!sheet.open) sheet.showModal();
};
