"""The embedded engine: a detector, a mesh and the layout that reads the 90 points off it."""
