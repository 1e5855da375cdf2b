"""Explaining a value: which layer set it, when, in which release, and what lies beneath."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from loopline.access.context import Context
from loopline.meta.document import PRESENT, DocumentKey, Leaf, Path
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
    """Answer the labels that lack one of the languages, as (document, path, language)."""
    missing = []
    for kind in ("entity", "form", "view", "menu", "tag_group", "template"):
        for name in ctx.snapshot.catalog.ids(kind):
            key = DocumentKey(kind, name)
            labels: dict[Path, set[str]] = {}
            for path in ctx.snapshot.catalog.resolved(key).values:
                if path[-1] in languages and path[-2:-1] and path[-2] in _TEXTS:
                    labels.setdefault(path[:-1], set()).add(path[-1])
            missing += [
                (key, path, language)
                for path, found in labels.items()
                for language in languages
                if language not in found
            ]
    return missing


_TEXTS = frozenset({"label", "plural", "help", "message", "unit", "subject", "body"})
