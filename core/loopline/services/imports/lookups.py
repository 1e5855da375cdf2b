"""Finding the records that the cells of link columns mean, a batch at a time."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.expr.fold import fold
from loopline.fields.base import Unreadable
from loopline.services.links import find
from loopline.services.records import Outcome, create_many
from loopline.services.titles import titles

Found = Mapping[str, Sequence[int]]
_NUMBERED: Final = re.compile(r"(?s)(?:(.+) )?#([1-9]\d{0,17})")
_MOST_REMEMBERED: Final = 50_000
BY_NAME: Final = "name"


class Lookups:
    """The look-ups of one import. What was found is remembered, what was not is asked again."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], dict[str, Sequence[int]]] = defaultdict(dict)

    def find(self, ctx: Context, entity: str, by: str, texts: Collection[str]) -> Found:
        """Answer, for each text, the ids of the records it means."""
        known = self._found[entity, by]
        missing = {text for text in texts if text not in known}
        fresh = _find(ctx, entity, by, missing) if missing else {}
        answer = {text: known.get(text) or fresh.get(text, ()) for text in texts}
        if len(known) > _MOST_REMEMBERED:
            known.clear()
        known.update({text: ids for text, ids in fresh.items() if len(ids) == 1})
        return answer

    def create(
        self, ctx: Context, entity: str, by: str, texts: Collection[str]
    ) -> Mapping[str, Outcome]:
        """Create the records that texts name and nobody knows; answer their ids or problems.

        Texts that differ in case or spacing alone name one record.
        """
        alike: dict[str, list[str]] = defaultdict(list)
        for text in sorted(texts):
            alike[fold(text)].append(text)
        outcomes: dict[str, Outcome] = {}
        rows: dict[str, dict[str, object]] = {}
        for key, same in alike.items():
            try:
                rows[key] = _named_record(ctx, entity, by, same[0])
            except Unreadable as error:
                outcomes[key] = (error.at(f"fields.{by}"),)
        outcomes |= dict(zip(rows, create_many(ctx, entity, list(rows.values())), strict=True))
        made = {text: outcomes[key] for key, same in alike.items() for text in same}
        ids = {text: (one,) for text, one in made.items() if isinstance(one, int)}
        self._found[entity, by].update(ids)
        return made


def _named_record(ctx: Context, entity: str, by: str, text: str) -> dict[str, object]:
    """Answer a new record of which nothing is known but its name, and its key if that is another.

    Raises Unreadable.
    """
    one = ctx.snapshot.table(entity)
    title = one.entity.title_field
    names = dict.fromkeys((title, title if by == BY_NAME else by))
    return {
        name: one.fields[name].type.parse(one.fields[name].definition, text, ctx.locale)
        for name in names
    }


def _find(ctx: Context, entity: str, by: str, texts: Collection[str]) -> Found:
    if by != BY_NAME:
        return find(ctx, entity, by, texts)
    found: dict[str, Sequence[int]] = dict(_numbered(ctx, entity, texts))
    found |= _named(ctx, entity, [text for text in texts if text not in found])
    addressed = [text for text in texts if "@" in text and not found.get(text)]
    if addressed and "email" in ctx.catalog.entity(entity).fields:
        found |= find(ctx, entity, "email", addressed)
    return found


def _named(ctx: Context, entity: str, texts: Collection[str]) -> Found:
    """Answer the records with these titles; a field called name is the title's stand-in."""
    definition = ctx.catalog.entity(entity)
    title = definition.fields.get(definition.title_field)
    found: dict[str, Sequence[int]] = {}
    if title is not None and not title.to:
        found |= find(ctx, entity, title.id, texts)
    rest = [text for text in texts if not found.get(text)]
    if rest and BY_NAME in definition.fields and definition.title_field != BY_NAME:
        found |= find(ctx, entity, BY_NAME, rest)
    return found


def _numbered(ctx: Context, entity: str, texts: Collection[str]) -> dict[str, Sequence[int]]:
    """Answer the records meant by ``title #id``, which an export writes where titles repeat."""
    told = {text: match for text in texts if "#" in text and (match := _NUMBERED.fullmatch(text))}
    known = titles(ctx, entity, {int(match[2]) for match in told.values()})
    return {
        text: (int(match[2]),)
        for text, match in told.items()
        if known.get(int(match[2])) == (match[1] or text)
    }


def numbered(title: str, record: int) -> str:
    """Answer the text that means this record and no other of its title."""
    return title if title == f"#{record}" else f"{title} #{record}"


def looks_numbered(title: str) -> bool:
    """Answer whether a title could be taken for one with a number."""
    return "#" in title and _NUMBERED.fullmatch(title) is not None
