"""The price of waiting for the disk, measured once; how high it is is not tested."""

from django.conf import settings

from benchmarks import durability
from landmarks.storage import durable_storage
from tests.benchmarks.conftest import report_of


def test_measures_every_way_in_turn():
    report = report_of("durability", "--photos", 2)
    rows = report["figures"]["time"]
    assert set(rows) == {"for nothing", "for rows", "for files", "for both"}
    assert all(row["time"]["runs"] == 2 and row["time"]["median"] > 0 for row in rows.values())


def test_the_last_way_is_that_of_the_site():
    assert durability.WAYS["for both"] == (True, "FULL")
    assert settings.STORAGES["default"]["BACKEND"] == f"{durable_storage.__name__}.DurableStorage"
