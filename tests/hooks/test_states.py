"""How plugins fare, as an administrator is told, and what keeps one from starting or ending."""

import shutil

import pytest

from hooks.site_crawl import Crawler
from loopline.bootstrap import build_platform
from loopline.errors import NotValid
from loopline.services.plugin_states import PluginState, disable, enable, plugin_states

NOTHING = ""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer a file: nothing here depends on the database."""
    return sqlite_url


def _state(platform, name: str = "acme") -> PluginState:
    with platform.read() as ctx:
        return next(one for one in plugin_states(ctx, platform.plugins) if one.id == name)


def _disable(platform, name: str) -> None:
    with platform.write() as ctx:
        disable(ctx, platform.shelf, name)


@pytest.mark.parametrize("enabled", [True, False])
def test_a_plugin_is_available_and_then_enabled(grow, enabled: bool) -> None:
    found = _state(grow(NOTHING, title={"zh": "甲", "en": "Acme"}, enabled=enabled))
    expected = ("enabled", True, "1") if enabled else ("available", False, "")
    assert (found.state, found.serving, found.served) == expected
    assert (found.title.to("en"), found.version) == ("Acme", "1")


def test_a_plugin_is_disabled(grow) -> None:
    platform = grow(NOTHING)
    _disable(platform, "acme")
    assert (_state(platform).state, _state(platform).serving) == ("disabled", False)


def test_a_plugin_that_cannot_be_imported_keeps_its_name_and_says_why(grow) -> None:
    grow(NOTHING, title="Acme")
    platform = grow("1 / 0", title="Acme", version="2", enabled=False)
    found = _state(platform)
    assert (found.state, found.serving, found.title.to("en")) == ("failed", True, "Acme")
    assert (found.version, found.served) == ("2", "1")
    assert found.reason == "import: ZeroDivisionError: division by zero"
    _disable(platform, "acme")
    assert _state(platform).serving is False


def test_a_plugin_that_is_gone_is_missing_and_can_be_disabled(grow, site, clock) -> None:
    settings = grow(NOTHING).settings
    shutil.rmtree(site / "plugins")
    platform = build_platform(settings, clock)
    found = _state(platform)
    assert (found.state, found.served, found.serving) == ("missing", "1", True)
    _disable(platform, "acme")
    assert (_state(platform).state, _state(platform).serving) == ("missing", False)
    platform.close()


def test_a_plugin_waits_for_what_it_needs(grow) -> None:
    grow(NOTHING, "acme", enabled=False)
    platform = grow(NOTHING, "bolt", depends_on=["acme"], enabled=False)
    with platform.write() as ctx, pytest.raises(NotValid, match="needs=acme"):
        enable(ctx, platform.shelf, "bolt")
    with platform.write() as ctx:
        enable(ctx, platform.shelf, "acme")
    with platform.write() as ctx:
        enable(ctx, platform.shelf, "bolt")
    assert _state(platform, "bolt").state == "enabled"


@pytest.mark.parametrize("code", [NOTHING, "1 / 0"])
def test_a_plugin_that_another_needs_stays_even_if_that_one_failed(grow, code: str) -> None:
    grow(NOTHING, "acme")
    grow(NOTHING, "bolt", depends_on=["acme"])
    platform = grow(code, "bolt", depends_on=["acme"], enabled=False)
    with platform.write() as ctx, pytest.raises(NotValid, match="needed_by=bolt"):
        disable(ctx, platform.shelf, "acme")
    _disable(platform, "bolt")
    _disable(platform, "acme")
    assert _state(platform).state == "disabled"


def test_a_plugin_that_is_not_there_cannot_be_enabled(grow) -> None:
    platform = grow("1 / 0", "bolt", enabled=False)
    with platform.write() as ctx, pytest.raises(NotValid, match=r"plugin\.unusable"):
        enable(ctx, platform.shelf, "bolt")
    unmet = grow(NOTHING, "acme", depends_on=["nowhere"], enabled=False)
    assert _state(unmet).reason == "depends on nowhere, which is not available"


def test_the_page_of_plugins_tells_all_of_it(grow) -> None:
    grow(NOTHING, title="Acme")
    grow(NOTHING, "bolt", depends_on=["acme"])
    platform = grow("1 / 0", title="Acme", version="2", enabled=False)
    crawler = Crawler(platform)
    page = crawler.client.get("/plugins", headers={"accept-language": "en"}).text
    for told in ("Acme", "ZeroDivisionError", "acme"):
        assert told in page
    refused = crawler.post("/plugins/acme/disable")
    assert (refused.status_code, "bolt" in refused.text) == (422, True)
    assert crawler.post("/plugins/bolt/disable").url.path == "/plugins"
    assert crawler.post("/plugins/acme/disable").url.path == "/plugins"
    page = crawler.client.get("/plugins").text
    assert 'action="/plugins/acme/enable"' not in page
    assert 'action="/plugins/bolt/enable"' in page
