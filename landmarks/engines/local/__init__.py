"""The embedded engine: a detector, a mesh and the layout that reads the 90 points off it."""

import os

# Read by OpenCV when it is loaded: how often its threads look for the next step before they sleep. Long enough for the
# detector's next layer, since waking them costs more; not so long that they hold the processor that the mesh needs.
os.putenv("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "120")
