// Stores the time zone of this browser in a cookie for the server, and converts the times on the first page.

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
