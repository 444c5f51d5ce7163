"""The machine that figures were measured on."""

from benchmarks.machine import package_version, this_machine
from landmarks.engines.local.engine import LocalEngine


def test_names_the_processor_and_the_versions():
    machine = this_machine()
    assert machine.processor
    assert machine.cores >= 1
    assert machine.packages["numpy"]
    assert machine.engine == LocalEngine.version


def test_a_package_that_is_not_installed_has_no_version():
    assert package_version("no-such-package") is None
