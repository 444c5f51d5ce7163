"""The mean face of the atlas: it can be made again, and is what the bundled photos give."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.mean_face import main, mean_face
from landmarks.core.schema import REGIONS, SPANS
from landmarks.drawing.reference_face import MEAN_FACE
from landmarks.engines.local.engine import LocalEngine


def test_the_bundled_photos_give_the_stored_face(models_dir: Path) -> None:
    mean = mean_face(LocalEngine(models_dir))
    for region in REGIONS:
        assert mean[SPANS[region.name]] == pytest.approx(np.array(MEAN_FACE[region.name]), abs=0.005)


def test_writes_the_file_that_the_drawing_reads(models_dir: Path, capfd: pytest.CaptureFixture[str]) -> None:
    main([str(models_dir)])
    assert list(json.loads(capfd.readouterr().out)) == [region.name for region in REGIONS]
