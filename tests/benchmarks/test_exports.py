"""The benchmark of exports, on a few results."""

import pytest

from tests.benchmarks.conftest import Measure

pytestmark = pytest.mark.slow
