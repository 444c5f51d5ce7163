"""Run with a client that openapi-python-client made: ADDRESS TOKEN PHOTO; prints what it got as a line of JSON."""

import json
import sys
from pathlib import Path
from uuid import uuid4

from facesite_client.api.ace_data_cloud import analyze, upload
from facesite_client.api.results import create_result, delete_result, export_result, read_result, upload_result
from facesite_client.client import AuthenticatedClient
from facesite_client.models import (
    AnalyzeIn,
    AnalyzeInMode,
    AnalyzeOut,
    ExportResultFormatName,
    FileOut,
    Refusal,
    ResultIn,
    ResultOut,
    UploadBody,
    UploadResultBody,
)
from facesite_client.types import File

address, token, photo = sys.argv[1:]
client = AuthenticatedClient(base_url=address, token=token)


def file() -> File:
    return File(payload=Path(photo).open("rb"), file_name="photo.jpg", mime_type="image/jpeg")  # noqa: SIM115


uploaded = upload.sync(client=client, body=UploadBody(file=file()))
assert isinstance(uploaded, FileOut)
answer = analyze.sync(client=client, body=AnalyzeIn(image_url=uploaded.url, mode=AnalyzeInMode.VALUE_1))
assert isinstance(answer, AnalyzeOut)
by_file = upload_result.sync(client=client, body=UploadResultBody(photo=file(), name="by file"))
assert isinstance(by_file, ResultOut)
key = str(uuid4())
by_address, again = (
    create_result.sync(client=client, body=ResultIn(image_url=uploaded.url, note="by address"), idempotency_key=key)
    for _ in range(2)
)
assert isinstance(by_address, ResultOut)
assert isinstance(again, ResultOut)
table = export_result.sync(by_file.id, ExportResultFormatName.CSV, client=client)
assert table
deleted = delete_result.sync_detailed(by_file.id, client=client)
missing = read_result.sync(by_file.id, client=client)
assert isinstance(missing, Refusal)
print(  # noqa: T201
    json.dumps(
        {
            "largest": [len(answer.face_shape_set), len(answer.face_shape_set[0].mouth)],
            "by_file": [by_file.name, by_file.face_count, len(by_file.faces[0].points.nose)],
            "by_address": [by_address.note, by_address.id == again.id],
            "table": len(table.payload.read().splitlines()),
            "deleted": deleted.status_code,
            "error": missing.error.code,
        }
    )
)
