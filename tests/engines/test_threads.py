"""What other threads of a process do for one photo."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import BASE_DIR

PROGRAM = """
import sys, time
from pathlib import Path
from PIL import Image
from landmarks.core.finding import Options
from landmarks.engines.local.engine import LocalEngine
from landmarks.engines.local.threads import use_single_thread
from landmarks.photos.photo import Photo

use_single_thread()
engine = LocalEngine(Path(sys.argv[1]))
photo = Photo(Image.open(sys.argv[2]).convert("RGB"), "JPEG", 1)
engine.find(photo, Options(max_faces=1))
before, of_thread = time.process_time(), time.thread_time()
for _ in range(5):
    assert engine.find(photo, Options(max_faces=1)).faces
of_thread = time.thread_time() - of_thread
print((time.process_time() - before - of_thread) / of_thread)
"""


def test_a_single_thread_keeps_no_other_one_busy(models_dir: Path, images: Path) -> None:
    """A large matrix product would wake a thread of OpenBLAS, which keeps a core busy for long after it."""
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", PROGRAM, str(models_dir), str(images / "astronaut.jpg")]
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True)
    assert float(done.stdout) < 0.1
