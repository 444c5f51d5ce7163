"""`manage.py move_database`: every row gets from SQLite to PostgreSQL, and nothing changes on the way."""

from pathlib import Path

import psycopg
import pytest

from tests.sites import Site

MORE = """
from landmarks.models import Face, Result
from landmarks.access import tokens
first = Result.objects.order_by("position").first()
Face.objects.create(result=first, number=1, points=[[1e5, 1e-7], [0.1 + 0.2, -3]] * 45, score=0.97, pose={"yaw": 1e22})
tokens.make("robot")
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path / "site").fill(3)
    site.run(MORE)
    return site


def rows(site: Site) -> dict[str, list[object]]:
    """The results by their ids, which SQLite has without dashes."""
    return {id.replace("-", ""): row for id, row in site.results().items()}


def test_every_row_is_copied(site: Site, database_url: str) -> None:
    before = rows(site)
    done = site.manage("move_database", DATABASE_URL=database_url)
    assert (done.returncode, done.stderr) == (0, "")
    moved = Site(site.data_dir, {"DATABASE_URL": database_url})
    assert rows(moved) == before
    assert len(before) == 3
    # And goes on from there.
    moved.fill(1)
    assert len(rows(moved)) == 4


def test_an_interrupted_move_is_continued(site: Site, database_url: str) -> None:
    site.manage("move_database", DATABASE_URL=database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("DELETE FROM landmarks_face")
        connection.execute(
            "DELETE FROM landmarks_result WHERE id = (SELECT id FROM landmarks_result ORDER BY id DESC LIMIT 1)"
        )
    done = site.manage("move_database", DATABASE_URL=database_url)
    assert done.returncode == 0, done.stderr
    assert "2 were copied now" in done.stdout
    assert rows(Site(site.data_dir, {"DATABASE_URL": database_url})) == rows(site)


def test_a_database_that_differs_is_reported(site: Site, database_url: str) -> None:
    site.manage("move_database", DATABASE_URL=database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute("UPDATE landmarks_result SET note = 'another'")
    done = site.manage("move_database", DATABASE_URL=database_url)
    assert done.returncode == 1
    assert "The databases differ in landmarks_result: 3 rows in SQLite, 3 in PostgreSQL" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [((), "DATABASE_URL does not name a PostgreSQL database"), (("missing.sqlite3",), "DATABASE_URL does not name")],
    ids=["no other database", "no file"],
)
def test_without_postgresql_it_says_what_to_set(site: Site, arguments: tuple[str, ...], sentence: str) -> None:
    done = site.manage("move_database", *arguments)
    assert done.returncode == 1
    assert sentence in done.stderr


def test_a_missing_file_is_one_sentence(site: Site, database_url: str) -> None:
    done = site.manage("move_database", "missing.sqlite3", DATABASE_URL=database_url)
    assert done.returncode == 1
    assert done.stderr.startswith("CommandError: There is no database at missing.sqlite3.")
