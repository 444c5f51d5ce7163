"""`manage.py fetch_models` where the models are there already."""

import io
import re

from django.core.management import call_command

from landmarks.engines.local import model_files


def test_models_that_are_there_are_not_fetched_again(models_dir):
    out = io.StringIO()
    call_command("fetch_models", stdout=out)
    assert re.findall("^Already there: the model that (.*)$", out.getvalue(), re.MULTILINE) == [
        "finds faces in a photo",
        "finds the points of a face",
    ]


def test_where_a_model_comes_from_is_shown_on_request(models_dir):
    brief, detailed = io.StringIO(), io.StringIO()
    call_command("fetch_models", stdout=brief)
    call_command("fetch_models", stdout=detailed, verbosity=2)
    for model in model_files.ALL:
        assert model.name not in brief.getvalue()
        assert f"{model.name}, SHA-256 {model.sha256}" in detailed.getvalue()
