"""The embedded engine beside MediaPipe's FaceLandmarker and dlib, where these are installed."""

from argparse import Namespace

from benchmarks.album import Album, bundled_album
from benchmarks.arguments import add_photo_arguments
from benchmarks.comparison import compare_on_photos, compare_on_scenes
from benchmarks.first_pass import photo_conditions, run_first_pass, setup_of
from benchmarks.peer_programs import DISTRIBUTIONS, installed_peers, missing_peers, peer_version
from benchmarks.report import Report, make_report
from benchmarks.scenes import make_scenes
from benchmarks.site import models_dir
from benchmarks.timing import Progress, rounds_for
from landmarks.engines.local.engine import LocalEngine

HELP = "the embedded engine beside MediaPipe's FaceLandmarker and dlib, where these are installed"
PHOTO_RUNS, SCENE_RUNS = 12, 15

default_album = bundled_album
add_arguments = add_photo_arguments


def measure(album: Album, options: Namespace, progress: Progress) -> Report:
    """Raises BenchmarkError when no photo can be read, EngineError when the engine cannot run."""
    album, setup = album.first(options.photos), setup_of(models_dir(), rotate=options.rotate)
    engine = LocalEngine(setup.models_dir)
    seen = run_first_pass(album, setup, engine, progress)
    peers = installed_peers(setup.models_dir)
    rounds = options.rounds or rounds_for(len(seen.photos), PHOTO_RUNS)
    tables = compare_on_photos(seen.photos, album.truths, setup, engine, peers, rounds, progress)
    if peers:
        rounds = options.rounds or SCENE_RUNS
        tables |= compare_on_scenes(make_scenes(), setup, engine, peers, rounds, progress)
    versions = {name: peer_version(name) or "missing" for name in DISTRIBUTIONS}
    notes = [*seen.notes, *missing_peers(setup.models_dir)]
    return make_report("peers", photo_conditions(album, seen, setup) | versions, tables, notes)
