"""The commands as people call them, on a site of the kernel alone, in English."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from kit.kernel_site import blocked_plugins, site_documents
from loopline.cli.main import main

__all__ = ["blocked_plugins", "site_documents"]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOPLINE_LANGUAGE", "en")


@pytest.fixture
def run() -> Callable[..., Result]:
    """Answer a caller of commands without a site."""
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def on_site(run, site) -> Callable[..., Result]:
    """Answer a caller of commands on a prepared site."""
    return lambda *words: run(*words, "--site", site)
