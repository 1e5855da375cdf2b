"""Jobs of plugins: each run in a transaction of its own, with the plugin's context."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager

from loopline.access.context import Context
from loopline.hooks import declarations
from loopline.hooks.boundary import boundary
from loopline.jobs.queue import Job
from loopline.jobs.worker import Handler

Opener = Callable[..., AbstractContextManager[Context]]


def plugin_handlers(
    opener: Opener, declared: Mapping[str, tuple[declarations.Job, ...]]
) -> Mapping[str, Handler]:
    """Answer what runs the jobs of plugins, by kind; of a disabled plugin they do nothing."""
    return {
        one.kind: _handler(opener, plugin, one) for plugin, jobs in declared.items() for one in jobs
    }


def _handler(opener: Opener, plugin: str, declared: declarations.Job) -> Handler:
    def run(job: Job) -> None:
        with opener(via="job", source=f"job:{declared.kind}") as ctx:
            if plugin in ctx.calls.enabled:
                with boundary(plugin, f"job {declared.kind}"):
                    declared.run(ctx.contexts(plugin), job.payload)

    return run
