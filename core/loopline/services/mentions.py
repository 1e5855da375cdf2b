"""Mentions: from ``@name`` as people type it to ``@{id}`` as it is stored, and back."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.access.named import find_named
from loopline.errors import NotValid, Problem
from loopline.expr.fold import fold
from loopline.query.visible import visible_ids

_USER: Final = "user"
_LONGEST_NAME: Final = 60
_MOST: Final = 50
_AT: Final = re.compile(r"(?<![\w.+-])@", re.ASCII)
MARK: Final = re.compile(r"@\{([1-9]\d{0,17})\}")
"""How a stored text names a person."""
_ADDRESS: Final = re.compile(r"[^\s@{}]+@[\w.-]*\w")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A user who may be meant: id, folded name and e-mail address."""

    id: int
    name: str
    email: str


def read_mentions(
    ctx: Context, text: str, known: Collection[int] = ()
) -> tuple[str, tuple[int, ...]]:
    """Answer a text with its mentions as ``@{id}``, and whom it mentions, each once, in order.

    Of several people with one name that one is meant who is among ``known``. Raises NotValid
    naming a name that several people have, or too many mentions.
    """
    places = [found.end() for found in _AT.finditer(text)]
    if len(places) > _MOST:
        raise NotValid(Problem("text", "comment.mentions", {"most": _MOST}))
    candidates = _candidates(ctx, text, places)
    parts: list[str] = []
    ids: list[int] = []
    done = 0
    for place in places:
        found = _at(text, place, candidates, known) if place > done else None
        if found is not None:
            user, length = found
            parts += [text[done : place - 1], f"@{{{user}}}"]
            done = place + length
            ids.append(user)
    return "".join([*parts, text[done:]]), tuple(dict.fromkeys(ids))


def with_names(text: str, mentions: Collection[int], names: Mapping[int, str]) -> str:
    """Answer a stored text as people read it; only ``mentions`` are people."""

    def name(found: re.Match[str]) -> str:
        user = int(found[1])
        return f"@{names.get(user, f'#{user}')}" if user in mentions else found[0]

    return MARK.sub(name, text)


def _at(
    text: str, place: int, candidates: Sequence[Candidate], known: Collection[int]
) -> tuple[int, int] | None:
    """Answer who is mentioned after an @ and how many characters that takes; None for nobody."""
    marked = MARK.match(text, place - 1)
    if marked:
        user = int(marked[1])
        there = any(one.id == user for one in candidates)
        return (user, len(marked[0]) - 1) if there else None
    address = _ADDRESS.match(text, place)
    if address:
        wanted = fold(address[0])
        users = [one.id for one in candidates if one.email == wanted]
        return (users[0], len(address[0])) if users else None
    for prefix in _prefixes(text, place):
        wanted = fold(prefix)
        named = [one for one in candidates if one.name == wanted]
        if named:
            return _only(prefix, named, known), len(prefix)
    return None


def _only(name: str, named: Sequence[Candidate], known: Collection[int]) -> int:
    meant = [one for one in named if one.id in known] or named
    if len(meant) > 1:
        addresses = ", ".join(one.email or f"@{{{one.id}}}" for one in meant)
        raise NotValid(Problem("text", "comment.ambiguous", {"name": name, "known": addresses}))
    return meant[0].id


def _prefixes(text: str, place: int) -> Iterator[str]:
    """Yield what after an @ may be a name, the longest first; no Latin word is cut."""
    line = text[place : place + _LONGEST_NAME].split("\n")[0]
    for end in range(len(line), 0, -1):
        cut = end < len(line) and line[end - 1].isascii() and line[end].isascii()
        if cut and line[end - 1].isalnum() and line[end].isalnum():
            continue
        if not line[end - 1].isspace():
            yield line[:end]


def _candidates(ctx: Context, text: str, places: Sequence[int]) -> list[Candidate]:
    """Answer the active users whom the actor may know and who may be meant anywhere in a text."""
    marked = {int(found[1]) for found in MARK.finditer(text)}
    names = {fold(one) for place in places for one in _prefixes(text, place)}
    addresses = (_ADDRESS.match(text, place) for place in places)
    emails = {fold(found[0]) for found in addresses if found}
    if not (marked or names or emails) or not ctx.catalog.has("entity", _USER):
        return []
    users = ctx.snapshot.table(_USER)
    found = find_named(ctx.connection, users, names=names, emails=emails, ids=marked)
    seen = set(visible_ids(ctx, _USER, [one[0] for one in found]))
    return [Candidate(*one) for one in found if one[0] in seen]
