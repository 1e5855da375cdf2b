"""Observing hooks: told after the commit, each plugin on its own, again when they fail."""

from contextlib import suppress
from datetime import timedelta

from loopline.services.records import create, get

WITNESS = """
    @hookimpl
    def after_change(ctx, event):
        told_of = event.changes if event.entity == "x_thing" else ()
        for change in told_of:
            if event.action != "delete" and "note" not in change.fields:
                told = ",".join(sorted(change.fields))
                ctx.update("x_thing", change.id, {"note": f"{event.action}: {told}"})
"""


def test_hook_after_change(grow) -> None:
    platform = grow(WITNESS)
    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": "a", "count": 3})
        assert get(ctx, "x_thing", made.id).values["note"] is None
    platform.worker().run_due()
    with platform.read() as ctx:
        assert get(ctx, "x_thing", made.id).values["note"] == "create: active,code,count,name"


def test_what_is_rolled_back_is_told_to_nobody(grow) -> None:
    platform = grow(WITNESS)
    with suppress(ZeroDivisionError), platform.write() as ctx:
        create(ctx, "x_thing", {"name": "a"})
        raise ZeroDivisionError
    assert platform.worker().run_due() == 0


def test_an_observer_that_fails_is_called_again_and_given_up_at_last(grow, clock) -> None:
    platform = grow("""
        @hookimpl
        def after_change(ctx, event):
            raise RuntimeError("the shop is closed")

        @hookimpl
        def on_job_error(ctx, event):
            ctx.create("x_thing", {"name": event.kind, "note": event.error})
    """)
    with platform.write() as ctx:
        create(ctx, "x_part", {"name": "a"})
    worker, runs = platform.worker(), 0
    for _ in range(12):
        runs += worker.run_due()
        clock.move(timedelta(hours=1))
    with platform.read() as ctx:
        told = get(ctx, "x_thing", 1)
    assert (told.values["name"], told.values["note"]) == (
        "hook.after_change",
        "PluginFailed: plugin acme, after_change: RuntimeError: the shop is closed",
    )


def test_hook_on_job_error(grow, clock) -> None:
    test_an_observer_that_fails_is_called_again_and_given_up_at_last(grow, clock)


def test_hook_after_publish(grow) -> None:
    platform = grow("""
        @hookimpl
        def after_publish(ctx, event):
            ctx.create("x_thing", {"name": f"release {event.revision}"})
    """)
    platform.worker().run_due()
    with platform.read() as ctx:
        assert get(ctx, "x_thing", 1).values["name"] == f"release {ctx.snapshot.revision}"


def test_hook_panels(grow) -> None:
    platform = grow("""
        @hookimpl
        def panels(ctx, event):
            yield Panel(title="Acme", lines=(("Name", str(event.values["name"])),))
    """)
    from loopline.web.pages.panels import side_panels

    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        assert [(one.title, one.lines) for one in side_panels(ctx, made)] == [
            ("Acme", (("Name", "a"),))
        ]


def test_a_panel_that_breaks_says_so_in_its_place(grow) -> None:
    platform = grow("""
        @hookimpl
        def panels(ctx, event):
            raise RuntimeError("no")
    """)
    from loopline.web.pages.panels import side_panels

    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        assert [(one.title, one.tone) for one in side_panels(ctx, made)] == [("acme", "danger")]


def test_a_panel_of_another_shape_says_so_in_its_place(grow) -> None:
    platform = grow("""
        @hookimpl
        def panels(ctx, event):
            return [Panel(title="Odd", lines=("no pair",)), Panel(title="Whole")]
    """)
    from loopline.web.pages.panels import side_panels

    with platform.write() as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        found = [(one.title, one.tone) for one in side_panels(ctx, made)]
    assert found == [("acme", "danger"), ("Whole", "")]
