"""The order of the 90 points as rules that every true answer keeps, in the frame of the upright face."""

import math
from collections.abc import Mapping, Sequence

Point = tuple[float, float]
Regions = Mapping[str, Sequence[Point]]


def upright(regions: Regions) -> dict[str, list[Point]]:
    """The same points turned so that the line between the outer eye corners is level."""
    (ax, ay), (bx, by) = regions["left_eye"][0], regions["right_eye"][0]
    angle = math.atan2(by - ay, bx - ax)
    cos, sin = math.cos(angle), math.sin(angle)
    return {name: [(x * cos + y * sin, y * cos - x * sin) for x, y in points] for name, points in regions.items()}


def broken_rules(regions: Regions) -> list[str]:
    """The names of the rules that these points break."""
    face = upright(regions)
    return [name for name, holds in {**sides(face), **rings(face), **middles(face)}.items() if not holds]


def sides(face: Regions) -> dict[str, bool]:
    left_eye, right_eye = face["left_eye"], face["right_eye"]
    left_brow, right_brow = face["left_eye_brow"], face["right_eye_brow"]
    profile, mouth, nose = face["face_profile"], face["mouth"], face["nose"]
    return {
        "left eye is left of right eye": left_eye[4][0] < right_eye[4][0],
        "left eye begins at its outer corner": left_eye[0][0] < left_eye[4][0],
        "right eye begins at its outer corner": right_eye[0][0] > right_eye[4][0],
        "left brow begins at its outer tip": left_brow[0][0] < left_brow[4][0],
        "right brow begins at its outer tip": right_brow[0][0] > right_brow[4][0],
        "contour runs from left to right": profile[0][0] < profile[10][0] < profile[20][0],
        "mouth begins at its left corner": mouth[0][0] < mouth[6][0],
        "left wing of the nose is left": nose[5][0] < nose[9][0],
    }


def rings(face: Regions) -> dict[str, bool]:
    rules = {}
    for name in ("left_eye", "right_eye", "left_eye_brow", "right_eye_brow"):
        points = face[name]
        rules[f"{name}: lower edge first"] = points[2][1] > points[6][1]
        rules[f"{name}: lower edge runs inwards"] = abs(points[1][0] - points[0][0]) < abs(points[3][0] - points[0][0])
        rules[f"{name}: upper edge runs outwards"] = abs(points[5][0] - points[0][0]) > abs(points[7][0] - points[0][0])
    mouth = face["mouth"]
    rules["lower lip first"] = mouth[3][1] > mouth[9][1]
    rules["outer lower lip runs to the right"] = [p[0] for p in mouth[1:6]] == sorted(p[0] for p in mouth[1:6])
    rules["outer upper lip runs to the left"] = [p[0] for p in mouth[7:12]] == sorted(p[0] for p in mouth[7:12])[::-1]
    rules["inner lower lip runs to the right"] = mouth[12][0] < mouth[14][0] < mouth[16][0]
    rules["inner upper lip runs to the left"] = mouth[17][0] > mouth[19][0] > mouth[21][0]
    return rules


def middles(face: Regions) -> dict[str, bool]:
    profile, mouth, nose = face["face_profile"], face["mouth"], face["nose"]
    return {
        "inner lips lie within the outer": mouth[9][1] < mouth[19][1] <= mouth[14][1] < mouth[3][1],
        "chin is below the mouth": profile[10][1] > mouth[3][1],
        "nose runs from root over tip to base": nose[1][1] < nose[0][1] < nose[7][1],
        "left side of the nose runs down": nose[1][1] < nose[2][1] < nose[3][1] < nose[4][1] < nose[5][1],
        "right side of the nose runs up": nose[9][1] > nose[10][1] > nose[11][1] > nose[12][1] > nose[1][1],
        "base of the nose runs to the right": nose[6][0] < nose[7][0] < nose[8][0],
        "brows lie above the eyes": face["left_eye_brow"][2][1] < face["left_eye"][6][1],
        "nose lies above the mouth": nose[7][1] < mouth[9][1],
    }
