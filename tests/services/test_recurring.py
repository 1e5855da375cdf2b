"""Jobs that recur: those of plugins by the rhythm they declare, a bad one noted, not fatal."""

from types import SimpleNamespace

from loopline.hooks.declarations import Job
from loopline.jobs.schedule import Daily, Every
from loopline.services.recurring import kernel_recurring, plugin_recurring


def _nothing(_ctx: object, _payload: object) -> None:
    pass


def test_plugins_say_how_often() -> None:
    jobs = (
        Job(kind="acme.sync", run=_nothing, every="15m"),
        Job(kind="acme.asked", run=_nothing),
        Job(kind="acme.odd", run=_nothing, every="often"),
    )
    plugins = SimpleNamespace(jobs={"acme": jobs}, failures={})
    found = list(plugin_recurring(plugins, "UTC"))
    assert [(one.name, one.rhythm) for one in found] == [("acme:acme.sync", Every(15))]
    assert "often" in plugins.failures["acme"]


def test_the_kernel_tidies_in_the_night_of_its_site() -> None:
    nightly = [one for one in kernel_recurring("Europe/Berlin") if isinstance(one.rhythm, Daily)]
    assert {one.rhythm.zone for one in nightly} == {"Europe/Berlin"}
