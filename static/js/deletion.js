// Deletes many results step by step, and says how many are done; without this the form does it in one go.

const form = document.querySelector("[data-deletion]");
const progress = form.querySelector("[data-progress]");
const bar = progress.querySelector("progress");
const total = Number(form.dataset.deletion);

const show = (text, count) => {
  progress.hidden = false;
  bar.hidden = count === undefined;
  bar.value = count ?? 0;
  progress.querySelector("span").textContent = text;
};

const deleteSome = async (body) => {
  const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
};

const deleteAll = async () => {
  const body = new FormData(form);
  let step;
  show(progress.querySelector("span").textContent, 0);
  do {
    step = await deleteSome(body);
    show(`${step.deleted.toLocaleString("en")} of ${total.toLocaleString("en")} deleted`, step.deleted);
    // The next step goes on with this one, so that all of them are undone together.
    body.set("continue", "1");
  } while (!step.finished);
  location.assign(step.url);
};

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const buttons = form.querySelector(".actions");
  buttons.inert = true;
  try {
    await deleteAll();
  } catch (error) {
    buttons.inert = false;
    show(error instanceof SyntaxError || error instanceof TypeError ? "The site can’t be reached. Try again." : error.message);
  }
});
