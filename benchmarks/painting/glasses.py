"""Glasses: dark ones, which hide the eyes, and clear ones, which do not."""

import cv2
import numpy as np

from benchmarks.painting.canvas import EYES, Canvas, Points, Shape, ellipse, fill, noise, paste, plain, stroke


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
        found.append(
            np.array([canvas.at(middle[0] + sign * 0.02 + a, middle[1] + drop + b) for a, b in zip(x, y, strict=True)])
        )
    return found


def frames(canvas: Canvas, outlines: list[Points]) -> None:
    colour = canvas.random.choice(
        np.array([(15, 15, 18), (60, 40, 25), (150, 130, 90), (200, 200, 205), (120, 20, 30)])
    )
    width, shape = canvas.unit * canvas.between(0.012, 0.05), canvas.shape()
    for outline in outlines:
        stroke(shape, np.vstack([outline, outline[:1]]), width)
    inner = [
        min(outline.tolist(), key=lambda point: abs(np.dot(np.array(point) - canvas.middle, canvas.axes[0])))
        for outline in outlines
    ]
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
    colour = np.clip(
        canvas.random.choice(np.array([(14, 14, 16), (34, 24, 18), (20, 28, 24), (18, 24, 40)]))
        * canvas.between(0.5, 2.2),
        0,
        255,
    )
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
            fill(
                spot,
                ellipse(
                    canvas,
                    (middle[0] - 0.08 * sign, middle[1] - 0.05),
                    (canvas.between(0.02, 0.12), canvas.between(0.02, 0.08)),
                    0.5,
                ),
            )
            spot = np.asarray(cv2.GaussianBlur(spot, (0, 0), max(0.5, canvas.unit * 0.02)), np.float32)
            surface = np.asarray(surface + spot[..., np.newaxis] * canvas.between(40, 220), np.float32)
    seen = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * 0.006))[..., np.newaxis] * opacity
    canvas.image = np.clip(canvas.image * (1 - seen) + surface * seen, 0, 255).astype(np.float32)
    if canvas.chance(0.85):
        frames(canvas, outlines)
    return shape


def clear_glasses(canvas: Canvas) -> Shape:
    outlines, shape = lenses(canvas), canvas.shape()
    for outline in outlines:
        fill(shape, outline)
    tint = shape[..., np.newaxis] * canvas.between(0, 0.25)
    canvas.image = canvas.image * (1 - tint) + plain(canvas, canvas.random.uniform(20, 220, 3)) * tint
    frames(canvas, outlines)
    return canvas.shape()
