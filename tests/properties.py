"""How often properties are tried: a few times in each run with other examples, in CI always with the same ones, and
thousands of times in the nightly run.

pytest --hypothesis-seed=N                  the examples of a run again; N is printed at its beginning
HYPOTHESIS_PROFILE=nightly pytest …         thousands of examples
"""

import os

from hypothesis import HealthCheck, settings

CHECKS = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large]

settings.register_profile(
    "commit",
    max_examples=60,
    derandomize=False,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=CHECKS,
)
settings.register_profile("nightly", settings.get_profile("commit"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "commit"))


def tried(most: int) -> settings:
    """As many examples as the profile says, and no more than so many."""
    return settings(max_examples=min(most, settings.default.max_examples))
