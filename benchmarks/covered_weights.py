"""The weights by which covered points are told, fitted to faces with painted covers.

    python -m benchmarks.covered_weights FOLDER data/models > landmarks/engines/local/covered.json

FOLDER may have a manifest (docs/benchmark.md). First a logistic model for each part of the face, then one for each
point of the part, which knows what the first ones say of all parts. The second one is fitted to what the first say of
photos that they were not fitted to. A third one tells dark glasses. The limits are chosen, and the table on standard
error made, by photos that were left out of all.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.album import open_album
from benchmarks.covered_samples import KINDS, Painter
from benchmarks.covers import CLEAR
from benchmarks.painting import HARMLESS
from landmarks.core.schema import POINT_COUNT, SPANS
from landmarks.engines.local.covered import (
    GLASSES_MEANS,
    LIMIT,
    MEANS,
    MEMBERSHIP,
    NAMES,
    OF_EYES,
    PART_OF,
    context_of,
)

ROUNDS = 1
"""Paintings of each kind on each face."""
FOLDS = 5
"""No photo is in two of them."""
PART_STIFFNESS, POINT_STIFFNESS, GLASSES_STIFFNESS = 30.0, 300.0, 10.0
"""How strongly weights are pulled towards 0."""
MOST_FREE, MOST_HARMLESS = 0.025, 0.03
"""Shares of uncovered points that may be marked: outside the eyes over all kinds; of any kind that hides nothing."""
DARK_GLASSES, CLEAR_GLASSES, MOST_DARK = "dark glasses", "clear glasses", 0.1
"""Kinds, and the share of faces with clear glasses that may be taken for ones with dark glasses."""
LOWEST_LIMIT, STEP = -1.0, 0.1
"""Log odds."""
ITERATIONS = 8
DIGITS = 4

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Data:
    seen: Numbers
    """N × 90 × 128, of mean 0 and deviation 1."""
    hidden: NDArray[np.bool_]
    """N × 90."""
    has_dark_glasses: NDArray[np.bool_]
    """N."""

    def only(self, which: NDArray[np.bool_]) -> "Data":
        return Data(self.seen[which], self.hidden[which], self.has_dark_glasses[which])

    @property
    def parts(self) -> Numbers:
        """N × 11 × 128."""
        return np.asarray(MEANS @ self.seen)

    @property
    def hidden_parts(self) -> NDArray[np.bool_]:
        """N × 11: those of which at least half the points are."""
        return np.asarray(self.hidden @ MEANS.T >= 0.5)

    @property
    def around_glasses(self) -> Numbers:
        """N × 384."""
        return np.asarray((GLASSES_MEANS @ self.seen).reshape(len(self.seen), -1))


@dataclass(frozen=True)
class Models:
    """The last column of each is the bias."""

    of_parts: Numbers
    """11 × 129."""
    of_points: Numbers
    """11 × (128 + 12)."""
    biases: Numbers
    """90."""
    of_glasses: Numbers
    """385."""

    def log_odds(self, data: Data) -> Numbers:
        """N × 90."""
        return point_odds(data.seen, part_odds(data, self.of_parts), self.of_points) + self.biases

    def glasses_odds(self, data: Data) -> Numbers:
        """N."""
        return np.asarray(data.around_glasses @ self.of_glasses[:-1] + self.of_glasses[-1])


def main(arguments: Sequence[str]) -> None:
    """The arguments are the folders of photos and of model files."""
    album, painter = open_album(Path(arguments[0])), Painter(Path(arguments[1]))
    samples = list(painter.samples(album, ROUNDS, lambda items, _: items))
    seen = np.array([sample.features for sample in samples], np.float64)
    means, spreads = seen.mean(axis=(0, 1)), seen.std(axis=(0, 1)) + 1e-6
    kinds = np.array([sample.kind for sample in samples])
    hidden = np.array([sample.hidden for sample in samples])
    data = Data((seen - means) / spreads, hidden, kinds == DARK_GLASSES)
    folds = folds_of([sample.photo for sample in samples])
    odds, glasses = left_out_odds(data, folds)
    limits = limits_of(odds, data.hidden, kinds)
    darkest = float(np.quantile(glasses[kinds == CLEAR_GLASSES], 1 - MOST_DARK))
    marked = (odds > limits) | (OF_EYES & (glasses > darkest)[:, np.newaxis])
    sys.stderr.write(to_table(marked, data.hidden, kinds) + f"\n{len(samples)} pictures\n")
    sys.stdout.write(to_json(fit(data, folds), means, spreads, limits, darkest))


def folds_of(photos: Sequence[str]) -> NDArray[np.int_]:
    """The fold of each sample, by its photo."""
    names = sorted(set(photos))
    places = np.random.default_rng(0).permutation(len(names)) % FOLDS
    return np.array([places[names.index(photo)] for photo in photos])


def left_out_odds(data: Data, folds: NDArray[np.int_]) -> tuple[Numbers, Numbers]:
    """Of points, N × 90, and of dark glasses, N."""
    odds, glasses = np.zeros(data.hidden.shape), np.zeros(len(data.hidden))
    for fold in range(FOLDS):
        out = folds == fold
        models = fit(data.only(~out), folds[~out])
        odds[out], glasses[out] = models.log_odds(data.only(out)), models.glasses_odds(data.only(out))
    return odds, glasses


def fit(data: Data, folds: NDArray[np.int_]) -> Models:
    alone = np.zeros((len(data.seen), len(NAMES)))
    for fold in np.unique(folds):
        out = folds == fold
        alone[out] = part_odds(data.only(out), fit_parts(data.only(~out)))
    of_points, biases = fit_points(data, alone)
    of_glasses = logistic(data.around_glasses, data.has_dark_glasses, GLASSES_STIFFNESS)
    return Models(fit_parts(data), of_points, biases, of_glasses)


def fit_parts(data: Data) -> Numbers:
    parts, hidden = data.parts, data.hidden_parts
    rows = [logistic(parts[:, k], hidden[:, k], PART_STIFFNESS) for k in range(len(NAMES))]
    return np.array(rows)


def part_odds(data: Data, weights: Numbers) -> Numbers:
    """N × 11."""
    odds = np.einsum("npf,pf->np", data.parts, weights[:, :-1]) + weights[:, -1]
    return np.asarray(np.clip(odds, -LIMIT, LIMIT))


def fit_points(data: Data, alone: Numbers) -> tuple[Numbers, Numbers]:
    context = np.array([context_of(row) for row in alone]) / LIMIT
    weights, biases = [], np.zeros(POINT_COUNT)
    for k in range(len(NAMES)):
        points = np.flatnonzero(MEMBERSHIP[k])
        which = np.tile(np.eye(len(points)), (len(alone), 1))
        seen = data.seen[:, points].reshape(-1, data.seen.shape[2])
        inputs = np.hstack([seen, np.repeat(context, len(points), axis=0), which])
        found = logistic(inputs, data.hidden[:, points].reshape(-1), POINT_STIFFNESS)
        size = seen.shape[1] + context.shape[1]
        found[seen.shape[1] : size] /= LIMIT
        weights.append(found[:size])
        biases[points] = found[size:-1] + found[-1]
    return np.array(weights), biases


def point_odds(seen: Numbers, alone: Numbers, weights: Numbers) -> Numbers:
    """N × 90, without the bias of each point."""
    size = seen.shape[2]
    context = np.array([context_of(row) for row in alone])
    of_context: Numbers = context @ weights[:, size:].T
    return np.asarray(np.einsum("nkf,kf->nk", seen, weights[PART_OF, :size]) + of_context[:, PART_OF])


def logistic(inputs: Numbers, hidden: NDArray[np.bool_], stiffness: float) -> Numbers:
    """Weights and, last, the bias of a logistic regression with a penalty on the weights' squares (Newton's method)."""
    inputs = np.hstack([inputs, np.ones((len(inputs), 1))]).astype(np.float32)
    penalty = np.diag([stiffness] * (inputs.shape[1] - 1) + [1e-6])
    weights = np.zeros(inputs.shape[1])
    for _ in range(ITERATIONS):
        shares = 1 / (1 + np.exp(-np.clip(inputs @ weights.astype(np.float32), -30, 30)))
        slope = inputs.T @ (shares - hidden).astype(np.float32) + penalty @ weights
        curves = np.maximum(shares * (1 - shares), 1e-5)
        weights -= np.linalg.solve(inputs.T @ (inputs * curves[:, np.newaxis]) + penalty, slope)
    return weights


def limits_of(odds: Numbers, hidden: NDArray[np.bool_], kinds: NDArray[np.str_]) -> Numbers:
    """Of each point, the lowest from which few enough uncovered points are marked.

    Eyes have one of their own: only they look covered behind clear glasses, and only they are behind dark ones.
    """
    others = lowest(lambda limit: (odds > limit)[:, ~OF_EYES][~hidden[:, ~OF_EYES]].mean() <= MOST_FREE)
    harmless = [kinds == kind for kind in (CLEAR, *HARMLESS)]

    def with_eyes(limit: float) -> Numbers:
        return np.where(OF_EYES, limit, others)

    return with_eyes(
        lowest(lambda limit: max((odds > with_eyes(limit))[kind].mean() for kind in harmless) <= MOST_HARMLESS)
    )


def lowest(is_enough: Callable[[float], bool]) -> float:
    """The first limit from LOWEST_LIMIT on."""
    return next(limit for step in count() if is_enough(limit := round(LOWEST_LIMIT + step * STEP, 1)))


def to_table(marked: NDArray[np.bool_], hidden: NDArray[np.bool_], kinds: NDArray[np.str_]) -> str:
    """Of each kind, in percent: uncovered and covered points marked, and regions by which at least half of it is."""
    lines = [f"{'':14}{'free':>8}{'covered':>9}{'mouths':>8}{'noses':>8}{'eyes':>8}"]
    for kind in KINDS:
        here = kinds == kind
        row = [share(marked[here][~hidden[here]]), share(marked[here][hidden[here]])]
        for names in (("mouth",), ("nose",), ("left_eye", "right_eye")):
            spans = [SPANS[name] for name in names]
            told = [marked[here][:, span].mean(axis=1)[hidden[here][:, span].mean(axis=1) >= 0.5] for span in spans]
            row.append(share(np.concatenate(told) >= 0.5))
        lines.append(f"{kind:14}{row[0]:>8}{row[1]:>9}{row[2]:>8}{row[3]:>8}{row[4]:>8}")
    return "\n".join([*lines, f"{'all':14}{share(marked[~hidden]):>8}{share(marked[hidden]):>9}"])


def share(values: NDArray[np.bool_]) -> str:
    return f"{100 * values.mean():.1f}" if len(values) else ""


def to_json(models: Models, means: Numbers, spreads: Numbers, limits: Numbers, darkest: float) -> str:
    """For features as the model gives them; a point is covered, and glasses are dark, from log odds of 0."""
    size = len(means)
    of_parts, of_points = models.of_parts[:, :size] / spreads, models.of_points[:, :size] / spreads
    biases = models.of_parts[:, size] - of_parts @ means
    point_biases = models.biases - limits - (of_points @ means)[PART_OF]
    rows = []
    for k, name in enumerate(NAMES):
        row = {
            "features": rounded(of_parts[k]),
            "bias": rounded(biases[k]),
            "point_features": rounded(of_points[k]),
            "context": rounded(models.of_points[k, size:]),
            "point_biases": rounded(point_biases[MEMBERSHIP[k]]),
        }
        rows.append(f' "{name}": {json.dumps(row)}')
    of_glasses = models.of_glasses[:-1].reshape(-1, size) / spreads
    bias = models.of_glasses[-1] - (of_glasses @ means).sum() - darkest
    rows.append(f' "dark_glasses": {json.dumps({"features": rounded(of_glasses.ravel()), "bias": rounded(bias)})}')
    return "{\n" + ",\n".join(rows) + "\n}\n"


def rounded(values: Numbers) -> object:
    """A list, or a number, for JSON."""
    return np.round(values, DIGITS).tolist()


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "facesite.settings")
    django.setup()
    main(sys.argv[1:])
