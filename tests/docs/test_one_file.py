"""The plugin of one file that the page for plugin authors shows, in a site and tested as shown."""

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from kit.sources import ROOT
from loopline.cli.main import main

PAGE = (ROOT / "docs" / "how-to" / "plugin-authors.md").read_text(encoding="utf-8")
BASE = frozenset({"leads", "pipeline", "contracts", "service", "loyalty", "reports"})


def shown(language: str, word: str) -> str:
    """Answer the first block of a language that has a word in it."""
    blocks = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.S | re.M)
    return next(one for one in blocks if word in one)


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    return BASE


@pytest.fixture
def site(site: Path) -> Path:
    """Answer a site with the plugin in its folder, enabled by the command."""
    (site / "plugins" / "acme.json").write_text(shown("json", '"acme"'), encoding="utf-8")
    (site / "plugins" / "acme.py").write_text(shown("python", "acme__colour"), encoding="utf-8")
    result = CliRunner().invoke(main, ["plugin", "enable", "acme", "--site", str(site)])
    assert result.exit_code == 0, result.output
    return site


@pytest.fixture
def shown_test() -> dict[str, object]:
    """Answer what the page's example of a test defines."""
    names: dict[str, object] = {"pytest": pytest, "Path": Path}
    exec(shown("python", "def test_the_action_paints"), names)  # noqa: S102 our own page
    return names


def test_the_example_of_a_test_passes(shown_test, api, make_record) -> None:
    shown_test["test_the_action_paints"](api, make_record)


def test_its_guard_refuses(api, make_record) -> None:
    customer = make_record("customer", name="Acme")
    path = f"/records/customer/{customer.id}/actions/paint"
    answer = api("POST", path, {"colour": "pink"}, status=422)
    assert "Not pink" in str(answer)
