"""Two hosts of which one is cut off: no error, no lost and no doubled result."""

import os
import shutil

import pytest

from tests.benchmarks.conftest import report_of
from tests.conftest import missing


@pytest.mark.slow
def test_a_host_that_is_cut_off_loses_and_doubles_nothing() -> None:
    if os.getuid() != 0 or shutil.which("ip") is None:
        missing("Hosts as network namespaces need root and iproute2")
    report = report_of("hosts", "--seconds", 10, "--clients", 2)
    assert report["problems"] == []
    jobs = report["figures"]["jobs"]["all"]
    assert jobs["done"]["median"] == jobs["results"]["median"] >= 1
