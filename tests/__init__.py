"""Tests of the site, the engines, the command line and the benchmarks."""

import os

# Read when NumPy is loaded. Matrices are small here, and beside other programs a second thread only waits for the
# processor: fitting the weights of covered points took ten times as long.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
