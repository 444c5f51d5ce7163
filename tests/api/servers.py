"""What tests against a running site share: tokens made in its data folder, as its owner makes them."""

import subprocess
import sys
from pathlib import Path

from tests.conftest import BASE_DIR
from tests.patience import PATIENCE
from tests.server.test_serve import environment


def make_token(data_dir: Path, *args: str) -> str:
    """The last line of what `manage.py create_token` prints."""
    done = run_command(data_dir, "create_token", *args)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def run_command(data_dir: Path, *args: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=BASE_DIR,
        env=environment(data_dir, data_dir / "models", **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
