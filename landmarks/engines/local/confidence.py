"""The probability that a detection is a face, from detector and mesh."""

import math

from landmarks.engines.local.detector import Detection

BIAS, DETECTOR, MESH, SIZE = 2.93, 4.04, 0.084, -2.12
"""Weights of the log odds, fitted to detections that were labelled by eye (docs/engine.md)."""
PREFER_MESH, PREFER_UPRIGHT = 0.25, 1.0
"""Weights of presence, and of a look at the photo as it stands, where two looks at the same face are compared."""
MAX_SIDE = 64.0
"""Pixels above which the smallest side makes no more difference. Below, a true face scores less the smaller it is,
while a pattern scores as little when it is large."""
MAX_SCORE = 0.99
"""Scores are limited to this, since the log odds of 1 are infinite."""


def confidence(detection: Detection, presence: float) -> float:
    """Probability of a face, 0 to 1; `presence` is the mesh's log odds of one."""
    odds = (
        BIAS
        + DETECTOR * log_odds(detection.score)
        + MESH * presence
        + SIZE * math.log(min(max(detection.smallest_side, 1.0), MAX_SIDE))
    )
    return 1 / (1 + math.exp(-odds))


def preference(detection: Detection, presence: float, *, is_turned: bool) -> float:
    """How much speaks for one of several looks at the same face; only differences mean anything.

    The mesh believes a forehead that it takes for a chin as much as the right way up, the detector does not.
    """
    upright = 0.0 if is_turned else PREFER_UPRIGHT
    return DETECTOR * log_odds(detection.score) + PREFER_MESH * presence + upright


def log_odds(score: float) -> float:
    score = min(score, MAX_SCORE)
    return math.log(score / (1 - score))
