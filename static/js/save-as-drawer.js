// "Save as" on the page of a result: the panel is fetched when it is opened. Until then, or without it, there are links.

const drawer = document.querySelector("[data-save]");

const load = async () => {
  const link = drawer.querySelector("[href$=save]");
  if (!drawer.open || !link) return;
  const response = await fetch(link.href + location.search);
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const style = page.querySelector("[data-save-style]");
  const isStyled = new Promise((resolve) => style.addEventListener("load", resolve));
  document.head.append(style);
  await isStyled;
  const panel = page.querySelector("[data-save-as]");
  const holder = document.createElement("div");
  holder.className = "drawer-panel save-as-holder";
  holder.append(panel);
  drawer.querySelector(".drawer-panel").replaceWith(holder);
  await import("./save-as.js");
  if (drawer.open) panel.querySelector("[name=format]:checked")?.focus();
};

drawer.addEventListener("toggle", load);
load();
