"""Explaining a value: which layer set it, when, in which release, and what lies beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from loopline.access.context import Context
from loopline.language import LANGUAGES
from loopline.meta.document import PRESENT, DocumentKey, Leaf, Leaves, Path
from loopline.store.releases import load_release


@dataclass(frozen=True, slots=True)
class Voice:
    """What one layer says of a leaf, and the release in which it began to say so."""

    layer: str
    value: Leaf
    since: int
    published_at: datetime | None
    published_by: int | None


@dataclass(frozen=True, slots=True)
class Explained:
    """One leaf: the voices on it, the one that is heard first."""

    path: Path
    voices: tuple[Voice, ...]


def explain(ctx: Context, key: DocumentKey, prefix: Path) -> list[Explained]:
    """Explain every leaf of a document at or below a path."""
    shares = [(name, stored.ops) for name, stored in ctx.snapshot.catalog.shares(key)]
    paths = dict.fromkeys(
        path
        for _, ops in shares
        for path in ops
        if path[: len(prefix)] == prefix and path[-1] != PRESENT
    )
    return [
        Explained(
            path,
            tuple(
                _voice(ctx, key, path, name, ops[path].value)
                for name, ops in reversed(shares)
                if path in ops
            ),
        )
        for path in paths
    ]


def _voice(ctx: Context, key: DocumentKey, path: Path, layer: str, value: Leaf) -> Voice:
    """Walk back through the releases as long as the layer says the same."""
    since = ctx.snapshot.catalog.release
    for revision in range(ctx.snapshot.revision - 1, 0, -1):
        older = load_release(ctx.connection, revision)
        found = older.layer(layer)
        stored = found.documents.get(key) if found else None
        op = stored.ops.get(path) if stored else None
        if op is None or op.value != value:
            break
        since = older
    return Voice(layer, value, since.revision, since.published_at, since.published_by)


def untranslated(ctx: Context, languages: Sequence[str]) -> list[tuple[DocumentKey, Path, str]]:
    """Answer the labels that lack one of the languages, as (document, path, language).

    What has no label at all, and is shown by its id, lacks each of them.
    """
    return [
        (key, path, language)
        for kind in _KINDS
        for name in ctx.snapshot.catalog.ids(kind)
        for key in (DocumentKey(kind, name),)
        for path, found in _labels(kind, ctx.snapshot.catalog.resolved(key).values).items()
        for language in languages
        if language not in found
    ]


def _labels(kind: str, values: Leaves) -> dict[Path, set[str]]:
    """Answer the languages of each text of a document; none for a label that is missing."""
    found: dict[Path, set[str]] = {}
    for path in values:
        if path[-1] in LANGUAGES and path[-2:-1] and path[-2] in _TEXTS:
            found.setdefault(path[:-1], set()).add(path[-1])
        for shape in _LABELLED.get(kind, ()):
            called = path[: len(shape)]
            looked_up = values.get((*called, "type")) == "lookup"  # called as what it looks up
            if len(path) > len(shape) and all(map(_fits, shape, called)) and not looked_up:
                found.setdefault((*called, "label"), set())
    return found


def _fits(shape: str, key: str) -> bool:
    return shape in {key, _ANY}


_TEXTS = frozenset({"label", "plural", "help", "message", "unit", "subject", "body"})
_KINDS: Final = ("entity", "form", "view", "menu", "tag_group", "template", "pipeline", "approval")
_ANY: Final = "*"
_LABELLED: Final = {
    "entity": (("fields", _ANY), ("fields", _ANY, "options", _ANY)),
    "view": ((),),
    "pipeline": ((),),
    "approval": ((), ("steps", _ANY)),
}
"""Where a kind has labels, by the places of what is called by them."""
