"""Standard error without what libraries print about themselves."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from landmarks.runtime.native_output import without_infos
from tests.conftest import BASE_DIR


def test_drops_infos_and_passes_on_everything_else(capfd: pytest.CaptureFixture[str]) -> None:
    with without_infos():
        os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\nERROR: no memory\n")
        os.write(2, b"a line without an end")
    os.write(2, b"\nINFO: after the block\n")
    assert capfd.readouterr().err == "ERROR: no memory\na line without an end\nINFO: after the block\n"


def test_passes_on_what_was_printed_before_an_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="elbow"), without_infos():
        os.write(2, b"ERROR: no memory\n")
        raise ValueError("elbow")
    assert capfd.readouterr().err == "ERROR: no memory\n"


def test_does_not_wait_for_a_process_that_keeps_the_output_open(capfd: pytest.CaptureFixture[str]) -> None:
    with without_infos():
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        os.write(2, b"ERROR: no memory\n")
    assert child.poll() is None
    child.communicate(b"\n")
    assert capfd.readouterr().err == "ERROR: no memory\n"


def test_a_closed_standard_error_is_no_obstacle() -> None:
    code = "from landmarks.runtime.native_output import without_infos\nwith without_infos(): print('ran')"
    command = f'exec "{sys.executable}" -c "{code}" 2>&-'
    done = subprocess.run(["/bin/bash", "-c", command], cwd=BASE_DIR, stdout=subprocess.PIPE, text=True, check=True)
    assert done.stdout == "ran\n"


def test_the_engine_starts_in_silence(models_dir: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from landmarks.engines.local import mesh, model_files\n"
        "from landmarks.engines.local.expressions import Expressions\n"
        "import io, zipfile\n"
        "folder = Path(sys.argv[1])\n"
        "task = zipfile.ZipFile(io.BytesIO(model_files.read(model_files.MESH, folder)))\n"
        "mesh.load_network(task.read('face_landmarks_detector.tflite'))\n"
        "Expressions(folder)._run\n"
    )
    done = subprocess.run([sys.executable, "-c", code, models_dir], cwd=BASE_DIR, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_blocks_of_several_threads_leave_standard_error_as_it_was(capfd: pytest.CaptureFixture[str]) -> None:
    def run(number: int) -> None:
        for _ in range(50):
            with without_infos():
                os.write(2, b"ERROR: no memory\n")

    before = os.fstat(2)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(run, range(8)))
    assert (os.fstat(2).st_dev, os.fstat(2).st_ino) == (before.st_dev, before.st_ino)
    assert capfd.readouterr().err == "ERROR: no memory\n" * 400
