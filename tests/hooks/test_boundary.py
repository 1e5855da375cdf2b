"""The plugin boundary: what a plugin raises, as the site hears of it."""

import pytest

from hooks.site_crawl import Crawler
from loopline.errors import NotFound, NotValid, PluginFailed
from loopline.hooks.boundary import boundary
from loopline.services.records import create, get


@pytest.mark.parametrize("raised", [RuntimeError("no"), SystemExit("no"), KeyError("no")])
def test_whatever_is_raised_names_the_plugin_and_the_hook(raised: BaseException) -> None:
    told = f"plugin acme, panels: {type(raised).__name__}"
    with pytest.raises(PluginFailed, match=told), boundary("acme", "panels"):
        raise raised


def test_a_refusal_of_the_kernel_says_itself_what_is_wrong() -> None:
    with pytest.raises(NotFound), boundary("acme", "page /acme"):
        raise NotFound()
    with pytest.raises(PluginFailed), boundary("acme", "before_change", (NotValid,)):
        raise NotFound()


SPOILT = """
    @hookimpl
    def panels(ctx, event):
        ctx.elevated("spoil").create("x_thing", {"name": "by a panel"})
        ctx._ctx.connection.exec_driver_sql("SELECT * FROM nowhere_at_all")

    @hookimpl
    def on_job_error(ctx, event):
        ctx.create("x_thing", {"name": "by on_job_error"})
        ctx.create("x_thing", {"count": -1})

    @hookimpl
    def before_change(ctx, event):
        if any(one.new.get("name") == "spoil" for one in event.changes):
            ctx._ctx.connection.exec_driver_sql("SELECT * FROM nowhere_at_all")
"""


def test_a_panel_that_breaks_the_transaction_leaves_the_page_whole(grow) -> None:
    from loopline.web.pages.panels import side_panels

    platform = grow(SPOILT)
    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        assert [one.tone for one in side_panels(ctx, made)] == ["danger"]
        assert ctx.contexts("acme").count("x_thing") == 1


def test_what_fails_to_hear_of_a_lost_job_leaves_nothing(grow) -> None:
    from loopline.jobs.queue import Job
    from loopline.services.observing import announce_failure

    platform = grow(SPOILT)
    lost = Job(id=1, kind="acme.count", payload={}, attempts=8, lease_token="")
    announce_failure(platform.write, lost, "gone")
    with platform.read() as ctx:
        assert ctx.contexts("acme").count("x_thing") == 0


def test_a_guard_that_breaks_the_transaction_can_be_told_of_in_it(grow) -> None:
    platform = grow(SPOILT)
    with platform.write() as ctx:
        with pytest.raises(PluginFailed, match="before_change"):
            create(ctx, "x_thing", {"name": "spoil"})
        made = create(ctx, "x_thing", {"name": "whole"})
        assert get(ctx, "x_thing", made.id).values["name"] == "whole"


WRONG = """
    def missing(ctx, request):
        return Template("nowhere.html", {})

    def spoilt(ctx, request):
        return Template("spoilt.html", {})

    def unfit(ctx, request):
        return Json({"a": {1, 2}})

    @hookimpl
    def register_pages(ctx):
        for name, handler in {"missing": missing, "spoilt": spoilt, "unfit": unfit}.items():
            yield Page(path=f"/acme/{name}", handler=handler)
        yield Page(path="/api/v1/acme/unfit", handler=unfit)
"""


def test_pages_that_cannot_be_drawn_name_the_plugin(grow, site) -> None:
    templates = site / "plugins" / "templates"
    templates.mkdir(parents=True)
    (templates / "spoilt.html").write_text("{{ page.nothing }}", encoding="utf-8")
    root = Crawler(grow(WRONG))
    for name in ("missing", "spoilt", "unfit"):
        shown = root.client.get(f"/acme/{name}")
        assert (shown.status_code, "acme" in shown.text) == (422, True)
    refused = root.api("GET", "/acme/unfit")
    assert (refused.status_code, refused.json()["code"]) == (422, "plugin.failed")
