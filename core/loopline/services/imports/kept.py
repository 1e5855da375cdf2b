"""The records that undoing an import left as they are, as a reader may learn of them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.imports.request import Undone
from loopline.services.titles import titles


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptRecord:
    """A record that was left: what it is called, and why it was, in the reader's language."""

    entity: str
    id: int
    title: str
    code: str
    message: str


def kept_records(ctx: Context, done: Undone) -> Iterator[KeptRecord]:
    """Yield the first records that were left; of those that may not be read only that they were."""
    places = [(entity, int(number)) for entity, number in map(_place, done.reasons)]
    ids: dict[str, set[int]] = defaultdict(set)
    for entity, number in places:
        if ctx.catalog.has("entity", entity):
            ids[entity].add(number)
    named = {entity: titles(ctx, entity, some) for entity, some in ids.items()}
    for (entity, number), one in zip(places, done.reasons, strict=True):
        title = named.get(entity, {}).get(number)
        told = one if title is not None else Problem(one.path, "import.kept_unread")
        yield KeptRecord(
            entity=entity,
            id=number,
            title=title or f"#{number}",
            code=told.code,
            message=ctx.messages.tell(told, ctx.actor.language),
        )


def _place(one: Problem) -> tuple[str, str]:
    entity, _, number = one.path.partition("/")
    return entity, number
