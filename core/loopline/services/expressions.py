"""Expressions over records: parsed and checked once per snapshot, evaluated on values."""

from collections.abc import Callable, Mapping

from loopline.access.context import Context
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.python import Predicate, compile_predicate
from loopline.meta.scope import EntityScope
from loopline.store.rows import Record, fetch
from loopline.store.snapshot import Snapshot

Values = Callable[[tuple[str, ...]], object]
Linked = Mapping[str, Mapping[int, Record]]


def predicate(snapshot: Snapshot, entity: str, text: str) -> tuple[Predicate, frozenset[str]]:
    """Answer the compiled expression and the links it follows."""

    def build() -> tuple[Predicate, frozenset[str]]:
        node = check(parse(text), EntityScope(snapshot.catalog, snapshot.types, entity))
        links = frozenset(path[0] for path in references(node) if len(path) == 2)
        return compile_predicate(node), links

    return snapshot.memo(("predicate", entity, text), build)


def linked_records(
    ctx: Context, entity: str, links: frozenset[str], rows: list[Mapping[str, object]]
) -> Linked:
    """Read the records that rows point to through the given links, one query a link."""
    definition = ctx.catalog.entity(entity)
    found: dict[str, Mapping[int, Record]] = {}
    for link in links:
        target = definition.fields[link].to
        ids = sorted({int(str(row[link])) for row in rows if row.get(link) is not None})
        found[link] = fetch(ctx.connection, ctx.snapshot.table(target), ids)
    return found


def values_of(row: Mapping[str, object], linked: Linked) -> Values:
    """Answer the values of a row by path, following links into ``linked``."""

    def value(path: tuple[str, ...]) -> object:
        if len(path) == 1:
            return row.get(path[0])
        target = row.get(path[0])
        record = linked.get(path[0], {}).get(target) if isinstance(target, int) else None
        return None if record is None else record.value(path[1])

    return value
