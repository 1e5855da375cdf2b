"""Whether plugins, workers, jobs and clocks do what they should."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.hooks.manager import Plugins
from loopline.jobs.dead import dead
from loopline.jobs.figures import Figures, read_figures
from loopline.jobs.mail import KEPT
from loopline.services.doctor.finding import Finding, Level
from loopline.services.plugin_states import PluginState, plugin_states

PATIENCE: Final = timedelta(minutes=5)
"""How long workers may not be seen: some work recurs every minute."""
_MOST: Final = 20


def check_plugins(ctx: Context, plugins: Plugins) -> Iterator[Finding]:
    """Yield the plugins that fail or are gone, and those whose newer files are not served."""
    for state in plugin_states(ctx, plugins):
        problem = _plugin_problem(state)
        if problem is not None:
            newer = problem.code == "doctor.plugin_newer"
            level: Level = "warning" if newer else "broken"
            yield Finding(area="plugins", level=level, problem=problem)


def check_work(ctx: Context) -> Iterator[Finding]:
    """Yield jobs that were given up, and signs that nobody works."""
    for job in dead(ctx.connection, _MOST):
        params = {"id": job.id, "kind": job.kind, "reason": job.error}
        problem = Problem(f"job {job.id}", "doctor.dead_job", params)
        yield Finding(area="jobs", level="broken", problem=problem)
    figures = read_figures(ctx.connection, ctx.now)
    kept = figures.mails.get(KEPT, 0)
    if kept and ctx.settings.mail is None:
        problem = Problem("mail.host", "doctor.kept_mails", {"count": kept})
        yield Finding(area="jobs", level="warning", problem=problem)
    if is_unattended(ctx, figures):
        seen = "-" if figures.looked_at is None else f"{figures.looked_at:%Y-%m-%d %H:%M} UTC"
        problem = Problem("worker", "doctor.no_worker", {"seen": seen})
        yield Finding(area="jobs", level="warning", problem=problem)
        if figures.late_clocks:
            problem = Problem("clocks", "doctor.late_clocks", {"count": figures.late_clocks})
            yield Finding(area="clocks", level="warning", problem=problem)
    if figures.waiting_since is not None and ctx.now - figures.waiting_since > PATIENCE:
        problem = Problem("jobs", "doctor.waiting_jobs", {"count": figures.jobs["ready"]})
        yield Finding(area="jobs", level="warning", problem=problem)


def is_unattended(ctx: Context, figures: Figures) -> bool:
    """Whether no worker has looked for work lately."""
    return figures.looked_at is None or ctx.now - figures.looked_at > PATIENCE


def _plugin_problem(state: PluginState) -> Problem | None:
    params = {"plugin": state.id, "version": state.version, "served": state.served}
    place = f"plugin {state.id}"
    if state.state == "failed":
        return Problem(place, "doctor.plugin_failed", {**params, "reason": state.reason})
    if state.state == "missing" and state.serving:
        return Problem(place, "doctor.plugin_missing", params)
    if state.serving and state.version != state.served:
        return Problem(place, "doctor.plugin_newer", params)
    return None
