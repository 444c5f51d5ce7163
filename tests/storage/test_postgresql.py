"""The same results in PostgreSQL: the tests of the service and the history run again, on a cluster of their own."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import BASE_DIR

FILES = [
    "tests/services/test_runs.py",
    "tests/services/test_concurrent_runs.py",
    "tests/services/test_run_again.py",
    "tests/services/test_jobs.py",
    "tests/services/test_collections.py",
    "tests/storage/test_jobs.py",
    "tests/storage/test_locks.py",
    "tests/storage/test_search.py",
    "tests/storage/test_result_counts.py",
    "tests/storage/test_time_limits.py",
    "tests/storage/test_deletion.py",
    "tests/storage/test_durability.py",
    "tests/storage/test_quota.py",
    "tests/server/test_cleanup_thread.py",
    "tests/cli/test_sweep.py",
    "tests/models/test_migrations.py",
    "tests/http/test_history_query.py",
    "tests/web/test_history.py",
    "tests/web/test_bulk.py",
    "tests/web/test_select_all.py",
]


def test_results_are_kept_found_and_deleted_in_postgresql_too(database_url: str, models_dir: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", *FILES]
    # Not as a worker of this run, and without its options.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment = {**inherited, "DATABASE_URL": database_url, "MODELS_DIR": str(models_dir)}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
