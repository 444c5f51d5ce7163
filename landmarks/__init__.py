"""The application: 90 facial keypoints of every face in a photo."""
