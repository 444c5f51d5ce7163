// Shows one region alone, all of them or none, by the links that do the same without the script.

const form = document.querySelector("#plate");
const boxes = [...form.querySelectorAll("[name=regions][type=checkbox]")];
const links = [...form.querySelectorAll("[data-regions]")];

const isReset = (link) => {
  const shown = boxes.filter((box) => box.checked).map((box) => box.value);
  return shown.join() === link.dataset.regions;
};

const word = (link) => {
  const [off, on] = link.dataset.regions ? ["All", "Only"] : ["Show all", "Hide all"];
  link.firstChild.data = isReset(link) ? off : on;
};

for (const link of links) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    const showsAll = isReset(link);
    for (const box of boxes) box.checked = showsAll || box.value === link.dataset.regions;
    form.dispatchEvent(new Event("change"));
  });
}

form.addEventListener("change", () => links.forEach(word));
