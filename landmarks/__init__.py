"""The application: 90 facial keypoints of every face in a photo."""

__version__ = "0.1.0"
