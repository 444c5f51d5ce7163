// The panel "Save as": options that a format has not are disabled, and the button names the format.

const panel = document.querySelector("[data-save-as]");
const text = panel.querySelector("[data-save-text]");

const show = () => {
  const format = panel.querySelector("[name=format]:checked");
  if (!format) return;
  const can = format.dataset.can.split(" ");
  for (const field of panel.querySelectorAll("[name=scheme], [name=photos], [name=guessed]")) {
    field.disabled = !can.includes(field.name);
  }
  text.textContent = `Save ${format.dataset.title}`;
};

panel.addEventListener("change", show);
window.addEventListener("pageshow", show);
show();
