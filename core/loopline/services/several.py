"""Fields of several links when a record they hold is deleted, and when it comes back."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.links import record_ids
from loopline.services.editing import update_many
from loopline.store import rows as store
from loopline.store.changes import newest_diffs
from loopline.store.members import holders
from loopline.store.tables import RecordTable, StoredField

Ids = Mapping[str, Iterable[int]]
"""Records by entity."""
Lost = dict[tuple[str, int], dict[str, list[int]]]


def holding_records(
    ctx: Context, doomed: Mapping[str, set[int]], rule: str
) -> Iterator[tuple[RecordTable, StoredField, dict[int, set[int]]]]:
    """Yield, for each field of a rule, the records left over that hold doomed ones, and which."""
    for target, ids in doomed.items():
        for source, name in _fields(ctx).get(target, ()):
            one = ctx.snapshot.table(source)
            stored = one.fields[name]
            if stored.definition.on_delete != rule:
                continue
            found: dict[int, set[int]] = defaultdict(set)
            for member, record in holders(ctx.connection, one, stored, ids):
                if record not in doomed.get(source, set()):
                    found[record].add(int(member))
            if found:
                yield one, stored, found


def take_out(ctx: Context, doomed: Mapping[str, set[int]], lost: Lost) -> Iterator[Problem]:
    """Take doomed records out of the fields that allow it, and note it in ``lost``.

    Yield a problem for each field where something forbids that.
    """
    for one, stored, found in holding_records(ctx, doomed, "clear"):
        name = stored.definition.id
        current = store.fetch(ctx.connection, one, sorted(found), lock=True)
        changes = {
            record: {
                name: record_ids(i for i in _ids(current[record].values[name]) if i not in gone)
            }
            for record, gone in found.items()
        }
        outcomes = update_many(ctx, one.entity.id, changes)
        refused = [outcome for outcome in outcomes.values() if isinstance(outcome, tuple)]
        if refused:
            yield linked_by(one, stored, len(refused))
        for record, gone in found.items():
            for member in gone:
                links = lost.setdefault((stored.definition.many, member), {})
                links.setdefault(f"{one.entity.id}.{name}", []).append(record)


def linked_by(one: RecordTable, stored: StoredField, count: int) -> Problem:
    """Answer the problem that records keep another by a field."""
    params = {"entity": one.entity.label, "label": stored.definition.label, "count": count}
    return Problem(f"{one.entity.id}.{stored.definition.id}", "record.linked_by", params)


def put_back(ctx: Context, revived: Ids) -> None:
    """Put records that came back into the fields their deletion took them out of."""
    wanted: dict[tuple[str, str], dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for entity, ids in revived.items():
        diffs = newest_diffs(ctx.connection, entity, list(ids), "delete")
        for record, diff in diffs.items():
            for source, name in _fields(ctx).get(entity, ()):
                for holder in diff.get(f"{source}.{name}", ([], []))[0]:
                    wanted[source, name][holder].add(record)
    for (source, name), added in wanted.items():
        current = store.fetch(ctx.connection, ctx.snapshot.table(source), sorted(added), lock=True)
        changes = {
            holder: {name: record_ids({*_ids(record.values[name]), *added[holder]})}
            for holder, record in current.items()
            if record.deleted_at is None
        }
        update_many(ctx, source, changes)


def _ids(value: object) -> Iterable[int]:
    return value if isinstance(value, tuple) else ()


def _fields(ctx: Context) -> Mapping[str, list[tuple[str, str]]]:
    """Answer, for each entity, the (entity, field) pairs that may hold several of its records."""

    def build() -> Mapping[str, list[tuple[str, str]]]:
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for entity in ctx.snapshot.catalog.entities():
            for field in entity.fields.values():
                if field.many and field.id in ctx.snapshot.table(entity.id).fields:
                    found[field.many].append((entity.id, field.id))
        return found

    return ctx.snapshot.memo("fields of several links", build)
