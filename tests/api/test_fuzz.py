"""The specification is what the running site does: hundreds of requests that it allows, forbids or never heard of."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import settings

from tests.api.servers import make_token
from tests.patience import PATIENCE
from tests.server.test_serve import serving

CONFIGURATION = """
[checks.negative_data_rejection]
# Beside the usual ones 414, which the server answers to a very long address.
expected-statuses = [400, 401, 403, 404, 405, 406, 409, 414, 415, 422, 428, 429, "5xx"]
"""
EXAMPLES = settings.default.max_examples // 6
"""Requests of each kind for each operation, where a property tries one function."""
NOT_CHECKED = {
    "positive_data_acceptance": "no specification can say which address has a photo with a face behind it",
    "missing_required_header": "the vendor answers a missing token by 400, not 401",
    "ignored_auth": "as above; that nothing is done without a token is tested in test_auth.py",
    "use_after_free": "it does not expect that a result can be restored; test_changes.py tests that it is gone",
}


def test_every_answer_is_as_it_is_specified(pytestconfig: pytest.Config, tmp_path: Path, models_dir: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIGURATION)
    seed = pytestconfig.option.hypothesis_seed
    with serving(tmp_path / "data", models_dir) as running:
        token = make_token(tmp_path / "data", "fuzz", "--rate", "off")
        done = subprocess.run(
            [
                Path(sys.executable).with_name("schemathesis"),
                *("run", f"{running.address}/api/openapi.json", "--header", f"Authorization: Bearer {token}"),
                *("--seed", seed, "--max-examples", str(EXAMPLES), "--no-shrink", "--no-color"),
                *("--exclude-checks", ",".join(NOT_CHECKED)),
                # How soon examples are thought of depends on what else the machine does.
                *("--suppress-health-check", "too_slow"),
            ],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE,
        )
        operations = sum(map(len, running.get("/api/openapi.json").json()["paths"].values()))
        _, log = running.stop(signal.SIGTERM)
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert f"Tested: {operations}\n" in done.stdout
    assert "Traceback" not in log
    assert token not in log
