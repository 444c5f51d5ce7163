"""The embedded engine: a detector, a mesh and the layout that reads the 90 points off it."""

import os

# Read by OpenCV when it is loaded. Its threads would spin after each step, waiting for the next one, on the processor
# that the mesh needs by then: that is a sixth of the time of a selfie.
os.putenv("OPENCV_THREAD_POOL_ACTIVE_WAIT_WORKER", "0")
