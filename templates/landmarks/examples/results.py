import os

import requests

session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['FACESITE_TOKEN']}"

# Analyse a photo and keep the result.
with open("photo.jpg", "rb") as photo:
    made = session.post("{{ base }}/api/results", files={"photo": photo})
made.raise_for_status()
for face in made.json()["faces"]:
    print("tip of the nose:", face["points"]["nose"][0], "head:", face["pose"])

# Export it as a table.
table = session.get(made.json()["exports"]["csv"])
table.raise_for_status()
print(table.text.splitlines()[0])

# All results, page by page.
page = "{{ base }}/api/results"
while page:
    answer = session.get(page)
    answer.raise_for_status()
    for result in answer.json()["results"]:
        print(result["created"], result["name"], result["face_count"])
    page = answer.json()["next"]
