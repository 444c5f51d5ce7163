// Picks out a point: the nearest one under the pointer, or by arrow keys one after the other. Who is interested hears
// of it by an event of the photo's frame; point-tip.js tells what the point is.

const form = document.querySelector("#plate");
const stage = form.querySelector("[data-stage]");
const closeUp = document.querySelector(".close-up");
const REACH = 12;
const lists = new WeakMap();
let active = null;

// Every point that is drawn, in the order of regions and indices; read once for each drawing.
const pointsIn = (overlay) => {
  if (!lists.has(overlay)) {
    const groups = [...overlay.querySelectorAll(".marks > g")];
    lists.set(overlay, groups.flatMap((group) => [...group.children].map((use, index) => {
      const { e: x, f: y } = use.transform.baseVal[0].matrix;
      const { face } = group.closest(".face").dataset;
      return { x, y, index, region: group.dataset.region, face, error: use.dataset.error, group };
    })));
  }
  return lists.get(overlay);
};

const shownIn = (host) => {
  if (!form.querySelector("[name=points][type=checkbox]").checked) return [];
  const hidden = [...form.querySelectorAll("[name=regions][type=checkbox]:not(:checked)")].map((box) => box.value);
  return pointsIn(host.querySelector(".overlay")).filter(({ region }) => !hidden.includes(region));
};

const nearest = (host, event) => {
  const overlay = host.querySelector(".overlay");
  const [box, view] = [overlay.getBoundingClientRect(), overlay.viewBox.baseVal];
  const scale = Math.min(box.width / view.width, box.height / view.height);
  const x = view.x + view.width / 2 + (event.clientX - box.left - box.width / 2) / scale;
  const y = view.y + view.height / 2 + (event.clientY - box.top - box.height / 2) / scale;
  let [best, least] = [null, REACH / scale];
  for (const point of shownIn(host)) {
    const distance = Math.hypot(point.x - x, point.y - y);
    if (distance < least && point.group.getAttribute("display") !== "none") [best, least] = [point, distance];
  }
  return best;
};

const pick = (point, isSpoken = false) => {
  if (!point && !active) return;
  active = point;
  stage.dispatchEvent(new CustomEvent("point", { detail: point && { ...point, isSpoken } }));
  if (point && isSpoken) stage.dispatchEvent(new CustomEvent("seek", { detail: [point.x, point.y] }));
};

const turn = (list, place, step) => list[(place + step + list.length) % list.length];

// By keys the points of the chosen face are walked, which are all in the close-up however small the face is.
const walk = (key) => {
  const points = shownIn(closeUp);
  if (!points.length) return null;
  const step = { ArrowRight: 1, ArrowDown: 1, "]": 1, ArrowLeft: -1, ArrowUp: -1, "[": -1 }[key];
  const at = points.findIndex(({ region, index }) => region === active?.region && index === active?.index);
  if (at < 0) return points[0];
  if (key.startsWith("Arrow")) return turn(points, at, step);
  const regions = [...new Set(points.map(({ region }) => region))];
  const next = turn(regions, regions.indexOf(active.region), step);
  return points.find(({ region }) => region === next);
};

const { label, help } = stage.dataset;
const told = { tabindex: 0, role: "application", "aria-label": label, "aria-describedby": help };
for (const name in told) stage.setAttribute(name, told[name]);

stage.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === "Escape") pick(null);
  if (!/^(Arrow\w+|\[|\])$/.test(event.key)) return;
  event.preventDefault();
  pick(walk(event.key), true);
});
stage.addEventListener("focus", () => {
  if (stage.matches(":focus-visible")) pick(walk("]"), true);
});
stage.addEventListener("blur", () => pick(null));

for (const host of [stage, closeUp]) {
  host.addEventListener("pointermove", (event) => event.buttons || pick(nearest(host, event)));
  host.addEventListener("click", (event) => pick(nearest(host, event)));
  host.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && pick(null));
}

// Another drawing may have moved on to another face; by key the walk goes on there.
stage.addEventListener("redrawn", () => {
  if (!active) return;
  const { region, index } = active;
  const again = shownIn(closeUp).find((point) => point.region === region && point.index === index);
  pick(document.activeElement === stage ? again ?? null : null, true);
});
