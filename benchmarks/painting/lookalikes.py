"""What changes a face and hides nothing of it."""

import cv2
import numpy as np

from benchmarks.painting.canvas import HAIRS, JAW, Canvas, Shape, fill, light, noise, plain, rounded


def shadow(canvas: Canvas) -> Shape:
    """Of a hat or a wall: half of the face is darker."""
    angle, at = canvas.between(0, 2 * np.pi), canvas.between(-0.4, 0.8)
    rows, columns = canvas.image.shape[:2]
    place = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1) - canvas.at(0, at)
    side = place @ np.array([np.cos(angle), np.sin(angle)]) / (canvas.unit * canvas.between(0.02, 0.6))
    canvas.image = (
        canvas.image * (1 - canvas.between(0.2, 0.7) / (1 + np.exp(-np.clip(side, -30, 30))))[..., np.newaxis]
    )
    canvas.image = canvas.image.astype(np.float32)
    return canvas.shape()


def lipstick(canvas: Canvas) -> Shape:
    outline = canvas.vertices[
        [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
    ]
    shape = canvas.shape()
    fill(shape, outline)
    inner = canvas.vertices[[78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]]
    fill(shape, inner, 0)
    tint = cv2.GaussianBlur(shape, (0, 0), max(0.5, canvas.unit * 0.01))[..., np.newaxis] * canvas.between(0.2, 0.7)
    colour = canvas.random.choice(np.array([(160, 20, 40), (200, 60, 90), (110, 30, 50), (60, 20, 30)])).astype(
        np.float32
    )
    canvas.image = np.asarray(canvas.image * (1 - tint) + colour * tint * light(canvas, 1)[..., np.newaxis], np.float32)
    return canvas.shape()


def beard(canvas: Canvas) -> Shape:
    """Short strokes on cheeks and chin, thinner towards the mouth, which stays free."""
    random, unit = canvas.random, canvas.unit
    jaw = canvas.vertices[list(JAW)]
    top = canvas.vertices[2]
    area = canvas.shape()
    fill(
        area,
        rounded(
            np.vstack(
                [jaw, (jaw[-1] * 0.5 + top * 0.5)[np.newaxis], top[np.newaxis], (jaw[0] * 0.5 + top * 0.5)[np.newaxis]]
            )
        ),
    )
    lips = canvas.shape()
    fill(lips, canvas.vertices[[61, 40, 37, 0, 267, 270, 291, 321, 314, 17, 84, 91]])
    area = cv2.GaussianBlur(area * (1 - lips), (0, 0), max(0.5, unit * 0.04)) * (1 - lips)
    strength = np.clip(canvas.between(0.3, 0.95) + 0.25 * noise(canvas, 0.015), 0, 1) * area
    colour = (random.choice(HAIRS) * canvas.between(0.7, 1.2)).astype(np.float32)
    canvas.image = canvas.image * (1 - strength[..., np.newaxis]) + plain(canvas, colour) * strength[..., np.newaxis]
    canvas.image = np.clip(canvas.image, 0, 255).astype(np.float32)
    return canvas.shape()
