"""How properties are tried: many times, always with the same examples, so that what fails once fails again."""

from hypothesis import HealthCheck, settings

CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]


def tried(times: int) -> settings:
    return settings(max_examples=times, derandomize=True, database=None, deadline=None, suppress_health_check=CHECKS)
