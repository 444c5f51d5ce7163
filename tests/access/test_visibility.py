"""Who sees which results: an owner its own, everybody all in a shared history."""

import pytest
from django.conf import LazySettings

from landmarks.access import tokens, visibility
from landmarks.models import Owner
from tests.rows import make_owner, make_result

pytestmark = pytest.mark.django_db


def test_an_owner_sees_its_own_results() -> None:
    mine = make_result(owner="ann")
    make_result(owner="bob")
    assert list(visibility.visible_results(make_owner("ann"))) == [mine]


def test_a_browser_and_a_token_of_the_same_name_are_different_owners() -> None:
    token = tokens.check(tokens.make("ann"), tokens.ALL)
    of_browser, of_token = make_result(owner="ann"), make_result(owner=token.owner)
    assert list(visibility.visible_results(Owner.find("browser", "ann"))) == [of_browser]
    assert list(visibility.visible_results(Owner.find("token", "ann"))) == [of_token]


def test_all_tokens_of_a_name_have_one_owner() -> None:
    first, second = (tokens.check(tokens.make("ann"), tokens.ALL) for _ in range(2))
    assert first.owner == second.owner
    assert Owner.objects.count() == 1


def test_nobody_sees_nothing() -> None:
    make_result()
    assert not visibility.visible_results(None).exists()
    assert Owner.find("browser", "bob") is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://example.org/a.jpg?key=secret#part", "https://example.org/a.jpg"),
        ("http://[2001:db8::1]:8080/a%20b.jpg?x", "http://[2001:db8::1]:8080/a%20b.jpg"),
        ("https://example.org/a.jpg#?secret", "https://example.org/a.jpg"),
        ("https://example.org/?secret", "https://example.org/"),
        ("https://example.org/a.jpg", "https://example.org/a.jpg"),
        ("", ""),
    ],
)
def test_only_the_owner_sees_the_query_of_an_address(address: str, shown: str) -> None:
    result = make_result(owner="ann", address=address)
    assert visibility.shown_address(result, make_owner("ann")) == address
    assert visibility.shown_address(result, make_owner("eve")) == visibility.shown_address(result, None) == shown


def test_everybody_sees_a_shared_history(settings: LazySettings) -> None:
    settings.HISTORY = "shared"
    results = {make_result(owner="ann"), make_result(owner="bob")}
    assert set(visibility.visible_results(None)) == set(visibility.visible_results(make_owner("eve"))) == results
