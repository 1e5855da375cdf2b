"""The page of an import that was undone: how many came to which end, and what was left and why."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from loopline.access.context import Context
from loopline.services.imports.request import ImportReport, Undone
from loopline.services.titles import titles
from loopline.web.contexts.imports import ImportCount, ImportKept, ImportRunContext
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.shell import entity_href


def with_undone(ctx: Context, shown: ImportRunContext, found: ImportReport) -> ImportRunContext:
    """Answer the page with what undoing came to."""
    done = found.undone or Undone()
    return replace(shown, counts=tuple(_counts(ctx, done)), kept=tuple(_kept(ctx, done)))


def _counts(ctx: Context, done: Undone) -> Iterator[ImportCount]:
    for name in ("removed", "reverted", "kept"):
        number = getattr(done, name)
        label = ctx.messages.say(f"import_page.undone.{name}", ctx.actor.language)
        yield ImportCount(label=label, count=f"{number:,}", bad=name == "kept" and number > 0)


def _kept(ctx: Context, done: Undone) -> Iterator[ImportKept]:
    """Yield the records that were left, by name where the reader may read them."""
    places = [one.path.partition("/") for one in done.reasons]
    ids: dict[str, set[int]] = defaultdict(set)
    for entity, _, number in places:
        if ctx.catalog.has("entity", entity):
            ids[entity].add(int(number))
    named = {entity: titles(ctx, entity, some) for entity, some in ids.items()}
    for (entity, _, number), one in zip(places, done.reasons, strict=True):
        label = named.get(entity, {}).get(int(number), f"#{number}")
        record = Crumb(label=label, href=f"{entity_href(entity)}/{number}")
        yield ImportKept(record=record, reason=ctx.messages.tell(one, ctx.actor.language))
