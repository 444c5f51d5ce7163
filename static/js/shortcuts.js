// Opens the sheet of keys by its button, and closes it by Escape, its own button or a click beside it.

const sheet = document.querySelector("#shortcuts");

document.querySelector("[data-shortcuts]").addEventListener("click", () => sheet.showModal());

// Its own box is filled by what is in it, so such a click is on the backdrop.
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());
