"""Painting covers over clear faces: masks, hands, hair, dark glasses, microphones, and what only looks like a cover.

Nothing here is fitted or read from a file. A cover is a shape in the frame of the face, filled with a surface, lit like
the face below it, and pasted with soft edges.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]
"""Rows × columns × 3, RGB, 0 to 255."""
Shape = NDArray[np.float32]
"""Rows × columns: how much of the cover is seen, 0 to 1."""
Points = NDArray[np.float64]
Generator = np.random.Generator

JAW = (93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323)
"""Vertices of the mesh from below one ear through the chin to the other."""
BRIDGE, TIP, LIP, CHIN = 6, 4, 0, 152
EYES = ((33, 133), (263, 362))
"""Outer and inner corners."""
SKINS = np.array([(236, 200, 178), (222, 178, 150), (198, 150, 120), (160, 112, 84), (118, 78, 58), (84, 56, 44)])
HAIRS = np.array([(24, 20, 18), (58, 40, 30), (110, 78, 52), (176, 140, 92), (200, 196, 190), (120, 60, 34)])
FABRICS = np.array([(235, 238, 240), (150, 190, 215), (28, 28, 32), (60, 70, 90), (120, 160, 140), (205, 180, 165)])
SOFT = 8
"""Fractions of a pixel in which OpenCV takes coordinates: 2 to the power of 4 would be fine enough."""


@dataclass
class Canvas:
    """A picture of one clear face, with the frame in which covers are drawn."""

    image: Image
    vertices: Points
    """478 × 2, in pixels."""
    random: Generator

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
        places = self.vertices[[50, 280, 4, 9, 101, 330]].round().astype(int)
        size = max(1, int(self.unit * 0.06))
        samples = [self.image[max(y - size, 0) : y + size, max(x - size, 0) : x + size].reshape(-1, 3) for x, y in places]
        found = np.concatenate(samples)
        return np.asarray(np.median(found, axis=0) if len(found) else SKINS[1], np.float64)


# ---------------------------------------------------------------- surfaces


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
    return np.clip(canvas.random.choice(usual) * canvas.between(0.75, 1.1) + canvas.random.normal(0, 8, 3), 0, 255)


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


# ---------------------------------------------------------------- shapes


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
    return np.array([canvas.at(centre[0] + a * cos - b * sin, centre[1] + a * sin + b * cos) for a, b in zip(x, y, strict=True)])


def paste(canvas: Canvas, surface: Image, shape: Shape, lit: float = 0.8) -> None:
    soft = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * canvas.between(0.004, 0.015)))[..., np.newaxis]
    shadow = cv2.GaussianBlur(shape, (0, 0), max(1, canvas.unit * 0.05))[..., np.newaxis]
    below = canvas.image * (1 - canvas.between(0, 0.35) * shadow)
    over = surface * light(canvas, lit * canvas.between(0.5, 1.1))[..., np.newaxis]
    canvas.image = np.clip(below * (1 - soft) + over * soft, 0, 255).astype(np.float32)


# ---------------------------------------------------------------- covers


def mask(canvas: Canvas) -> Shape:
    """Medical, cloth or respirator; sometimes worn below the nose."""
    jaw = canvas.vertices[list(JAW)]
    skipped = int(canvas.random.integers(0, 4))
    jaw = jaw[skipped : len(jaw) - skipped]
    below_nose = canvas.chance(0.08)
    if below_nose:
        top = canvas.vertices[2] * 0.7 + canvas.vertices[LIP] * 0.3
    else:
        share = canvas.between(0.15, 0.95)
        top = canvas.vertices[BRIDGE] * (1 - share) + canvas.vertices[TIP] * share
    cheeks = [canvas.vertices[a] * 0.5 + canvas.vertices[b] * 0.5 for a, b in ((118, 205), (347, 425))]
    if below_nose:
        cheeks = [jaw[0] * 0.4 + top * 0.6, jaw[-1] * 0.4 + top * 0.6]
    centre = jaw.mean(axis=0)
    outline = centre + (jaw - centre) * canvas.between(0.99, 1.1)
    shape = canvas.shape()
    fill(shape, rounded(np.vstack([outline, cheeks[1:], top[np.newaxis], cheeks[:1]])))
    surface = shade(fabric(canvas), shape, canvas, canvas.between(0, 0.5))
    lines = canvas.shape()
    if canvas.chance(0.55):  # pleats
        for at in np.linspace(0.3, 0.8, int(canvas.random.integers(2, 5))):
            middle = top * (1 - at) + canvas.vertices[CHIN] * at
            stroke(lines, np.array([outline[1], middle, outline[-2]]), canvas.unit * canvas.between(0.008, 0.03))
    elif canvas.chance(0.5):  # a seam down the middle
        stroke(lines, np.array([top, canvas.vertices[LIP], canvas.vertices[CHIN]]), canvas.unit * 0.02)
        rows, columns = shape.shape
        side = (np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) - top) @ canvas.axes[0]
        surface *= 1 + canvas.between(-0.2, 0.2) * np.tanh(side / (canvas.unit * 0.1))[..., np.newaxis].astype(np.float32)
    surface *= 1 - canvas.between(0.05, 0.3) * cv2.GaussianBlur(lines, (0, 0), max(0.6, canvas.unit * 0.01))[..., np.newaxis]
    if canvas.chance(0.6):
        straps = canvas.shape()
        for end, sign in ((outline[0], -1), (outline[-1], 1)):
            stroke(straps, np.array([end, end + canvas.axes[0] * sign * canvas.unit * 0.25 - canvas.axes[1] * canvas.unit * canvas.between(0.1, 0.4)]), canvas.unit * 0.02)
        shape = np.maximum(shape, straps)
    paste(canvas, surface, shape)
    return shape


def scarf(canvas: Canvas) -> Shape:
    """Everything below a line through nose or lips."""
    top = float(canvas.within(canvas.random.choice([TIP, 2, LIP]))[1]) + canvas.between(-0.1, 0.03)
    bend = canvas.between(-0.1, 0.15)
    across = np.linspace(-1.6, 1.6, 15)
    edge = [canvas.at(x, top + bend * x * x + canvas.between(-0.03, 0.03)) for x in across]
    shape = canvas.shape()
    fill(shape, np.vstack([edge, canvas.at(1.6, 4)[np.newaxis], canvas.at(-1.6, 4)[np.newaxis]]))
    surface = fabric(canvas) * (1 + 0.15 * np.sin(noise(canvas, 0.25) * 2))[..., np.newaxis]
    paste(canvas, np.asarray(surface, np.float32), shape)
    return shape


def hand(canvas: Canvas) -> Shape:
    """A palm with fingers, in the skin of the face or of somebody else; sometimes only an arm."""
    x, y = aim(canvas)
    skin = canvas.skin() * canvas.between(0.8, 1.15) if canvas.chance(0.6) else canvas.random.choice(SKINS) * canvas.between(0.8, 1.1)
    skin = skin + canvas.random.normal(0, 5, 3)
    turn = canvas.between(0, 2 * np.pi)
    along, beside = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
    shape, surface = canvas.shape(), plain(canvas, skin)
    if canvas.chance(0.25):
        arm = canvas.shape()
        ends = np.array([canvas.at(*(np.array([x, y]) + along * far)) for far in (-0.6, 3)])
        stroke(arm, ends, canvas.unit * canvas.between(0.6, 1.0))
        paste(canvas, shade(surface, arm, canvas, canvas.between(0.2, 0.5)), arm)
        return arm
    length, width = canvas.between(0.45, 0.8), canvas.between(0.13, 0.2)
    palm = canvas.shape()
    centre = np.array([x, y]) + along * canvas.between(0.1, 0.5)
    fill(palm, ellipse(canvas, (centre[0], centre[1]), (canvas.between(0.35, 0.5), width * 2.3), turn))
    back = np.array([canvas.at(*centre), canvas.at(*(centre + along * 2.5))])
    stroke(palm, back, canvas.unit * width * canvas.between(2.5, 4))
    paste(canvas, shade(surface, palm, canvas, canvas.between(0.15, 0.4)), palm)
    shape = np.maximum(shape, palm)
    for number in range(4):
        finger = canvas.shape()
        start = centre - along * 0.2 + beside * width * 1.05 * (number - 1.5)
        tip = start - along * length * (1 - 0.06 * (number - 1.3) ** 2) + beside * canvas.between(-0.05, 0.05) * (number - 1.5)
        knuckle = (start + tip) / 2 + beside * canvas.between(-0.04, 0.04)
        stroke(finger, np.array([canvas.at(*each) for each in (start, knuckle, tip)]), canvas.unit * width * 0.95)
        paste(canvas, shade(surface * canvas.between(0.93, 1.05), finger, canvas, canvas.between(0.2, 0.5)), finger)
        shape = np.maximum(shape, finger)
    return shape


def aim(canvas: Canvas) -> tuple[float, float]:
    """A place on the face: mouth, chin, an eye, the nose, a cheek, the brows."""
    vertex = int(canvas.random.choice([13, 13, 152, 159, 386, 4, 205, 425, 66, 296, 172, 397]))
    x, y = canvas.within(vertex) + canvas.random.normal(0, 0.08, 2)
    return float(x), float(y)


def hair(canvas: Canvas) -> Shape:
    """Strands from above over an eye, a brow or a cheek."""
    vertex = int(canvas.random.choice([159, 386, 66, 296, 205, 425, 132, 361]))
    x, y = canvas.within(vertex)
    shape, surface = canvas.shape(), np.zeros_like(canvas.image)
    colour = canvas.random.choice(HAIRS) * canvas.between(0.7, 1.2)
    width, top = canvas.between(0.12, 0.35), float(canvas.within(10)[1]) - 0.4
    lean = canvas.between(-0.5, 0.5)
    for _ in range(int(canvas.random.integers(60, 160))):
        offset, bend = canvas.random.normal(0, width), canvas.between(-0.15, 0.15)
        ends = y + canvas.between(0.1, 0.9)
        steps = np.linspace(0, 1, 8)
        line = np.array([canvas.at(x + offset + lean * (1 - s) + bend * np.sin(3 * s), top + (ends - top) * s) for s in steps])
        strand = canvas.shape()
        stroke(strand, line, canvas.unit * canvas.between(0.01, 0.05))
        shape = np.maximum(shape, strand)
        tone = np.clip(colour * canvas.between(0.6, 1.5), 0, 255).astype(np.float32)
        surface = np.where(strand[..., np.newaxis] > 0.3, tone, surface)
    surface = np.where(surface.any(axis=2, keepdims=True), surface, colour.astype(np.float32))
    paste(canvas, np.asarray(surface, np.float32), shape, 0.5)
    # Between strands of a dense lock nothing is seen either.
    return np.asarray(cv2.blur(shape, (max(1, int(canvas.unit * 0.08)),) * 2) > 0.55, np.float32)


def lenses(canvas: Canvas) -> list[Points]:
    """Outlines of both glasses, in one of several forms."""
    width, height = canvas.between(0.25, 0.36), canvas.between(0.16, 0.31)
    power, slope, drop = canvas.between(2, 5), canvas.between(-0.1, 0.25), canvas.between(-0.01, 0.1)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    found = []
    for sign, (outer, inner) in zip((-1, 1), EYES, strict=True):
        middle = (canvas.within(outer) + canvas.within(inner)) / 2
        cos, sin = np.cos(angles), np.sin(angles)
        x = np.sign(cos) * np.abs(cos) ** (2 / power) * width
        y = np.sign(sin) * np.abs(sin) ** (2 / power) * height
        y = y + slope * (-sign * x) * (y > 0)
        found.append(np.array([canvas.at(middle[0] + sign * 0.02 + a, middle[1] + drop + b) for a, b in zip(x, y, strict=True)]))
    return found


def frames(canvas: Canvas, outlines: list[Points]) -> None:
    colour = canvas.random.choice(np.array([(15, 15, 18), (60, 40, 25), (150, 130, 90), (200, 200, 205), (120, 20, 30)]))
    width, shape = canvas.unit * canvas.between(0.012, 0.05), canvas.shape()
    for outline in outlines:
        stroke(shape, np.vstack([outline, outline[:1]]), width)
    inner = [min(outline.tolist(), key=lambda point: abs(np.dot(np.array(point) - canvas.middle, canvas.axes[0]))) for outline in outlines]
    stroke(shape, np.array(inner) - canvas.axes[1] * canvas.unit * 0.03, width)
    for outline, ear in zip(outlines, (127, 356), strict=True):
        end = max(outline.tolist(), key=lambda point: abs(np.dot(np.array(point) - canvas.middle, canvas.axes[0])))
        stroke(shape, np.array([end, canvas.vertices[ear]]), width)
    paste(canvas, plain(canvas, colour.astype(float)), shape, 0.3)


def dark_glasses(canvas: Canvas) -> Shape:
    outlines, shape = lenses(canvas), canvas.shape()
    for outline in outlines:
        fill(shape, outline)
    kind = canvas.random.random()
    colour = np.clip(canvas.random.choice(np.array([(14, 14, 16), (34, 24, 18), (20, 28, 24), (18, 24, 40)])) * canvas.between(0.5, 2.2), 0, 255)
    opacity = canvas.between(0.85, 1.0)
    surface = plain(canvas, colour.astype(float))
    rows = np.arange(shape.shape[0], dtype=np.float32)[:, np.newaxis]
    down = np.clip((rows - canvas.middle[1]) / (canvas.unit * 0.25) * 0.5 + 0.5, 0, 1)[..., np.newaxis]
    if kind < 0.35:  # lighter below
        surface += down * canvas.between(10, 60)
    elif kind < 0.6:  # mirrored: sky above, ground below, something in between
        sky, ground = canvas.random.uniform(60, 240, 3), canvas.random.uniform(10, 140, 3)
        field = np.clip(noise(canvas, 0.12) * 0.5 + 2 * (down[..., 0] - 0.5) + 0.5, 0, 1)[..., np.newaxis]
        surface = np.asarray(sky * (1 - field) + ground * field, np.float32)
    if canvas.chance(0.5):
        for (outer, inner), sign in zip(EYES, (1, 1), strict=True):
            middle = (canvas.within(outer) + canvas.within(inner)) / 2
            spot = canvas.shape()
            fill(spot, ellipse(canvas, (middle[0] - 0.08 * sign, middle[1] - 0.05), (canvas.between(0.02, 0.12), canvas.between(0.02, 0.08)), 0.5))
            spot = cv2.GaussianBlur(spot, (0, 0), max(0.5, canvas.unit * 0.02))
            surface += spot[..., np.newaxis] * canvas.between(40, 220)
    seen = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * 0.006))[..., np.newaxis] * opacity
    canvas.image = np.clip(canvas.image * (1 - seen) + surface * seen, 0, 255).astype(np.float32)
    if canvas.chance(0.85):
        frames(canvas, outlines)
    return shape


def microphone(canvas: Canvas) -> Shape:
    x, y = canvas.within(int(canvas.random.choice([13, 17, 152, 14])))
    x, y = float(x) + canvas.random.normal(0, 0.08), float(y) + canvas.between(-0.05, 0.2)
    radius, turn = canvas.between(0.2, 0.42), canvas.between(0.15, 0.85) * np.pi
    shape, handle = canvas.shape(), canvas.shape()
    along = np.array([np.cos(turn), np.sin(turn)])
    stroke(handle, np.array([canvas.at(x, y), canvas.at(*(np.array([x, y]) + along * 3))]), canvas.unit * radius * canvas.between(0.8, 1.3))
    fill(shape, ellipse(canvas, (x, y), (radius * canvas.between(1, 1.3), radius), turn))
    colour = canvas.random.choice(np.array([(20, 20, 22), (70, 70, 74), (150, 150, 155), (60, 20, 20)])).astype(float)
    rows, columns = shape.shape
    grid = (np.add.outer(np.arange(rows), np.arange(columns)) % max(2, int(canvas.unit * 0.04)) == 0).astype(np.float32)
    paste(canvas, shade(plain(canvas, colour * 0.6), handle, canvas, 0.5), handle, 0.4)
    paste(canvas, shade(plain(canvas, colour) * (1 + 0.4 * grid[..., np.newaxis]), shape, canvas, 0.6), shape, 0.4)
    return np.maximum(shape, handle)


def thing(canvas: Canvas) -> Shape:
    """A cup, a telephone, somebody else's shoulder: any form and surface."""
    x, y = aim(canvas)
    shape = canvas.shape()
    size = (canvas.between(0.2, 0.8), canvas.between(0.2, 0.8))
    if canvas.chance(0.5):
        fill(shape, ellipse(canvas, (x, y), size, canvas.between(0, np.pi)))
    else:
        corners = ellipse(canvas, (x, y), size, canvas.between(0, np.pi))[:: int(canvas.random.choice([8, 10, 13]))]
        fill(shape, corners)
    colour = any_colour(canvas, np.vstack([FABRICS, HAIRS, SKINS]))
    surface = patterned(canvas, colour) if canvas.chance(0.35) else plain(canvas, colour)
    paste(canvas, shade(surface, shape, canvas, canvas.between(0, 0.5)), shape, 0.5)
    return shape


# ---------------------------------------------------------------- what hides nothing


def clear_glasses(canvas: Canvas) -> Shape:
    outlines, shape = lenses(canvas), canvas.shape()
    for outline in outlines:
        fill(shape, outline)
    tint = shape[..., np.newaxis] * canvas.between(0, 0.25)
    canvas.image = canvas.image * (1 - tint) + plain(canvas, canvas.random.uniform(20, 220, 3)) * tint
    frames(canvas, outlines)
    return canvas.shape()


def shadow(canvas: Canvas) -> Shape:
    """Of a hat or a wall: half of the face is darker."""
    angle, at = canvas.between(0, 2 * np.pi), canvas.between(-0.4, 0.8)
    rows, columns = canvas.image.shape[:2]
    place = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) - canvas.at(0, at)
    side = place @ np.array([np.cos(angle), np.sin(angle)]) / (canvas.unit * canvas.between(0.02, 0.6))
    canvas.image = canvas.image * (1 - canvas.between(0.2, 0.7) / (1 + np.exp(-np.clip(side, -30, 30))))[..., np.newaxis]
    canvas.image = canvas.image.astype(np.float32)
    return canvas.shape()


def lipstick(canvas: Canvas) -> Shape:
    outline = canvas.vertices[[61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]]
    shape = canvas.shape()
    fill(shape, outline)
    inner = canvas.vertices[[78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]]
    fill(shape, inner, 0)
    tint = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * 0.01))[..., np.newaxis] * canvas.between(0.2, 0.7)
    colour = canvas.random.choice(np.array([(160, 20, 40), (200, 60, 90), (110, 30, 50), (60, 20, 30)])).astype(np.float32)
    canvas.image = np.asarray(canvas.image * (1 - tint) + colour * tint * light(canvas, 1)[..., np.newaxis], np.float32)
    return canvas.shape()


def beard(canvas: Canvas) -> Shape:
    """Short strokes on cheeks and chin, thinner towards the mouth, which stays free."""
    random, unit = canvas.random, canvas.unit
    jaw = canvas.vertices[list(JAW)]
    top = canvas.vertices[2]
    area = canvas.shape()
    fill(area, rounded(np.vstack([jaw, (jaw[-1] * 0.5 + top * 0.5)[np.newaxis], top[np.newaxis], (jaw[0] * 0.5 + top * 0.5)[np.newaxis]])))
    lips = canvas.shape()
    fill(lips, canvas.vertices[[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91]])
    area = cv2.GaussianBlur(area * (1 - lips), (0, 0), max(0.5, unit * 0.04)) * (1 - lips)
    strength = np.clip(canvas.between(0.3, 0.95) + 0.25 * noise(canvas, 0.015), 0, 1) * area
    colour = (random.choice(HAIRS) * canvas.between(0.7, 1.2)).astype(np.float32)
    canvas.image = canvas.image * (1 - strength[..., np.newaxis]) + plain(canvas, colour) * strength[..., np.newaxis]
    canvas.image = np.clip(canvas.image, 0, 255).astype(np.float32)
    return canvas.shape()


COVERS: dict[str, Callable[[Canvas], Shape]] = {
    "mask": mask,
    "scarf": scarf,
    "hand": hand,
    "hair": hair,
    "dark glasses": dark_glasses,
    "microphone": microphone,
    "thing": thing,
}
"""What hides a part of the face; each paints itself and returns where."""
HARMLESS: dict[str, Callable[[Canvas], Shape]] = {
    "clear glasses": clear_glasses,
    "shadow": shadow,
    "lipstick": lipstick,
    "beard": beard,
}
"""What changes the face and hides nothing."""
