// Shows what a filter finds as soon as it is chosen, and leaves what is empty out of the address.

const KEY = "chosen-filter";
const form = document.querySelector("[data-filters]");

form.addEventListener("change", (event) => {
  if (!event.target.matches("select")) return;
  // Whoever walks through a list by keys stays there on the next page.
  sessionStorage.setItem(KEY, event.target.name);
  form.requestSubmit();
});

form.addEventListener("formdata", (event) => {
  for (const [name, value] of [...event.formData]) if (!value) event.formData.delete(name);
});

form.elements[sessionStorage.getItem(KEY)]?.focus();
sessionStorage.removeItem(KEY);
