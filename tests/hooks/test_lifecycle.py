"""The life of a plugin: what it writes as it begins and ends, and what its failure leaves."""

import pytest

from loopline.errors import NotValid, PluginFailed
from loopline.services.plugin_states import disable, enable

BROKEN_SQL = 'ctx._ctx.connection.exec_driver_sql("SELECT * FROM nowhere_at_all")'
NOT_VALID = 'ctx.create("x_thing", {"count": -1})'
LATE = 'raise RuntimeError("too late")'


def _told(action: str, failure: str) -> str:
    """Answer a plugin that writes and then fails when it is told of an act."""
    return f"""
        @hookimpl
        def on_lifecycle(ctx, event):
            if event.action == "{action}":
                ctx.create("x_thing", {{"name": event.action}})
                {failure}
    """


def _things(platform) -> int:
    with platform.read() as ctx:
        return ctx.contexts("acme").count("x_thing")


def test_hook_on_lifecycle(grow) -> None:
    platform = grow("""
        @hookimpl
        def on_lifecycle(ctx, event):
            ctx.create("x_thing", {"name": f"{event.action} {event.version}"})
    """)
    with platform.write() as ctx:
        disable(ctx, platform.shelf, "acme")
    with platform.write() as ctx:
        enable(ctx, platform.shelf, "acme")
    with platform.read() as ctx:
        told = [one.value("name") for one in ctx.contexts("acme").find("x_thing", sort=["id"])]
    assert told == ["install 1", "disable 1", "enable 1"]


@pytest.mark.parametrize("failure", [LATE, BROKEN_SQL, NOT_VALID])
def test_disabling_goes_on_without_what_a_failing_plugin_wrote(grow, failure: str) -> None:
    platform = grow(_told("disable", failure))
    with platform.write() as ctx:
        disable(ctx, platform.shelf, "acme")
    with platform.read() as ctx:
        assert ctx.snapshot.catalog.release.disabled == {"acme"}
    assert _things(platform) == 0


@pytest.mark.parametrize("failure", [LATE, BROKEN_SQL, NOT_VALID])
def test_a_plugin_that_fails_to_begin_is_not_enabled(grow, failure: str) -> None:
    platform = grow(_told("install", failure), enabled=False)
    with platform.write() as ctx:
        before = ctx.snapshot.revision
        with pytest.raises((PluginFailed, NotValid)):
            enable(ctx, platform.shelf, "acme")
        assert ctx.contexts("acme").count("x_thing") == 0
    with platform.read() as ctx:
        assert (ctx.snapshot.revision, ctx.snapshot.catalog.release.plugins) == (before, ())
    assert _things(platform) == 0
