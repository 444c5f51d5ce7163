"""The errors: one code and status each, all of them documented and told in the tree."""

import ast
import re

from landmarks.core import errors
from landmarks.core.errors import HostedError, LandmarksError
from tests.conftest import BASE_DIR

ROW = re.compile(r"^\| `(\w+)` \| (\d+) \|", re.MULTILINE)


def tree(error: type[LandmarksError] = LandmarksError) -> set[type[LandmarksError]]:
    return {error}.union(*(tree(each) for each in error.__subclasses__()))


def ours() -> dict[str, int]:
    return {each.code: each.status for each in tree() if each is not HostedError and each.__module__ == errors.__name__}


def of_the_edge() -> dict[str, int]:
    """The statuses and codes that facesite gives to what Django refuses."""
    texts = [(BASE_DIR / "facesite" / name).read_text() for name in ("error_views.py", "middleware/errors.py")]
    calls = [node for text in texts for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    told = [call.args[1:3] for call in calls if isinstance(call.func, ast.Name) and call.func.id == "tell"]
    return {
        code.value: status.value
        for status, code in told
        if isinstance(status, ast.Constant) and isinstance(code, ast.Constant)
    }


def test_every_code_is_documented_with_its_status() -> None:
    documented = {code: int(status) for code, status in ROW.findall((BASE_DIR / "docs/errors.md").read_text())}
    assert len(of_the_edge()) == 6
    assert documented == {**ours(), **of_the_edge()}


def test_every_error_stands_in_the_tree() -> None:
    lines = (errors.__doc__ or "").splitlines()
    for error in tree() - {HostedError}:
        if error.__module__ == errors.__name__:
            (line,) = [line for line in lines if re.search(rf"\b{error.__name__} ", line)]
            assert line.split()[-2:] == [str(error.status), error.code]


def test_every_code_is_among_the_changes() -> None:
    changes = (BASE_DIR / "CHANGELOG.md").read_text()
    assert not [code for code in {**ours(), **of_the_edge()} if f"`{code}`" not in changes]
