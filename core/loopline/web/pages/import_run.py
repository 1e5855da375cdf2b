"""The page of a rehearsal or an import: columns, counts, refused rows, and what to do next."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.imports.errors_file import refusals
from loopline.services.imports.request import ImportOptions, ImportReport, report_of
from loopline.services.imports.undo import may_undo
from loopline.store.imports import UNDOING, UNFINISHED, ImportRun
from loopline.web.contexts.forms import FieldProblem
from loopline.web.contexts.imports import ImportCount, ImportRefusal, ImportRunContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.dispatch import PageRequest
from loopline.web.pages.import_columns import (
    asked_mine,
    drawn_columns,
    keys,
    usually_mine,
    ways,
)
from loopline.web.pages.import_undone import with_undone
from loopline.web.pages.list_state import address
from loopline.web.pages.phrases import in_phrase
from loopline.web.pages.plurals import plural_of
from loopline.web.pages.shell import Place, entity_href, shell

_SHOWN: Final = 20


def run_context(
    ctx: Context,
    asked: PageRequest,
    run: ImportRun,
    *,
    chosen: Sequence[str] | None = None,
    problems: Sequence[Problem] = (),
) -> ImportRunContext:
    """Answer the page of a run; ``chosen`` columns were refused for the ``problems``."""
    say, tell, language = ctx.messages.say, ctx.messages.tell, ctx.actor.language
    entity, found = ctx.catalog.entity(run.entity), report_of(run)
    base = entity_href(entity.id)
    running = run.state in UNFINISHED or (run.state == UNDOING and not run.failure)
    plural = plural_of(ctx, entity)
    heading = say("import_page.title", language, entity=in_phrase(plural, language))
    crumbs = (
        Crumb(label=plural.to(language), href=base),
        Crumb(label=heading, href=f"{base}/import"),
        Crumb(label=run.file_name),
    )
    here = f"{base}/import/{run.id}"
    shown = ImportRunContext(
        shell=shell(ctx, asked, Place(title=heading, entity=entity.id, crumbs=crumbs)),
        heading=heading,
        here=here,
        file_name=run.file_name,
        rehearsal=found.dry_run,
        running=running,
        summary=_summary(ctx, found),
        done=_settled(found),
        total=(found.total or 0) if found.undone is None else found.created + found.updated,
        action=here,
        problems=tuple(FieldProblem(message=tell(one, language)) for one in problems),
        list_href=base,
        again_href=f"{base}/import",
    )
    if running:
        return shown
    if found.undone is not None:
        return with_undone(ctx, shown, run, found.undone)
    shown = _with_result(ctx, shown, run)
    return _with_columns(ctx, asked, shown, run, chosen) if found.dry_run else shown


def _with_result(ctx: Context, shown: ImportRunContext, run: ImportRun) -> ImportRunContext:
    """Answer the page with what came of the rows."""
    found = report_of(run)
    say, language = ctx.messages.say, ctx.actor.language
    broke_off = run.state in {"failed", "left"}
    failure = ctx.messages.tell_all(found.failure, language) if broke_off else ""
    return replace(
        shown,
        failure=failure,
        may_resume=bool(failure),
        counts=tuple(_counts(ctx, found)),
        look_alikes=_look_alikes(ctx, found),
        refusals=tuple(
            ImportRefusal(row=str(one.row), column=one.column, reason=one.message)
            for one in refusals(ctx, run.id, _SHOWN)
        ),
        refused=say("import_page.refused_rows", language, n=found.failed) if found.failed else "",
        errors_href=f"{shown.here}/errors" if found.failed else "",
        written=tuple(_written(ctx, run)) if not found.dry_run else (),
        may_undo=may_undo(ctx, run),
    )


def _with_columns(
    ctx: Context,
    asked: PageRequest,
    shown: ImportRunContext,
    run: ImportRun,
    chosen: Sequence[str] | None,
) -> ImportRunContext:
    """Answer the page with what may be corrected after a rehearsal, and the way on."""
    found, options = report_of(run), ImportOptions.from_json(run.options)
    entity = ctx.catalog.entity(run.entity)
    usual = usually_mine(ctx, entity)
    remembered = ctx.messages.say("import_page.remembered", ctx.actor.language)
    return replace(
        shown,
        remembered=remembered if found.from_memory else "",
        columns=drawn_columns(ctx, found, chosen),
        keys=keys(ctx, entity, asked.one("key") or options.key),
        ways=ways(ctx, asked.one("on_match") or options.on_match),
        mine=usual if usual is None else asked_mine(asked, usual=options.mine),
        carry_out=_carry_out(ctx, found) if run.state == "done" else "",
    )


def _settled(found: ImportReport) -> int:
    if found.undone is not None:
        return found.undone.removed + found.undone.reverted
    return found.created + found.updated + found.skipped + found.failed


def _summary(ctx: Context, found: ImportReport) -> str:
    say, language = ctx.messages.say, ctx.actor.language
    kind = "rehearsal" if found.dry_run else "import"
    state = "running" if found.state in UNFINISHED else found.state
    if state == UNDOING and found.failure:
        state = "stuck"
    if state == "running" and not found.dry_run and found.total:
        return say(
            "import_page.import.progress",
            language,
            done=f"{_settled(found):,}",
            total=f"{found.total:,}",
        )
    return say(f"import_page.{kind}.{state}", language)


def _counts(ctx: Context, found: ImportReport) -> Iterator[ImportCount]:
    say, language = ctx.messages.say, ctx.actor.language
    tense = "will" if found.dry_run else "did"
    for name in ("created", "updated", "skipped", "failed"):
        number = getattr(found, name)
        label = say(f"import_page.{tense}.{name}", language)
        yield ImportCount(label=label, count=f"{number:,}", bad=name == "failed" and number > 0)


def _look_alikes(ctx: Context, found: ImportReport) -> str:
    if not found.look_alikes:
        return ""
    return ctx.messages.say("import_page.look_alikes", ctx.actor.language, n=found.look_alikes)


def _carry_out(ctx: Context, found: ImportReport) -> str:
    """Answer what the button says; blank where no row would change anything."""
    number = found.created + found.updated
    if not number:
        return ""
    return ctx.messages.say("import_page.carry_out", ctx.actor.language, n=f"{number:,}")


def _written(ctx: Context, run: ImportRun) -> Iterator[Crumb]:
    """Yield the lists of what the run made, and of what it changed among what was there."""
    say, language = ctx.messages.say, ctx.actor.language
    if run.finished_at is None or run.actor is None:
        return
    begun, ended = _moment(run.started_at), _moment(run.finished_at)
    made = f"created_by == {run.actor} && created_at >= {begun} && created_at <= {ended}"
    changed = (
        f"updated_by == {run.actor} && updated_at >= {begun} && updated_at <= {ended}"
        f" && created_at < {begun}"
    )
    for key, count, condition in (("made", run.created, made), ("changed", run.updated, changed)):
        if count:
            href = address(entity_href(run.entity), [("filter", condition)])
            yield Crumb(label=say(f"import_page.{key}", language, n=f"{count:,}"), href=href)


def _moment(value: datetime) -> str:
    return f'"{value.isoformat(timespec="milliseconds")}"'
