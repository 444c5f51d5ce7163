"""How sure the engine is that a spot holds a face, from what the detector and the mesh tell."""

import math

from landmarks.engines.local.detector import Spot

BIAS, DETECTOR, MESH, SIZE = 2.93, 4.04, 0.084, -2.12
"""Weights of the log odds, fitted to spots that were told apart by eye (docs/engine.md)."""
FIRM = 64.0
"""Pixels from which on the size at which a face was first seen tells nothing more. Below, a true face scores less the
smaller it is, while a pattern scores as little when it is large."""
HIGHEST = 0.99
"""No detector is surer than this, and the log odds of 1 are no number."""


def confidence(spot: Spot, presence: float) -> float:
    """Probability that there is a face, 0 to 1; `presence` is the log odds that the mesh gives it."""
    score = min(spot.score, HIGHEST)
    odds = (
        BIAS
        + DETECTOR * math.log(score / (1 - score))
        + MESH * presence
        + SIZE * math.log(min(max(spot.seen, 1.0), FIRM))
    )
    return 1 / (1 + math.exp(-odds))
