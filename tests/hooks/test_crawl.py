"""Law I9: whatever a plugin does, every page still renders, and it can be disabled on one."""

import json
from pathlib import Path

import pytest

from hooks.site_crawl import Crawler
from kit.demo_site import live
from kit.profiles import DEEP
from loopline.bootstrap import Platform, build_platform
from loopline.clock import FixedClock
from loopline.services.plugin_states import disable, enable
from loopline.settings import load_settings

CHAOS = """
from loopline.sdk import hookimpl

def _raise(*args, **kwargs):
    raise RuntimeError("chaos")

@hookimpl
def before_change(ctx, event): _raise()
@hookimpl
def restrict_scope(ctx, event): _raise()
@hookimpl
def before_publish(ctx, event): _raise()
@hookimpl
def after_change(ctx, event): _raise()
@hookimpl
def after_publish(ctx, event): _raise()
@hookimpl
def on_job_error(ctx, event): _raise()
@hookimpl
def panels(ctx, event): _raise()
@hookimpl
def on_lifecycle(ctx, event):
    if event.action == "disable":
        _raise()
"""


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Answer none: this site has every bundled plugin."""
    return frozenset()


@pytest.fixture
def site_documents() -> str:
    """Answer none of the site's own."""
    return ""


@pytest.fixture
def packs() -> tuple[str, ...]:
    """Answer the pack of the demo."""
    return ("equipment",)


def _plugins(platform: Platform) -> list[str]:
    """Answer the plugins that no other needs: all of them in depth, else the first and the last."""
    manifests = platform.plugins.manifests
    needed = {name for one in manifests.values() for name in one.depends_on}
    found = [name for name in manifests if name not in needed]
    return found if DEEP else [found[0], found[-1]]


@pytest.mark.timeout(1800 if DEEP else 300)
def test_each_plugin_can_be_disabled_and_every_page_renders(
    platform: Platform, clock: FixedClock
) -> None:
    live(platform, clock, 0.04)
    crawler = Crawler(platform)
    for name in _plugins(platform):
        with platform.write() as ctx:
            disable(ctx, platform.shelf, name)
        assert crawler.broken() == [], name
        with platform.write() as ctx:
            enable(ctx, platform.shelf, name)


@pytest.mark.timeout(120)
def test_chaos_refuses_writes_by_name_and_is_disabled_on_the_page(site: Path, clock) -> None:
    folder = site / "plugins"
    folder.mkdir(exist_ok=True)
    words = {"id": "chaos", "title": "Chaos", "version": "1"}
    (folder / "chaos.json").write_text(json.dumps(words), encoding="utf-8")
    (folder / "chaos.py").write_text(CHAOS, encoding="utf-8")
    platform = build_platform(load_settings(site), clock)
    live(platform, clock, 0.04)
    crawler = Crawler(platform)
    with platform.write() as ctx:
        enable(ctx, platform.shelf, "chaos")
    assert crawler.broken() == []
    refused = crawler.api("POST", "/records/team", json={"name": "a"})
    assert (refused.status_code, refused.json()["code"]) == (422, "plugin.failed")
    assert "chaos" in refused.json()["detail"] + str(refused.json()["problems"])
    kept = crawler.post("/records/team/new", name="Night shift")
    assert (kept.status_code, "chaos" in kept.text, "Night shift" in kept.text) == (422, True, True)
    assert crawler.post("/plugins/chaos/disable").url.path == "/plugins"
    assert crawler.api("POST", "/records/team", json={"name": "a"}).status_code == 201
    platform.close()
