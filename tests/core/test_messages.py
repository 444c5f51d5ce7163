"""The catalogue of messages: every sentence is used, and every error gives exactly the parameters of its sentence."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from landmarks.core import errors
from landmarks.core.messages import MESSAGES, parameters_of, render
from tests.conftest import BASE_DIR

KINDS = {name for name, each in vars(errors).items() if isinstance(each, type) and issubclass(each, Exception)}
NO_PARAMETERS = {"detail", "code", "status", "trace_id"}
CATALOGUE = tuple(
    BASE_DIR / f"landmarks/core/{name}.py"
    for name in ("messages", "engine_messages", "backup_messages", "webhook_messages")
)


@cache
def sources() -> tuple[tuple[Path, ast.Module], ...]:
    paths = [path for folder in ("landmarks", "facesite") for path in sorted((BASE_DIR / folder).rglob("*.py"))]
    return tuple((path, ast.parse(path.read_text())) for path in paths if path not in CATALOGUE)


def errors_made() -> Iterator[tuple[str, str, set[str]]]:
    """Where an error is made with a literal id, the id, and the names of its parameters."""
    for path, tree in sources():
        relative = path.relative_to(BASE_DIR)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KINDS:
                for message_id in literals(node.args[0]):
                    names = {keyword.arg or "**" for keyword in node.keywords} - NO_PARAMETERS
                    yield f"{relative}:{node.lineno}", message_id, names


def literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*literals(node.body), *literals(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def test_every_error_has_a_message_and_its_parameters() -> None:
    made = list(errors_made())
    assert len(made) > 50
    unknown = [(where, message_id) for where, message_id, _ in made if message_id not in MESSAGES]
    assert not unknown
    wrong = [(where, message_id) for where, message_id, names in made if names != parameters_of(message_id)]
    assert not wrong


def test_every_message_is_used() -> None:
    texts = {
        node.value
        for _, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert not set(MESSAGES) - texts


@pytest.mark.parametrize(
    "message_id", [id for id in MESSAGES if not id.startswith(("field_", "form_", "engine_not_one"))]
)
def test_every_message_is_a_sentence(message_id: str) -> None:
    sentence = MESSAGES[message_id]
    assert sentence[0].isupper() or sentence.startswith(("{", "image_url", "async"))
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (61, "2 minutes"), (3600, "1 hour")],
)
def test_a_time_is_in_its_largest_unit(seconds: int, written: str) -> None:
    assert f"Try again in {written}." in render("rate_exceeded", {"limit": 1, "period": 60, "retry_after": seconds})


def test_bytes_and_pixels_have_their_units() -> None:
    assert "2.5 MB" in render("file_too_large", {"max_bytes": 2.5 * 2**20})
    assert "60 million pixels" in render("too_many_pixels", {"max_pixels": 60_000_000})


def test_what_a_parameter_holds_is_never_read_as_a_format() -> None:
    assert render("field_invalid", {"field": "{name}", "reason": "{0}"}) == "{name}: {0}"
