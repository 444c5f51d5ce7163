// Run with the types that openapi-typescript made: ADDRESS TOKEN PHOTO; prints what it got as a line of JSON.
import { readFile } from "node:fs/promises";
import createClient from "openapi-fetch";
import type { components, paths } from "./client/schema";

const [address, token, path] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${token}` } });
const photo = new Blob([await readFile(path!)], { type: "image/jpeg" });

// The type of a file is a text, which openapi-typescript says of all binary content.
function form(fields: Record<string, unknown>): FormData {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value instanceof Blob) data.append(name, value, "photo.jpg");
    else data.append(name, String(value));
  }
  return data;
}

function got<T>(answer: { data?: T; error?: components["schemas"]["Refusal"] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.error.message);
  return answer.data;
}

const file = photo as unknown as string;
const uploaded = got(await client.POST("/api/v1/files/", { body: { file }, bodySerializer: form }));
const answer = got(await client.POST("/face/analyze", { body: { image_url: uploaded.url, mode: 1, need_rotate_detection: 0, face_model_version: "3.0" } }));
const byFile = got(await client.POST("/api/results/upload", { body: { photo: file, name: "by file" }, bodySerializer: form }));
const create = () =>
  client.POST("/api/results", {
    params: { header: { "Idempotency-Key": `key of ${uploaded.url.slice(-20)}` } },
    body: { image_url: uploaded.url, note: "by address", mode: 0, need_rotate_detection: 0, face_model_version: "3.0", dense: 0, engine: "auto" },
  });
// With async=1 the answer would be a job.
function isResult(answer: components["schemas"]["ResultOut"] | components["schemas"]["JobOut"]): answer is components["schemas"]["ResultOut"] {
  return "faces" in answer;
}
const byAddress = got(await create());
const again = got(await create());
if (!isResult(byFile) || !isResult(byAddress) || !isResult(again)) throw new Error("a result was expected");
const id = byFile.id;
const table = String(got(await client.GET("/api/results/{id}/export/{format_name}", { params: { path: { id, format_name: "csv" } }, parseAs: "text" })));
const deleted = await client.DELETE("/api/results/{id}", { params: { path: { id } } });
const missing = await client.GET("/api/results/{id}", { params: { path: { id } } });
const code: string | undefined = missing.error?.error.code;
console.log(
  JSON.stringify({
    largest: [answer.face_shape_set.length, answer.face_shape_set[0]!.mouth.length],
    by_file: [byFile.name, byFile.face_count, byFile.faces[0]!.points.nose.length],
    by_address: [byAddress.note, byAddress.id === again.id],
    table: table.trimEnd().split("\n").length,
    deleted: deleted.response.status,
    error: code,
  }),
);
