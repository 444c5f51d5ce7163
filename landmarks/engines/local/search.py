"""Which faces a photo holds: detections of every turn that is searched, examined by the mesh, each face once."""

from dataclasses import dataclass
from functools import cached_property

from landmarks.core.finding import Attempt
from landmarks.core.pixels import Box
from landmarks.engines.local.arrays import Points
from landmarks.engines.local.confidence import confidence, preference
from landmarks.engines.local.detector import Detection, Detector
from landmarks.engines.local.detector_input import TURNS
from landmarks.engines.local.keypoints import keypoints_of
from landmarks.engines.local.mesh import AT_EDGE, Mesh, MeshResult
from landmarks.engines.local.pyramid import Pyramid

MIN_CONFIDENCE = 0.6
"""From which a candidate is a face (docs/decisions/0004-confidence-and-rotation.md compares alternatives)."""
TURNED_CONFIDENCE, TURNED_PRESENCE, TURNED_SCORE = 0.95, 5.0, 0.8
"""What a candidate on a turned photo needs (confidence, log odds, detector's score). Patterns look like faces more
often there, and so do chin and mouth of a face that is upside down (log odds mostly below 4, above 15 the right way
up)."""
CONVINCING_PRESENCE = 10.0
"""Log odds of the best face from which the photo counts as the right way up."""
DOUBTED_PRESENCE, MAX_LOOKS = 14.0, 8
"""Log odds below which a candidate is looked at more closely, and how many at most after each quarter turn, the most
certain detections first."""
DOUBTED_CONFIDENCE = 0.9
"""Below which it is also looked at after each quarter turn: the mesh may be sure of a face that lies on its side."""
SAME_FACE_IOU = 0.3
"""Candidates that overlap by more than this (intersection over union) are one face, found in two ways."""


@dataclass(frozen=True)
class Candidate:
    """A detection on a photo turned clockwise by so many degrees, with what the mesh made of it."""

    turned: int
    detection: Detection
    mesh: MeshResult
    points: Points
    """90 × 2, in photo pixels."""
    presence: float
    """Log odds of a face; of one cut by the edge, together with its mirror image if that is higher."""
    confidence: float

    @property
    def is_face(self) -> bool:
        if not self.mesh.is_upright_in_crop:
            return False
        if self.turned:
            return self.confidence >= TURNED_CONFIDENCE and self.presence >= TURNED_PRESENCE
        return self.confidence >= MIN_CONFIDENCE

    @property
    def is_convincing(self) -> bool:
        return self.is_face and self.presence >= CONVINCING_PRESENCE

    @property
    def preference(self) -> float:
        return preference(self.detection, self.presence, is_turned=self.turned > 0)

    @cached_property
    def box(self) -> Box:
        """Around the 90 points."""
        return Box.around((x, y) for x, y in self.points.tolist())

    def is_same_face(self, other: "Candidate") -> bool:
        return self.detection.box.iou(other.detection.box) > SAME_FACE_IOU or self.box.iou(other.box) > SAME_FACE_IOU


def search(detector: Detector, mesh: Mesh, photo: Pyramid, rotate: bool) -> tuple[list[Candidate], tuple[Attempt, ...]]:
    """Every face: upright, then after quarter turns if requested, or if upright faces are doubtful."""
    upright = detector.search(photo)
    candidates = [examine(mesh, photo, detection, 0) for detection in upright.found]
    passes = {0: upright.sizes}
    seen = look_closer(detector, mesh, photo, candidates)
    candidates += seen
    shown = {candidate.turned for candidate in seen}
    is_upright = any(candidate.is_convincing for candidate in candidates)
    for turned in TURNS:
        if not (rotate or turned in shown or not is_upright):
            continue
        known = [candidate.detection.box for candidate in candidates if candidate.is_convincing]
        detections = detector.search(photo, turned, is_requested=rotate or turned in shown, known=known)
        passes[turned] = detections.sizes
        found = [each for each in detections.found if each.score >= TURNED_SCORE]
        candidates += [examine(mesh, photo, detection, turned) for detection in found]
        is_upright = is_upright or any(candidate.is_convincing for candidate in candidates)
    faces = [each for each in candidates if each.is_face and is_shown_again(detector, photo, each)]
    kept = without_duplicates(faces)
    attempts = (to_attempt(turned, sizes, candidates, kept) for turned, sizes in sorted(passes.items()))
    return kept, tuple(attempts)


def look_closer(detector: Detector, mesh: Mesh, photo: Pyramid, candidates: list[Candidate]) -> list[Candidate]:
    """Doubtful candidates that are faces in another way up.

    Upside down or on their side, most faces of a group are detected, too, but the mesh doubts nearly all of them. Some
    that are tilted show the right way in a close look only, so this also pays where every turn is searched.
    """
    doubted = [each for each in candidates if each.presence < DOUBTED_PRESENCE or each.confidence < DOUBTED_CONFIDENCE]
    looks = (
        examine(mesh, photo, detection, turned)
        for candidate in doubted[:MAX_LOOKS]
        for turned in TURNS
        for detection in detector.look_closer(photo, candidate.detection, turned, TURNED_SCORE)
    )
    return [look for look in looks if look.is_face]


def is_shown_again(detector: Detector, photo: Pyramid, candidate: Candidate) -> bool:
    """Whether the detector sees in a close look, too, what the mesh doubts.

    A lookalike often has one size only in which it looks like a face. A face at the edge of the photo may have, too.
    """
    if candidate.presence >= DOUBTED_PRESENCE or candidate.detection.overhang >= AT_EDGE:
        return True
    return bool(detector.look_closer(photo, candidate.detection, candidate.turned))


def examine(mesh: Mesh, photo: Pyramid, detection: Detection, turned: int) -> Candidate:
    """Run the mesh on a detection."""
    result = mesh.run(photo, detection)
    presence = result.presence
    if detection.is_cut:
        presence = max(presence, mesh.presence_at_edge(photo, detection))
    points = keypoints_of(result.vertices)
    return Candidate(turned, detection, result, points, presence, confidence(detection, presence))


def without_duplicates(candidates: list[Candidate]) -> list[Candidate]:
    """Each face once, as most speaks for."""
    kept: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda candidate: candidate.preference, reverse=True):
        if not any(candidate.is_same_face(other) for other in kept):
            kept.append(candidate)
    return kept


def to_attempt(turned: int, sizes: tuple[int, ...], candidates: list[Candidate], kept: list[Candidate]) -> Attempt:
    count = sum(candidate.turned == turned for candidate in kept)
    best = max((each for each in candidates if each.turned == turned), key=lambda each: each.confidence, default=None)
    if best is None:
        return Attempt(turned, None, None, count, sizes)
    return Attempt(turned, round(best.detection.side, 1), round(best.confidence, 3), count, sizes)
