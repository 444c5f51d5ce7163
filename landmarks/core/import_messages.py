"""The sentences about files of corrected points."""

IMPORT_MESSAGES = {
    "import_suffix": "This file cannot be imported: its name must end with one of {suffixes}.",
    "import_too_large": "This file is too large to be imported: at most {most} MB. Export fewer results at once.",
    "import_too_many": (
        "This file has {count} entries, of which at most {most} can be imported. Export fewer results at once."
    ),
    "import_json": "This file cannot be imported: it isn't valid JSON ({reason}).",
    "import_xml": "This file cannot be imported: it isn't valid XML ({reason}).",
    "import_zip": "This archive cannot be read ({reason}).",
    "import_archive": "This archive has {count} files that can be imported. It should have some, but not that many.",
    "import_doctype": "This file cannot be imported: it defines a document type (DOCTYPE), which no export here has.",
    "import_no_keypoints": (
        "This file isn't COCO keypoints: it needs images, annotations, and a category with the names of its keypoints."
    ),
    "import_keypoint_count": "A face in this file doesn't have three numbers for each of its {count} keypoints.",
    "import_no_annotations": "This file isn't CVAT's format for images 1.1: it has no <annotations>.",
    "import_pts": "{name} isn't a .pts file: it should have its points between braces, one a line.",
    "import_pts_count": "A .pts file has {count} points, but can be imported with {counts} only.",
    "import_names": "There is no point called “{name}”. Points need the names of one scheme, as exported: {schemes}.",
    "import_point": "This file has a point that isn't in any photo: {value}.",
    "import_no_result": "The result that it was exported from is deleted. Restore it, or export another one.",
    "import_no_name": (
        "No result here has this name. Keep the names of files as they were exported, since they have the result's id."
    ),
    "import_several_results": (
        "Several photos here are called {name}. Keep the names of files as they were exported, with the result's id."
    ),
    "import_other_size": "The photo is {file_size} pixels in the file, but {photo_size} here. Export it again.",
    "import_too_many_faces": "The photo would have {count} faces, of which at most {most} are kept (MAX_FACES).",
    "import_photo_without_faces": "There is no face of this photo in the file, so its faces stay as they are.",
    "import_face_not_matched": (
        "Face {number} in the file is none of those here, and for a new face it needs all of the 90 points."
    ),
    "import_face_gone": "Face {number} here is not in the file, so it is left out of the new result.",
    "import_remark": "These points were corrected in another program and imported.",
}
