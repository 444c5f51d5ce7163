"""A token's limit, which is exact however many processes serve and ask."""

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.servers import make_token
from tests.patience import PATIENCE
from tests.server.test_serve import Server, serving

LIMIT, PROGRAMS, TIMES = 100, 4, 60

HAMMER = """
import collections, json, sys, requests
address, token, times = sys.argv[1], sys.argv[2], int(sys.argv[3])
counts = collections.Counter()
with requests.Session() as session:
    session.trust_env = False
    session.headers["Authorization"] = f"Bearer {token}"
    for _ in range(times):
        answer = session.post(f"{address}/face/analyze", json={})
        counts[f"{answer.status_code} {answer.json()['error']['code']}"] += 1
print(json.dumps(counts))
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[Server, Path]]:
    folder = tmp_path_factory.mktemp("limit") / "data"
    with serving(folder, models_dir, "--workers", "4") as running:
        yield running, folder


def hammer(address: str, token: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", HAMMER, address, token, str(TIMES)], stdout=subprocess.PIPE, text=True
    )


def test_four_processes_are_let_through_a_hundred_times(site: tuple[Server, Path]) -> None:
    running, folder = site
    token = make_token(folder, "hammer", "--rate", f"{LIMIT}/day")
    programs = [hammer(running.address, token) for _ in range(PROGRAMS)]
    counts: Counter[str] = Counter()
    for program in programs:
        counts.update(json.loads(program.communicate(timeout=PATIENCE)[0]))
    # A request within the limit is rejected for what it lacks.
    assert counts == {"400 bad_request": LIMIT, "429 too_many_requests": PROGRAMS * TIMES - LIMIT}
