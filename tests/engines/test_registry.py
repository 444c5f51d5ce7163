"""The registry: every engine can be loaded with the arguments that its row declares."""

import inspect
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings

from landmarks.core.errors import EngineUnavailable
from landmarks.core.messages import MESSAGES
from landmarks.engines.registry import ENGINES, engine_spec, load_engine


def class_of(name: str) -> Any:
    module, _, attribute = ENGINES[name].path.rpartition(".")
    return getattr(import_module(module), attribute)


@pytest.mark.parametrize("name", ENGINES)
def test_the_class_takes_the_declared_arguments(name):
    spec = ENGINES[name]
    declared = {*spec.settings, *(["publish"] if spec.publish_setting else [])}
    parameters = inspect.signature(class_of(name)).parameters.values()
    required = {each.name for each in parameters if each.default is each.empty}
    assert required <= declared <= {each.name for each in parameters}


@pytest.mark.parametrize("name", ENGINES)
def test_the_settings_exist(name):
    spec = ENGINES[name]
    for setting in (*spec.settings.values(), *spec.required, *spec.upload_settings):
        assert hasattr(settings, setting)
    assert not spec.publish_setting or spec.publish_setting in spec.upload_settings


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_that_needs_settings_says_what_is_missing(name):
    spec = ENGINES[name]
    assert not spec.required or all(setting in MESSAGES[spec.unavailable] for setting in spec.required)


@pytest.mark.parametrize("name", ENGINES)
def test_results_name_the_engine_as_the_registry_does(name):
    assert class_of(name).name == name
    assert isinstance(class_of(name).version, str)


def test_names_for_users_differ():
    assert len({spec.label for spec in ENGINES.values()}) == len(ENGINES)


@pytest.mark.parametrize("load", [engine_spec, load_engine])
def test_an_unknown_engine_is_an_error_that_names_the_others(load):
    with pytest.raises(EngineUnavailable, match="Choose one of: local, acedata"):
        load("dlib")
