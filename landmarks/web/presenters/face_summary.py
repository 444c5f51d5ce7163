"""All faces of a photo in a sentence, for people who do not see it."""

from landmarks.core.faces import Face
from landmarks.web.presenters.measurements import eyes, mouth

TURNED = 15
"""Degrees from which a head counts as turned to a side."""
THIRDS = (0.38, 0.62)


def sentence(faces: tuple[Face, ...], width: int, height: int) -> str:
    """All faces for screen readers: "2 faces; face 1, centre left, looking right, mouth closed; …"."""
    count = "1 face" if len(faces) == 1 else f"{len(faces)} faces"
    descriptions = (
        ", ".join([f"face {number}", position(face, width, height), *direction(face), f"mouth {mouth(face).lower()}"])
        for number, face in enumerate(faces, start=1)
    )
    return "; ".join([count, *descriptions]) + "."


def position(face: Face, width: int, height: int) -> str:
    """Where the face is in the photo, by thirds of it."""
    x, y = face.box.centre
    row, column = third(y / height, "top", "bottom"), third(x / width, "left", "right")
    return row if row == column else f"{row} {column}"


def third(fraction: float, before: str, after: str) -> str:
    low, high = THIRDS
    if fraction < low:
        return before
    return after if fraction > high else "centre"


def direction(face: Face) -> list[str]:
    """Where the head is turned, if the engine reports it, and whether the eyes are closed or covered."""
    found = []
    if face.pose:
        directions = [
            positive if angle > 0 else negative
            for angle, positive, negative in ((face.pose.yaw, "right", "left"), (face.pose.pitch, "up", "down"))
            if abs(angle) >= TURNED
        ]
        found.append(f"looking {' and '.join(directions) or 'straight ahead'}")
    if eyes(face) in ("Closed", "Covered"):
        found.append(f"eyes {eyes(face).lower()}")
    return found
