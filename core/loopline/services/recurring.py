"""The jobs that recur: the kernel's own, and those of plugins."""

from collections.abc import Iterator
from datetime import time

from loopline.errors import NotValid
from loopline.hooks.manager import Plugins
from loopline.jobs.dead import PRUNE
from loopline.jobs.schedule import Daily, Every, Recurring, read_rhythm
from loopline.services.approvals.review import REVIEW
from loopline.services.clock_jobs import RECOMPUTE, TICK
from loopline.services.files.waiting import TIDY
from loopline.services.rollups import VERIFY
from loopline.services.tagging import RUN


def kernel_recurring(zone: str) -> tuple[Recurring, ...]:
    """Answer the kernel's for a site in a time zone."""
    return (
        Recurring(name=TICK, kind=TICK, rhythm=Every(1)),
        Recurring(name=REVIEW, kind=REVIEW, rhythm=Every(60)),
        Recurring(name=RECOMPUTE, kind=RECOMPUTE, rhythm=Daily(time(1, 30), zone)),
        Recurring(name=RUN, kind=RUN, rhythm=Daily(time(1, 45), zone)),
        Recurring(name=VERIFY, kind=VERIFY, rhythm=Daily(time(2, 0), zone)),
        Recurring(name=TIDY, kind=TIDY, rhythm=Daily(time(2, 30), zone)),
        Recurring(name=PRUNE, kind=PRUNE, rhythm=Daily(time(3, 0), zone)),
    )


def plugin_recurring(plugins: Plugins, zone: str) -> Iterator[Recurring]:
    """Yield those of plugins; a rhythm that nobody can read is noted against its plugin."""
    for plugin, declared in plugins.jobs.items():
        for job in declared:
            if not job.every:
                continue
            try:
                rhythm = read_rhythm(job.every, zone)
            except NotValid as error:
                plugins.failures[plugin] = str(error)
                continue
            yield Recurring(name=f"{plugin}:{job.kind}", kind=job.kind, rhythm=rhythm)
