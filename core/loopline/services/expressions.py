"""Expressions over records: parsed and checked once per snapshot, evaluated on values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from loopline.access.context import Context
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.python import Predicate, compile_predicate
from loopline.meta.scope import EntityScope
from loopline.store.rows import Record, fetch
from loopline.store.snapshot import Snapshot

Values = Callable[[tuple[str, ...]], object]
Path = tuple[str, ...]
Linked = Mapping[str, Mapping[int, Record]]
"""By the dotted path of a link, the records that it leads to."""


def predicate(snapshot: Snapshot, entity: str, text: str) -> tuple[Predicate, frozenset[str]]:
    """Answer the compiled expression and the dotted paths of the links it follows."""

    def build() -> tuple[Predicate, frozenset[str]]:
        node = check(parse(text), EntityScope(snapshot.catalog, snapshot.types, entity))
        return compile_predicate(node), followed(references(node))

    return snapshot.memo(("predicate", entity, text), build)


def followed(paths: Iterable[Path]) -> frozenset[str]:
    """Answer the dotted paths of the links that have to be followed to reach fields."""
    return frozenset(".".join(path[:steps]) for path in paths for steps in range(1, len(path)))


def linked_records(
    ctx: Context, entity: str, links: frozenset[str], rows: list[Mapping[str, object]]
) -> Linked:
    """Read the records that rows point to through the given links, one query a link.

    A row that is one of them itself is seen as it is given: a state that is only to be may point
    to itself, or to others that are to be with it.
    """
    catalog = ctx.snapshot.catalog
    scope = EntityScope(catalog, ctx.snapshot.types, entity)
    found: dict[str, Mapping[int, Record]] = {}
    for link in sorted(links, key=len):
        before, _, name = link.rpartition(".")
        definition = scope.definition(tuple(link.split(".")))
        if definition is None or not definition.to:
            continue
        if before:
            values = [one.value(name) for one in found.get(before, {}).values()]
        else:
            values = [row.get(name) for row in rows]
        ids = sorted({value for value in values if isinstance(value, int)})
        stored = fetch(ctx.connection, ctx.snapshot.table(definition.to), ids)
        given = {row.get("id"): row for row in rows} if definition.to == entity else {}
        found[link] = {number: _as_given(one, given) for number, one in stored.items()}
    return found


def _as_given(record: Record, given: Mapping[object, Mapping[str, object]]) -> Record:
    row = given.get(record.id)
    if row is None:
        return record
    return replace(record, values={name: row.get(name, was) for name, was in record.values.items()})


def values_of(row: Mapping[str, object], linked: Linked) -> Values:
    """Answer the values of a row by path, following links into ``linked``."""

    def value(path: Path) -> object:
        found = row.get(path[0])
        for steps in range(1, len(path)):
            records = linked.get(".".join(path[:steps]), {})
            target = records.get(found) if isinstance(found, int) else None
            if target is None:
                return None
            found = target.value(path[steps])
        return found

    return value
