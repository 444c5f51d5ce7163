import { readFile } from "node:fs/promises";

const headers = { Authorization: `Bearer ${process.env.FACESITE_TOKEN}` };

async function ask(url, options = {}) {
  const response = await fetch(url, { headers, ...options });
  if (!response.ok) throw new Error((await response.json()).error.message);
  return response;
}

// Analyse a photo and keep the result.
const form = new FormData();
form.append("photo", new Blob([await readFile("photo.jpg")]), "photo.jpg");
const result = await (await ask("{{ base }}/api/results", { method: "POST", body: form })).json();
for (const face of result.faces) console.log("tip of the nose:", face.points.nose[0], "head:", face.pose);

// Export it as a table.
const table = await (await ask(result.exports.csv)).text();
console.log(table.split("\r\n")[0]);

// All results, page by page.
let page = "{{ base }}/api/results";
while (page) {
  const answer = await (await ask(page)).json();
  for (const each of answer.results) console.log(each.created, each.name, each.face_count);
  page = answer.next;
}
