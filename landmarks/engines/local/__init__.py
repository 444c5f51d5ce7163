"""The embedded engine: a detector, a landmark mesh, and the 90 points computed from it."""

import os

# OpenCV reads this when it is loaded: how often its threads poll for work before they sleep. Long enough for the next
# layer of the detector, since waking them costs more; not so long that they keep the mesh from the processor.
os.putenv("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "120")
