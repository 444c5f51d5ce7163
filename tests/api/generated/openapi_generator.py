"""Run with a client that openapi-generator made for Python: ADDRESS TOKEN PHOTO; prints what it got as JSON."""

import json
import sys
from pathlib import Path
from uuid import uuid4

import facesite_client as generated

address, token, photo = sys.argv[1:]
content = ("photo.jpg", Path(photo).read_bytes())
with generated.ApiClient(generated.Configuration(host=address, access_token=token)) as client:
    vendor, results = generated.AceDataCloudApi(client), generated.ResultsApi(client)
    uploaded = vendor.upload(content)
    answer = vendor.analyze(generated.AnalyzeIn(image_url=uploaded.url, mode=1))
    by_file = results.upload_result(content, name="by file")
    body, key = generated.ResultIn(image_url=uploaded.url, note="by address"), str(uuid4())
    by_address, again = (results.create_result(body, idempotency_key=key) for _ in range(2))
    table = results.export_result(by_file.id, "csv")
    deleted = results.delete_result_with_http_info(by_file.id)
    try:
        results.read_result(by_file.id)
    except generated.ApiException as exc:
        missing: generated.Refusal = exc.data
print(  # noqa: T201
    json.dumps(
        {
            "largest": [len(answer.face_shape_set), len(answer.face_shape_set[0].mouth)],
            "by_file": [by_file.name, by_file.face_count, len(by_file.faces[0].points.nose)],
            "by_address": [by_address.note, by_address.id == again.id],
            "table": len(table.splitlines()),
            "deleted": deleted.status_code,
            "error": missing.error.code,
        }
    )
)
