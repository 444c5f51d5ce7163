"""Processes that are measured from outside."""

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.process import cpu_seconds, family, running

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="only Linux has /proc")
PARENT = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "sum(range(10**7)); print('done', flush=True); input()"])
child.wait()
"""


def test_the_cpu_time_of_a_process_includes_its_children():
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        own, child = family(process.pid)
        assert own == process.pid
        assert cpu_seconds(process.pid) >= cpu_seconds(child) > 0
        process.stdin.close()


def test_a_module_answers_each_line_with_its_cpu_time(models_dir, images):
    with running("benchmarks.bare_work", models_dir, 2, images / "obama-240p.jpg") as child:
        assert [child.ask() > 0, child.ask() > 0] == [True, True]
