"""Fixtures for tests/ and for the tests of every bundled plugin."""

pytest_plugins = (
    "kit.memory",
    "kit.network",
    "kit.databases",
    "kit.profiles",
    "kit.browser",
    "kit.kernel_guard",
)
