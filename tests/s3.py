"""An S3-compatible store: moto's server, a process of its own with a bucket for each test."""

import subprocess
import sys
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread
from typing import Any
from uuid import uuid4

import boto3
import pytest
from botocore.config import Config

from tests.patience import PATIENCE
from tests.ports import free_port

KEY, SECRET = "name-of-the-key", "the-key-itself"  # noqa: S105


@dataclass(frozen=True)
class Bucket:
    endpoint: str
    name: str

    @property
    def settings(self) -> dict[str, str]:
        """Those of a site that uses it."""
        return {
            "S3_BUCKET": self.name,
            "S3_ENDPOINT_URL": self.endpoint,
            "S3_ACCESS_KEY": KEY,
            "S3_SECRET_KEY": SECRET,
        }

    @property
    def options(self) -> dict[str, Any]:
        """Those of a storage that uses it."""
        return {"bucket_name": self.name, "endpoint_url": self.endpoint, "access_key": KEY, "secret_key": SECRET}

    def client(self) -> Any:
        config = Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            config=config,
        )

    def contents(self) -> dict[str, bytes]:
        """Every object by its name."""
        client = self.client()
        listed = client.list_objects_v2(Bucket=self.name).get("Contents", [])
        return {each["Key"]: client.get_object(Bucket=self.name, Key=each["Key"])["Body"].read() for each in listed}


@contextmanager
def running_store(host: str = "127.0.0.1") -> Iterator[str]:
    """Its address."""
    port = free_port()
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys; from moto.server import main; main(sys.argv[1:])",
            "-H",
            host,
            "-p",
            str(port),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            assert process.stderr is not None
            # Its last line before it serves.
            assert any("Press CTRL+C" in line for line in process.stderr)
            # It logs every request, and would wait for somebody to read that.
            Thread(target=deque, args=(process.stderr, 0), daemon=True).start()
            yield f"http://{host}:{port}"
        finally:
            process.kill()
            process.wait(PATIENCE)


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    with running_store() as endpoint:
        yield endpoint


def make_bucket(endpoint: str) -> Bucket:
    made = Bucket(endpoint, f"facesite-{uuid4().hex}")
    made.client().create_bucket(Bucket=made.name)
    return made


@pytest.fixture
def bucket(s3_endpoint: str) -> Bucket:
    return make_bucket(s3_endpoint)
