"""Reads exported files with the programs that people use: `readers.py PROGRAM FILE` writes what it found as JSON.

Runs in an environment of its own, which has those programs and nothing of this project.
"""

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path


def pycocotools(file: Path) -> dict:
    """Keypoints, and the average precision of the file against itself."""
    import numpy as np
    from pycocotools.coco import COCO
    from pycocotools.cocoeval import COCOeval

    truth = COCO(str(file))
    faces = truth.loadAnns(truth.getAnnIds())
    found = [{name: face[name] for name in ("image_id", "category_id", "keypoints", "score")} for face in faces]
    evaluation = COCOeval(truth, truth.loadRes(found), "keypoints")
    names = truth.loadCats(1)[0]["keypoints"]
    evaluation.params.kpt_oks_sigmas = np.full(len(names), 0.05)
    for step in (evaluation.evaluate, evaluation.accumulate, evaluation.summarize):
        step()
    points = [list(zip(face["keypoints"][::3], face["keypoints"][1::3], strict=True)) for face in faces]
    seen = [face["keypoints"][2::3] for face in faces]
    return {"names": names, "points": points, "seen": seen, "precision": evaluation.stats[0]}


def datumaro_coco(folder: Path) -> dict:
    return datumaro(folder, "coco_person_keypoints")


def datumaro_cvat(folder: Path) -> dict:
    return datumaro(folder, "cvat")


def datumaro(folder: Path, name: str) -> dict:
    import datumaro as dm
    from datumaro.components.annotation import AnnotationType, Points

    dataset = dm.Dataset.import_from(str(folder), name)
    labels = dataset.categories()[AnnotationType.label]
    found = []
    for item in dataset:
        assert item.media.data.shape[:2] == item.media.size
        for each in item.annotations:
            if isinstance(each, Points):
                pairs = list(zip(each.points[::2], each.points[1::2], strict=True))
                found.append([item.id, labels[each.label].name, pairs, [int(how) for how in each.visibility]])
    categories = dataset.categories().get(AnnotationType.points)
    names = [list(each.labels) for each in categories.items.values()] if categories else []
    return {"found": found, "names": names}


def dlib(file: Path) -> dict:
    """The error of a predictor on the faces that it was trained on."""
    import dlib

    options = dlib.shape_predictor_training_options()
    options.cascade_depth, options.tree_depth, options.num_trees_per_cascade_level = 2, 2, 5
    options.oversampling_amount, options.feature_pool_size, options.num_test_splits = 2, 50, 5
    model = str(file.with_suffix(".dat"))
    dlib.train_shape_predictor(str(file), model, options)
    return {"error": dlib.test_shape_predictor(str(file), model), "parts": parts_of(dlib, model)}


def parts_of(dlib, model: str) -> int:
    import numpy as np

    predictor = dlib.shape_predictor(model)
    return predictor(np.zeros((512, 512, 3), np.uint8), dlib.rectangle(100, 100, 300, 300)).num_parts


def menpo(file: Path) -> dict:
    import menpo.io

    (landmarks,) = menpo.io.import_landmark_file(file).values()
    found = {"points": landmarks.points[:, ::-1].tolist()}
    if file.suffix == ".ljson":
        labels = {label: landmarks.get_label(label).n_points for label in landmarks.labels}
        found |= {"labels": labels, "edges": landmarks.edges.tolist()}
    return found


def labelstudio(folder: Path) -> dict:
    from label_studio_sdk.label_interface import LabelInterface

    interface = LabelInterface((folder / "labelstudio-config.xml").read_text())
    interface.validate()
    tasks = json.loads((folder / "labelstudio.json").read_text())
    predictions = [prediction for task in tasks for prediction in task["predictions"]]
    errors = [interface.validate_prediction(prediction, return_errors=True) for prediction in predictions]
    return {
        "errors": [str(error) for each in errors for error in each],
        "labels": list(interface.get_tag("points").labels),
    }


def pandas(file: Path) -> dict:
    import pandas

    table = pandas.read_csv(file)
    kinds = {name: kind.kind for name, kind in table.dtypes.items()}
    return {"kinds": kinds, "rows": json.loads(table.to_json(orient="records", double_precision=6))}


def numpy(file: Path) -> dict:
    import numpy

    with numpy.load(file, allow_pickle=False) as arrays:
        return {"points": arrays["points"].tolist(), "names": arrays["names"].tolist(), "arrays": sorted(arrays.files)}


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()):
        found = globals()[sys.argv[1]](Path(sys.argv[2]))
    sys.stdout.write(json.dumps(found))
