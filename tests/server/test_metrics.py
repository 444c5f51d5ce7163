"""Figures and logs of a site that runs, with one process and with several."""

import json
import os
import signal
from pathlib import Path

import pytest
import requests

from tests.http.test_metrics import figures
from tests.patience import PATIENCE
from tests.server.test_serve import serving

RESULT = "0c1d2e3f-0000-4000-8000-123456789abc"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_all_processes_of_a_site_count_together(tmp_path: Path, models_dir: Path, workers: str) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    environment = {"METRICS": "on", "TMPDIR": str(temporary)}
    with serving(tmp_path / "data", models_dir, "--workers", workers, **environment) as running:
        for _ in range(20):
            assert requests.get(f"{running.address}/healthz", timeout=PATIENCE).status_code == 200
        found = figures(running.get("/metrics").text)
        assert found["facesite_responses_total", "GET", "healthz", "200"] == 20
        assert found["facesite_request_seconds_count", "GET", "healthz"] == 20
        assert running.get("/metrics", **{"X-Forwarded-For": "192.0.2.1"}).status_code == 404
        running.stop(signal.SIGTERM)
    assert not list(temporary.glob("facesite-metrics-*"))


def test_nothing_is_counted_by_default(tmp_path: Path, models_dir: Path) -> None:
    with serving(tmp_path / "data", models_dir) as running:
        assert running.get("/metrics").status_code == 404
        loaded = Path(f"/proc/{running.process.pid}/maps")
        if os.path.exists(loaded):
            assert "prometheus" not in loaded.read_text()


def test_the_log_can_be_json(tmp_path: Path, models_dir: Path) -> None:
    with serving(tmp_path / "data", models_dir, LOG_FORMAT="json") as running:
        answer = running.get("/", Host=f"{RESULT}.example")
        assert answer.status_code == 400
        _, output = running.stop(signal.SIGTERM)
    (line,) = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    assert line["level"] == "WARNING"
    assert line["logger"] == "facesite.error_views"
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert line["message"].startswith("A request for the host")
    assert set(line) == {"time", "level", "logger", "request_id", "message"}  # no job
