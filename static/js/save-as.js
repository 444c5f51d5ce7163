// The panel "Save as": options that a format has not are disabled, the button names the format and its size, and a
// sentence says what is in it.

const panel = document.querySelector("[data-save-as]");
const text = panel.querySelector("[data-save-text]");
const note = panel.querySelector("[data-save-note]");
const photos = panel.querySelector("[name=photos]");
const schemes = [...panel.querySelectorAll("[name=scheme]")];

const inUnits = (bytes) => {
  const step = Math.min(3, Math.max(1, Math.floor(Math.log2(bytes || 1) / 10)));
  return `${Math.max(1, Number((bytes / 2 ** (10 * step)).toPrecision(2)))} ${" KMG"[step]}B`;
};

const show = () => {
  const format = panel.querySelector("[name=format]:checked");
  if (!format) return;
  const { can, title, sizes, archived, rounding } = format.dataset;
  for (const field of panel.querySelectorAll("[name=scheme], [name=photos], [name=guessed], [name=scale]")) {
    field.disabled = !can.split(" ").includes(field.name);
  }
  const scheme = schemes.find(({ checked }) => checked);
  const isArchive = photos.checked && !photos.disabled;
  const bytes = (isArchive ? archived : sizes).split(" ");
  // How large an enlarged picture gets is not known.
  const isEnlarged = panel.querySelector("[name=scale]:checked:enabled");
  const size = isEnlarged ? "enlarged" : `≈ ${inUnits(Number(bytes[schemes.indexOf(scheme)] ?? bytes[0]))}`;
  text.textContent = `Save ${title}, ${size}`;
  const points = scheme?.value && !scheme.disabled ? `${scheme.closest("label").title}, worked out from the 90.` : "";
  const zip = isArchive ? "One .zip with the photos and this file." : "";
  note.textContent = [points, rounding, zip].filter(Boolean).join(" ");
};

panel.addEventListener("change", show);
window.addEventListener("pageshow", show);
show();
