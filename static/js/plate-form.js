// Shows each choice at once: fetches the page of that choice and takes over what is drawn and where links lead, so that
// focus and place stay as they are.

const form = document.querySelector("#plate");
const drawn = ".stage .overlay, .close-up .overlay";
const links = `.tab, .actions a[href*="?"]`;
let asked = new AbortController();

form.addEventListener("change", async () => {
  asked.abort();
  asked = new AbortController();
  const address = `?${new URLSearchParams(new FormData(form))}`;
  try {
    const answer = await fetch(address, { signal: asked.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [overlays, others] = [drawn, links].map((selector) => page.querySelectorAll(selector));
    document.querySelectorAll(drawn).forEach((overlay, index) => overlay.replaceWith(overlays[index]));
    document.querySelectorAll(links).forEach((link, index) => link.setAttribute("href", others[index].getAttribute("href")));
    history.replaceState(null, "", address);
  } catch (error) {
    if (error.name !== "AbortError") form.submit();
  }
});
