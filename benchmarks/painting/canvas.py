"""The picture of a face in which something is painted: its frame, surfaces and shapes."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
"""Rows × columns × 3, RGB, 0 to 255."""
Shape = NDArray[np.float32]
"""Rows × columns: how much of the cover is seen, 0 to 1."""
Points = NDArray[np.float64]

EYES = ((33, 133), (263, 362))
"""Outer and inner corners, as vertices of the mesh."""
JAW = (93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323)
"""Vertices from below one ear through the chin to the other."""
SKIN_VERTICES = (50, 280, 4, 9, 101, 330)
"""On both cheeks, the nose and the forehead."""
SKINS = np.array([(236, 200, 178), (222, 178, 150), (198, 150, 120), (160, 112, 84), (118, 78, 58), (84, 56, 44)])
HAIRS = np.array([(24, 20, 18), (58, 40, 30), (110, 78, 52), (176, 140, 92), (200, 196, 190), (120, 60, 34)])
FABRICS = np.array([(235, 238, 240), (150, 190, 215), (28, 28, 32), (60, 70, 90), (120, 160, 140), (205, 180, 165)])


@dataclass
class Canvas:
    """A picture of one clear face, with the frame in which covers are drawn."""

    image: Image
    vertices: Points
    """478 × 2, in pixels."""
    points: Points
    """90 × 2, in pixels."""
    random: np.random.Generator

    def __post_init__(self) -> None:
        left, right = self.vertices[[EYES[0][0], EYES[1][0]]]
        self.middle = (left + right) / 2
        self.unit = float(np.linalg.norm(right - left))
        """Between the outer eye corners."""
        across = (right - left) / self.unit
        self.axes = np.array([across, [-across[1], across[0]]])

    def at(self, across: float, down: float) -> Points:
        """From eye distances to pixels; 0, 0 is between the eyes."""
        return np.asarray(self.middle + np.array([across, down]) @ self.axes * self.unit)

    def within(self, vertex: int) -> Points:
        """A vertex in eye distances."""
        return np.asarray(self.axes @ (self.vertices[vertex] - self.middle) / self.unit)

    def shape(self) -> Shape:
        return np.zeros(self.image.shape[:2], np.float32)

    def between(self, low: float, high: float) -> float:
        return float(self.random.uniform(low, high))

    def chance(self, share: float) -> bool:
        return bool(self.random.random() < share)

    def skin(self) -> NDArray[np.float64]:
        """The median colour of both cheeks, nose and forehead."""
        places = self.vertices[list(SKIN_VERTICES)].round().astype(int)
        size = max(1, int(self.unit * 0.06))
        samples = [
            self.image[max(y - size, 0) : y + size, max(x - size, 0) : x + size].reshape(-1, 3) for x, y in places
        ]
        found = np.concatenate(samples)
        return np.asarray(np.median(found, axis=0) if len(found) else SKINS[1], np.float64)


def noise(canvas: Canvas, size: float) -> Shape:
    """Smooth noise of mean 0 and deviation 1, with spots of so many eye distances."""
    rows, columns = canvas.image.shape[:2]
    step = max(size * canvas.unit, 1.0)
    grid = canvas.random.normal(size=(max(2, int(rows / step) + 2), max(2, int(columns / step) + 2)))
    field = cv2.resize(grid.astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    return np.asarray((field - field.mean()) / max(float(field.std()), 1e-6), np.float32)


def plain(canvas: Canvas, colour: NDArray[np.float64]) -> Image:
    surface = np.broadcast_to(colour.astype(np.float32), canvas.image.shape).copy()
    surface *= 1 + canvas.between(0.02, 0.10) * noise(canvas, canvas.between(0.15, 0.5))[..., np.newaxis]
    surface *= 1 + canvas.between(0, 0.04) * noise(canvas, 0.02)[..., np.newaxis]
    return surface


def patterned(canvas: Canvas, colour: NDArray[np.float64]) -> Image:
    """Stripes, checks or blotches in two colours."""
    other = canvas.random.uniform(10, 245, 3)
    rows, columns = canvas.image.shape[:2]
    y, x = np.mgrid[:rows, :columns].astype(np.float32) / canvas.unit
    angle, period = canvas.between(0, np.pi), canvas.between(0.05, 0.3)
    along = np.sin((x * np.cos(angle) + y * np.sin(angle)) * 2 * np.pi / period)
    beside = np.sin((y * np.cos(angle) - x * np.sin(angle)) * 2 * np.pi / period)
    kind = canvas.random.integers(3)
    field = (along, along * beside, noise(canvas, period))[kind]
    share = np.clip(field * canvas.between(1, 6) + 0.5, 0, 1)[..., np.newaxis]
    return np.asarray(plain(canvas, colour) * (1 - share) + plain(canvas, other) * share, np.float32)


def any_colour(canvas: Canvas, usual: NDArray[np.int_]) -> NDArray[np.float64]:
    if canvas.chance(0.25):
        return canvas.random.uniform(5, 250, 3)
    colour = canvas.random.choice(usual) * canvas.between(0.75, 1.1) + canvas.random.normal(0, 8, 3)
    return np.asarray(np.clip(colour, 0, 255), np.float64)


def fabric(canvas: Canvas) -> Image:
    chance = canvas.random.random()
    colour = canvas.skin() * canvas.between(0.8, 1.2) if chance < 0.12 else any_colour(canvas, FABRICS)
    return patterned(canvas, colour) if chance > 0.75 else plain(canvas, colour)


def light(canvas: Canvas, amount: float) -> Shape:
    """How the face is lit, around 1: covers are lit alike."""
    grey = canvas.image.mean(axis=2)
    smooth = cv2.GaussianBlur(grey, (0, 0), max(canvas.unit * 0.35, 1))
    x, y = np.clip(canvas.at(0, 0.4), 0, np.array(grey.shape[::-1]) - 1).astype(int)
    return np.asarray(np.clip(smooth / max(float(smooth[y, x]), 20.0), 0.35, 1.6) ** amount, np.float32)


def shade(surface: Image, shape: Shape, canvas: Canvas, depth: float) -> Image:
    """Darker towards the edge of a rounded thing."""
    inside = (shape > 0.5).astype(np.uint8)
    distance = cv2.distanceTransform(inside, cv2.DIST_L2, 3) / max(canvas.unit * 0.15, 1)
    return np.asarray(surface * (1 - depth * (1 - np.clip(distance, 0, 1)))[..., np.newaxis], np.float32)


def fill(shape: Shape, polygon: Points, value: float = 1.0) -> None:
    cv2.fillPoly(shape, [(polygon * 16).round().astype(np.int32)], value, cv2.LINE_AA, 4)


def stroke(shape: Shape, line: Points, width: float, value: float = 1.0) -> None:
    points = [(line * 16).round().astype(np.int32)]
    cv2.polylines(shape, points, False, value, max(1, round(width)), cv2.LINE_AA, 4)


def rounded(line: Points) -> Points:
    """A closed polygon, smoothed by cutting its corners twice."""
    for _ in range(2):
        after = np.roll(line, -1, axis=0)
        line = np.stack([line * 0.75 + after * 0.25, line * 0.25 + after * 0.75], axis=1).reshape(-1, 2)
    return line


def ellipse(canvas: Canvas, centre: tuple[float, float], size: tuple[float, float], turn: float = 0) -> Points:
    angles = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x, y = np.cos(angles) * size[0], np.sin(angles) * size[1]
    cos, sin = np.cos(turn), np.sin(turn)
    return np.array(
        [canvas.at(centre[0] + a * cos - b * sin, centre[1] + a * sin + b * cos) for a, b in zip(x, y, strict=True)]
    )


def paste(canvas: Canvas, surface: Image, shape: Shape, lit: float = 0.8) -> None:
    soft = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * canvas.between(0.004, 0.015)))[..., np.newaxis]
    shadow = cv2.GaussianBlur(shape, (0, 0), max(1, canvas.unit * 0.05))[..., np.newaxis]
    below = canvas.image * (1 - canvas.between(0, 0.35) * shadow)
    over = surface * light(canvas, lit * canvas.between(0.5, 1.1))[..., np.newaxis]
    canvas.image = np.clip(below * (1 - soft) + over * soft, 0, 255).astype(np.float32)
