"""Two tiers: `make test` with fixed seeds, `make test-deep` with full counts."""

import os

import pytest
from hypothesis import HealthCheck, settings

DEEP = os.environ.get("LOOPLINE_TEST_DEEP") == "1"
QUICK = os.environ.get("LOOPLINE_TEST_PROFILE") == "quick"
"""Whether the tests run inside another test, which asks what they need and not what they find."""

settings.register_profile(
    "default",
    max_examples=100,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.register_profile("quick", parent=settings.get_profile("default"), max_examples=10)
settings.register_profile(
    "deep",
    parent=settings.get_profile("default"),
    max_examples=2000,
    derandomize=False,
    print_blob=True,
)


def pytest_configure(config: pytest.Config) -> None:
    """Choose the profile: LOOPLINE_TEST_PROFILE, else deep or default."""
    chosen = os.environ.get("LOOPLINE_TEST_PROFILE", "deep" if DEEP else "default")
    settings.load_profile(chosen)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave tests marked deep to `make test-deep`, and give the deep tier more time."""
    for item in items:
        if item.get_closest_marker("deep") and not DEEP:
            item.add_marker(pytest.mark.skip(reason="runs in make test-deep"))
        if DEEP and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(1800))
