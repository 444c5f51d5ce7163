"""Where faces may be: YuNet in passes of growing size, also after quarter turns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from landmarks.core.pixels import Box, Point
from landmarks.engines.local.detector_input import MAX_OUTSIDE, CloseUp, DetectorInput, detector_input
from landmarks.engines.local.pyramid import Pyramid
from landmarks.engines.local.yunet import THRESHOLD, YuNet

FIRST_PASS = 224
"""Long side in pixels. This pass costs half of the next and is enough for a plain selfie."""
FIRST_THRESHOLD = 0.15
"""Score from which the first pass counts detections: as many small faces reach it at 224 pixels as THRESHOLD at 320."""
SELFIE_SHARE, SELFIE_SCORE = 0.15, 0.9
"""One face this wide (of the long side) and this certain in the first pass, and nothing else, ends the search."""
SIZES = (320, 640, 1280)
"""Long side in pixels of the following passes."""
LARGEST, SMALL = 2560, 32
"""A photo of this size gets one more pass, at this size, unless faces were detected and all of them are larger than
this (side, in pixels of the pass before)."""
MAX_UNREQUESTED = 640
"""Largest pass over a turned photo if turning was not requested, unless something was detected."""
DOUBTFUL = 0.3
HOPELESS_TURNED = {320: FIRST_THRESHOLD, 640: DOUBTFUL}
"""By the size of a pass over a turned photo, the score that something must have for the next pass to be worth it. Of 54
faces of 8 to 20 pixels 98 % reach 0.15; over photos that stand upright 36 % of the first of these passes show as much,
apart from the faces found upright."""
KNOWN_IOU = 0.2
CONFIRMED, MAX_LOOKS = 0.8, 6
"""The score that something faint on a turned photo must have in a close look for the next pass to be worth it, and how
many are looked at, the most certain first (docs/decisions/0038-detector-on-litert.md)."""
CLEAR_FACES, CLEAR_SIDE, CLEAR_SCORE = 2, 48, 0.8
"""A pass ends the search if it shows one or two faces with this side (in pixels of the pass), the best with this score,
and nothing else down to DOUBTFUL."""
GROUP_PASS, GROUP_SIDE, GROUP_THRESHOLD = 640, 28, 0.07
"""A pass of this size also ends it with more such faces, if nothing below this side shows down to this score. Six in
ten faces of 12 to 18 pixels, which only the next pass would detect, do show; of a large group, nearly always
at least one."""
MAX_CUT = 0.15
"""A face that extends beyond the photo by more than this share of its side is cut by the edge."""
MAX_ENLARGEMENT = 4
MIN_FACE = 4
"""Pixels of the photo; nothing smaller can be recognised."""
MIN_INPUT = 16
"""Short side in pixels of a pass. In narrower strips the detector finds faces in plain grey."""
SAME_FACE_IOU = 0.4
CLOSE_UP_MARGIN, SAME_PLACE_IOU = 2.0, 0.2
"""Side of a close look, in those of the detection, and the overlap (intersection over union) of what it must show: the
box of a face that is upside down lies elsewhere on it."""
MIN_DOUBT = 0.01
"""No score counts as more certain than 1 minus this."""


@dataclass(frozen=True)
class Detection:
    """Where the detector reports a face, in photo pixels."""

    box: Box
    keypoints: tuple[Point, ...]
    """Five: image-left eye, image-right eye, nose tip, left and right corner of the mouth, as the face stands
    upright."""
    score: float
    """Of the detector, 0 to 1."""
    smallest_side: float = 0.0
    """Its side in the smallest pass that shows it, in pixels of that pass."""
    overhang: float = -1.0
    """How far the box reaches beyond the edge of the photo, in its sides; negative inside."""

    @property
    def side(self) -> float:
        return max(self.box.width, self.box.height)

    @property
    def is_cut(self) -> bool:
        """Whether the edge of the photo cuts the face."""
        return self.overhang > MAX_CUT


@dataclass(frozen=True)
class Detections:
    """What a search found: detections, most certain first, and the size of each pass that counted."""

    found: list[Detection]
    sizes: tuple[int, ...]


class Detector:
    """Runs passes until they show enough; one thread at a time, since it keeps state."""

    def __init__(self, models_dir: Path) -> None:
        self._net = YuNet(models_dir)

    def search(
        self, photo: Pyramid, turned: int = 0, *, is_requested: bool = True, known: Sequence[Box] = ()
    ) -> Detections:
        """Search a photo turned clockwise by 0, 90, 180 or 270 degrees.

        If `is_requested` is False, because turning was not requested, less is tried. What shows at the place of a
        `known` face is no reason to go on.
        """
        first = [] if turned else self._pass(photo, FIRST_PASS, turned, FIRST_THRESHOLD)
        if is_selfie(first, max(photo.width, photo.height)):
            return Detections(first, (FIRST_PASS,))
        detected = certain(first)
        found = merged(detected)
        sizes: tuple[int, ...] = ()
        for size in (*SIZES, LARGEST):
            if not is_worthwhile(size, photo, found, is_requested=is_requested, is_turned=turned > 0):
                break
            latest = self._pass(photo, size, turned, GROUP_THRESHOLD if size == GROUP_PASS else FIRST_THRESHOLD)
            detected += certain(latest)
            found = merged(detected)
            sizes += (size,)
            if is_enough(latest, size) or is_hopeless(latest, size, photo, known, is_turned=turned > 0):
                break
            if turned and size in HOPELESS_TURNED and not self._is_confirmed(photo, latest, turned, known):
                break
        return Detections(found, sizes)

    def _is_confirmed(self, photo: Pyramid, latest: list[Detection], turned: int, known: Sequence[Box]) -> bool:
        """Whether something new in a pass over a turned photo is certain, or is in a close look."""
        new = new_in(latest, known)
        if any(each.score >= THRESHOLD for each in new):
            return True
        return any(self.look_closer(photo, each, turned, CONFIRMED) for each in new[:MAX_LOOKS])

    def release_memory(self) -> None:
        """Free what can be made anew."""
        self._net.release_memory()

    def _pass(self, photo: Pyramid, size: int, turned: int, threshold: float) -> list[Detection]:
        shown = detector_input(photo, size, turned)
        if min(shown.width, shown.height) < MIN_INPUT:
            return []
        return self._detect(shown, threshold)

    def look_closer(
        self, photo: Pyramid, detection: Detection, turned: int, threshold: float = DOUBTFUL
    ) -> list[Detection]:
        """Search what surrounds a detection, turned clockwise, for faces at the same place."""
        around = CloseUp(photo, detection.box.centre, CLOSE_UP_MARGIN * detection.side, turned)
        found = self._detect(around, threshold)
        return [each for each in found if each.box.iou(detection.box) >= SAME_PLACE_IOU]

    def _detect(self, shown: DetectorInput | CloseUp, threshold: float) -> list[Detection]:
        photo = shown.photo
        found = [_read_row(row, shown) for row in self._net.rows(shown.pixels(), threshold).tolist()]
        return [
            each
            for each in found
            if min(each.box.width, each.box.height) >= MIN_FACE and outside(each, each.box.centre, photo) <= MAX_OUTSIDE
        ]


def certain(detections: list[Detection]) -> list[Detection]:
    return [each for each in detections if each.score >= THRESHOLD]


def is_selfie(first: list[Detection], long_side: int) -> bool:
    return len(first) == 1 and first[0].box.width >= SELFIE_SHARE * long_side and first[0].score > SELFIE_SCORE


def is_worthwhile(size: int, photo: Pyramid, found: list[Detection], *, is_requested: bool, is_turned: bool) -> bool:
    """Whether to run a pass of this size after what the smaller ones found."""
    long_side = max(photo.width, photo.height)
    if size == LARGEST:
        may_miss = not found or min(each.side for each in found) * SIZES[-1] / long_side < SMALL
        return long_side >= LARGEST and not is_turned and may_miss
    if size > MAX_UNREQUESTED and not is_requested and not found:
        return False
    return size == SIZES[0] or size <= MAX_ENLARGEMENT * long_side


def is_enough(latest: list[Detection], size: int) -> bool:
    """Whether this pass ends the search: clear faces, few of them or a group, and nothing doubtful."""
    shown = [each for each in latest if each.score >= DOUBTFUL]
    is_clear = (
        bool(shown)
        and min(each.score for each in shown) >= THRESHOLD
        and min(each.smallest_side for each in shown) >= CLEAR_SIDE
        and max(each.score for each in shown) > CLEAR_SCORE
    )
    return is_clear and (len(shown) <= CLEAR_FACES or is_group(latest, size))


def is_hopeless(latest: list[Detection], size: int, photo: Pyramid, known: Sequence[Box], *, is_turned: bool) -> bool:
    """Whether this pass shows so little that larger ones would show nothing either.

    Turned, only small things count, and none at the place of a known face: a larger face is certain by now.
    """
    if is_turned:
        least = HOPELESS_TURNED.get(size, 0.0)
        latest = new_in(latest, known)
    else:
        # The pass of the largest size may show faces that are not to be seen at a quarter of it.
        least = FIRST_THRESHOLD if size == GROUP_PASS and max(photo.width, photo.height) < LARGEST else 0.0
    return max((each.score for each in latest), default=0.0) < least


def new_in(latest: list[Detection], known: Sequence[Box]) -> list[Detection]:
    """Small things at the place of no known face, most certain first."""
    new = [each for each in latest if not any(each.box.iou(box) >= KNOWN_IOU for box in known)]
    return sorted((each for each in new if each.smallest_side < CLEAR_SIDE), key=lambda each: -each.score)


def is_group(latest: list[Detection], size: int) -> bool:
    """Whether a pass with many clear faces shows no others behind them, however faint."""
    return size == GROUP_PASS and min(each.smallest_side for each in latest) >= GROUP_SIDE


def merged(detections: list[Detection]) -> list[Detection]:
    """Each face once, merged from the passes that show it, most certain first."""
    groups: list[list[Detection]] = []
    for each in sorted(detections, key=lambda each: each.score, reverse=True):
        same = next((group for group in groups if each.box.iou(group[0].box) >= SAME_FACE_IOU), None)
        if same is None:
            groups.append([each])
        else:
            same.append(each)
    return [group[0] if len(group) == 1 else merge(group) for group in groups]


def merge(detections: list[Detection]) -> Detection:
    """One detection of a face that several passes show, the most certain one first.

    Box, keypoints and overhang are means weighted by the odds of the scores, so that they don't jump from one pass's to
    another's when a little noise makes that the more certain one. The smallest side is the smallest; the score is of
    the first.
    """
    odds = [each.score / max(1 - each.score, MIN_DOUBT) for each in detections]
    weights = [each / sum(odds) for each in odds]
    boxes = [each.box for each in detections]
    return replace(
        detections[0],
        box=Box(
            _mean([box.left for box in boxes], weights),
            _mean([box.top for box in boxes], weights),
            _mean([box.right for box in boxes], weights),
            _mean([box.bottom for box in boxes], weights),
        ),
        keypoints=tuple(
            (_mean([x for x, _ in points], weights), _mean([y for _, y in points], weights))
            for points in zip(*(each.keypoints for each in detections), strict=True)
        ),
        smallest_side=min(each.smallest_side for each in detections),
        overhang=_mean([each.overhang for each in detections], weights),
    )


def _mean(values: Sequence[float], weights: Sequence[float]) -> float:
    return sum(value * weight for value, weight in zip(values, weights, strict=True))


def outside(detection: Detection, point: Point, photo: Pyramid) -> float:
    """How far a point lies outside the photo, in sides of the detection; negative inside."""
    x, y = point
    pixels: float = max(-x, -y, x - photo.width + 1, y - photo.height + 1)
    return pixels / detection.side


def _read_row(row: list[float], shown: DetectorInput | CloseUp) -> Detection:
    left, top, width, height, *coordinates, score = row
    transform = shown.to_photo
    box = transform.box(Box(left, top, left + width, top + height))
    keypoints = transform.points(zip(coordinates[::2], coordinates[1::2], strict=True))
    detection = Detection(box, keypoints, score, smallest_side=max(width, height))
    corners = (box.left, box.top), (box.right, box.bottom)
    return replace(detection, overhang=max(outside(detection, corner, shown.photo) for corner in corners))
