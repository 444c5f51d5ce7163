"""The load of docs/deployment.md, for a moment: everything answered, nothing lost, nothing logged."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import BASE_DIR


def test_uploading_and_browsing_at_once_lose_nothing(models_dir: Path) -> None:
    command = [sys.executable, "-m", "tests.load", "--seconds", "3"]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 faults, exit status 0, 0 lines logged" in done.stdout
