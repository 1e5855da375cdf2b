"""The page of an import that was undone: how many came to which end, and what was left and why."""

from collections.abc import Iterator
from dataclasses import replace

from loopline.access.context import Context
from loopline.services.imports.kept import kept_records
from loopline.services.imports.request import Undone
from loopline.services.imports.undo import may_undo
from loopline.store.imports import ImportRun
from loopline.web.contexts.imports import ImportCount, ImportKept, ImportRunContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.shell import entity_href


def with_undone(
    ctx: Context, shown: ImportRunContext, run: ImportRun, done: Undone
) -> ImportRunContext:
    """Answer the page with what undoing came to, or where it broke off."""
    return replace(
        shown,
        failure=ctx.messages.tell_all(run.failure, ctx.actor.language),
        counts=tuple(_counts(ctx, done)),
        kept=tuple(_kept(ctx, done)),
        may_undo=may_undo(ctx, run),
    )


def _counts(ctx: Context, done: Undone) -> Iterator[ImportCount]:
    for name in ("removed", "reverted", "kept"):
        number = getattr(done, name)
        label = ctx.messages.say(f"import_page.undone.{name}", ctx.actor.language)
        yield ImportCount(label=label, count=f"{number:,}", bad=name == "kept" and number > 0)


def _kept(ctx: Context, done: Undone) -> Iterator[ImportKept]:
    for one in kept_records(ctx, done):
        record = Crumb(label=one.title, href=f"{entity_href(one.entity)}/{one.id}")
        yield ImportKept(record=record, reason=one.message)
