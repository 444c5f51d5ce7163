// Run with a client that openapi-generator made for fetch: ADDRESS TOKEN PHOTO; prints what it got as a line of JSON.
import { readFile } from "node:fs/promises";
import { Configuration, AceDataCloudApi, RefusalFromJSON, ResponseError, ResultsApi } from "./client/index.js";

const [address, token, path] = process.argv.slice(2);
const settings = new Configuration({ basePath: address, accessToken: token });
const vendor = new AceDataCloudApi(settings);
const results = new ResultsApi(settings);
const photo = new File([await readFile(path!)], "photo.jpg", { type: "image/jpeg" });

const uploaded = await vendor.upload({ file: photo });
const answer = await vendor.analyze({ analyzeIn: { imageUrl: uploaded.url, mode: 1 } });
const byFile = await results.uploadResult({ photo, name: "by file" });
const request = { idempotencyKey: crypto.randomUUID(), resultIn: { imageUrl: uploaded.url, note: "by address" } };
const byAddress = await results.createResult(request);
const again = await results.createResult(request);
const id = byFile.id;
const table = await results.exportResult({ id, formatName: "csv" });
const deleted = await results.deleteResultRaw({ id });
const code = await results.readResult({ id }).then(
  () => "none",
  async (error: ResponseError) => RefusalFromJSON(await error.response.json()).error.code,
);
console.log(
  JSON.stringify({
    largest: [answer.faceShapeSet.length, answer.faceShapeSet[0]!.mouth.length],
    by_file: [byFile.name, byFile.faceCount, byFile.faces[0]!.points.nose.length],
    by_address: [byAddress.note, byAddress.id === again.id],
    table: (await table.text()).trimEnd().split("\n").length,
    deleted: deleted.raw.status,
    error: code,
  }),
);
