// What every page does: local times, and taking what is dropped or pasted.

// --- Local times: the time zone goes into a cookie for the server, and the times on the first page are converted. ---

const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
const root = new URL(document.querySelector("a.brand").href).pathname;
const cookie = `facesite_zone=${timeZone}`;

if (timeZone && !document.cookie.split("; ").includes(cookie)) {
  const isSecure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${cookie}; path=${root}; max-age=31536000; samesite=lax${isSecure}`;
  for (const time of document.querySelectorAll("time[data-clock]")) {
    time.textContent = new Date(time.dateTime).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  }
  document.querySelector("[data-zone]")?.remove();
}

// --- Dropping and pasting: a dropped file is never opened in place of the page. dropped.js, which is loaded when it is
// needed, knows what becomes of it. ---

const OWN = "own";
const { classList } = document.documentElement;

// Read at once: after the event there is nothing in it.
const take = (event, transfer) => {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.());
  const given = [[...transfer.files], entries, transfer.getData("url"), transfer.getData("text")];
  const report = () => alert("Check your network, then reload the page.");
  import("./dropped.js").then(({ receive }) => receive(event, ...given), report);
};

// Pictures and links of the page itself are not new photos, and a link may be dropped into a text field.
const drag = (event) => {
  const { types } = event.dataTransfer;
  const isLink = types.includes("text/uri-list") && !/text|search/.test(event.target.type);
  if (types.includes(OWN) || !(isLink || types.includes("Files"))) return;
  event.preventDefault();
  if (!classList.toggle("is-dropping", event.type === "dragover")) take(event, event.dataTransfer);
};

addEventListener("dragstart", ({ dataTransfer }) => dataTransfer.setData(OWN, ""));
addEventListener("dragover", drag);
addEventListener("drop", drag);
addEventListener("dragleave", ({ relatedTarget }) => relatedTarget || classList.remove("is-dropping"));
addEventListener("paste", (event) => take(event, event.clipboardData));
