import os

import requests

base = "{{ base }}"
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['FACESITE_TOKEN']}"

# Upload the photo. Its address is valid for 15 minutes.
with open("photo.jpg", "rb") as photo:
    upload = session.post(f"{base}/api/v1/files/", files={"file": photo})
upload.raise_for_status()

answer = session.post(f"{base}/face/analyze", json={"image_url": upload.json()["file_url"]})
answer.raise_for_status()
for face in answer.json()["face_shape_set"]:
    print("tip of the nose:", face["nose"][0])
