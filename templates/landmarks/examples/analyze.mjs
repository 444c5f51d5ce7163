import { readFile } from "node:fs/promises";

const base = "{{ base }}";
const headers = { Authorization: `Bearer ${process.env.FACESITE_TOKEN}` };

async function post(path, body, more = {}) {
  const response = await fetch(base + path, { method: "POST", headers: { ...headers, ...more }, body });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}

// Upload the photo. Its address is valid for 15 minutes.
const form = new FormData();
form.append("file", new Blob([await readFile("photo.jpg")]), "photo.jpg");
const upload = await post("/api/v1/files/", form);

const answer = await post(
  "/face/analyze",
  JSON.stringify({ image_url: upload.file_url }),
  { "Content-Type": "application/json" },
);
for (const face of answer.face_shape_set) console.log("tip of the nose:", face.nose[0]);
