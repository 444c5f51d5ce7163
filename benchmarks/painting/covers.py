"""What hides a part of a face: each paints itself and returns where."""

import cv2
import numpy as np

from benchmarks.painting.canvas import (
    FABRICS,
    HAIRS,
    JAW,
    SKINS,
    Canvas,
    Image,
    Points,
    Shape,
    any_colour,
    ellipse,
    fabric,
    fill,
    noise,
    paste,
    patterned,
    plain,
    rounded,
    shade,
    stroke,
)

BRIDGE, TIP, LIP, CHIN = 6, 4, 0, 152
"""Vertices of the mesh along the middle of the face."""


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
    fold(canvas, surface, outline, top)
    if canvas.chance(0.6):
        shape = np.maximum(shape, straps(canvas, outline))
    paste(canvas, surface, shape)
    return shape


def fold(canvas: Canvas, surface: Image, outline: Points, top: Points) -> None:
    """Pleats or a seam in the cloth of a mask, or neither."""
    lines = canvas.shape()
    if canvas.chance(0.55):  # pleats
        for at in np.linspace(0.3, 0.8, int(canvas.random.integers(2, 5))):
            middle = top * (1 - at) + canvas.vertices[CHIN] * at
            stroke(lines, np.array([outline[1], middle, outline[-2]]), canvas.unit * canvas.between(0.008, 0.03))
    elif canvas.chance(0.5):  # a seam down the middle
        stroke(lines, np.array([top, canvas.vertices[LIP], canvas.vertices[CHIN]]), canvas.unit * 0.02)
        rows, columns = lines.shape
        side = (np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) - top) @ canvas.axes[0]
        slope = np.tanh(side / (canvas.unit * 0.1)).astype(np.float32)
        surface *= 1 + canvas.between(-0.2, 0.2) * slope[..., np.newaxis]
    surface *= (
        1 - canvas.between(0.05, 0.3) * cv2.GaussianBlur(lines, (0, 0), max(0.6, canvas.unit * 0.01))[..., np.newaxis]
    )


def straps(canvas: Canvas, outline: Points) -> Shape:
    """What holds a mask at both ears."""
    shape = canvas.shape()
    for end, sign in ((outline[0], -1), (outline[-1], 1)):
        ear = end + canvas.axes[0] * sign * canvas.unit * 0.25 - canvas.axes[1] * canvas.unit * canvas.between(0.1, 0.4)
        stroke(shape, np.array([end, ear]), canvas.unit * 0.02)
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
    skin = (
        canvas.skin() * canvas.between(0.8, 1.15)
        if canvas.chance(0.6)
        else canvas.random.choice(SKINS) * canvas.between(0.8, 1.1)
    )
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
        tip = (
            start
            - along * length * (1 - 0.06 * (number - 1.3) ** 2)
            + beside * canvas.between(-0.05, 0.05) * (number - 1.5)
        )
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
        line = np.array(
            [canvas.at(x + offset + lean * (1 - s) + bend * np.sin(3 * s), top + (ends - top) * s) for s in steps]
        )
        strand = canvas.shape()
        stroke(strand, line, canvas.unit * canvas.between(0.01, 0.05))
        shape = np.maximum(shape, strand)
        tone = np.clip(colour * canvas.between(0.6, 1.5), 0, 255).astype(np.float32)
        surface = np.where(strand[..., np.newaxis] > 0.3, tone, surface)
    surface = np.where(surface.any(axis=2, keepdims=True), surface, colour.astype(np.float32))
    paste(canvas, np.asarray(surface, np.float32), shape, 0.5)
    # Between strands of a dense lock nothing is seen either.
    return np.asarray(cv2.blur(shape, (max(1, int(canvas.unit * 0.08)),) * 2) > 0.55, np.float32)


def microphone(canvas: Canvas) -> Shape:
    x, y = canvas.within(int(canvas.random.choice([13, 17, 152, 14])))
    x, y = float(x) + canvas.random.normal(0, 0.08), float(y) + canvas.between(-0.05, 0.2)
    radius, turn = canvas.between(0.2, 0.42), canvas.between(0.15, 0.85) * np.pi
    shape, handle = canvas.shape(), canvas.shape()
    along = np.array([np.cos(turn), np.sin(turn)])
    stroke(
        handle,
        np.array([canvas.at(x, y), canvas.at(*(np.array([x, y]) + along * 3))]),
        canvas.unit * radius * canvas.between(0.8, 1.3),
    )
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
