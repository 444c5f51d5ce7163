"""The 90 facial keypoints of every face in a photo: found, drawn and kept."""
