"""What links to records that are about to be deleted, and what becomes of it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from loopline.access.context import Context
from loopline.errors import Conflict, Problem
from loopline.services import several
from loopline.services.editing import update_many
from loopline.store.keys import records_by_key

Doomed = Mapping[str, set[int]]
"""Records that are deleted together, by entity."""
Lost = dict[tuple[str, int], dict[str, list[int]]]
"""For each deleted record, by ``entity.field``: the records whose link to it was lost."""


def with_cascades(ctx: Context, entity: str, records: set[int], lost: Lost) -> Doomed:
    """Answer, by entity, records and everything that is deleted with them; note it in ``lost``."""
    doomed: dict[str, set[int]] = {entity: set(records)}
    waiting: list[tuple[str, set[int]]] = [(entity, records)]
    while waiting:
        target, ids = waiting.pop()
        for source, field, pointing in _pointing(ctx, target, ids, "cascade"):
            _note(lost, target, f"{source}.{field}", pointing)
            new = pointing.keys() - doomed.setdefault(source, set())
            if new:
                doomed[source] |= new
                waiting.append((source, new))
    return doomed


def reached(ctx: Context, entity: str, records: set[int]) -> Doomed:
    """Answer, by entity, the further records that deleting some deletes too or blanks a link of."""
    doomed = with_cascades(ctx, entity, records, {})
    found = {name: set(ids) for name, ids in doomed.items()}
    found[entity] -= records
    for target, ids in doomed.items():
        for source, _, pointing in _pointing(ctx, target, ids, "clear"):
            found.setdefault(source, set()).update(pointing)
    for one, _, holding in several.holding_records(ctx, doomed, "clear"):
        found.setdefault(one.entity.id, set()).update(holding)
    return found


def refuse_restricted(ctx: Context, doomed: Doomed) -> None:
    """Raise Conflict naming the links that keep a record; those of doomed records do not."""
    problems = []
    for target, ids in doomed.items():
        for source, field, pointing in _pointing(ctx, target, ids, "restrict"):
            left = pointing.keys() - doomed.get(source, set())
            if left:
                problems.append(_restricted(ctx, source, field, len(left)))
    for one, stored, found in several.holding_records(ctx, doomed, "restrict"):
        problems.append(several.linked_by(one, stored, len(found)))
    if problems:
        raise Conflict(*problems, code="record.linked")


def clear_links(ctx: Context, doomed: Doomed, lost: Lost) -> None:
    """Blank the links that may be blanked and note them in ``lost``.

    Raises Conflict where a rule demands the link.
    """
    for target, ids in doomed.items():
        for source, field, pointing in _pointing(ctx, target, ids, "clear"):
            left = {i: to for i, to in pointing.items() if i not in doomed.get(source, set())}
            outcomes = update_many(ctx, source, {i: {field: None} for i in left}) if left else {}
            refused = [one for one in outcomes.values() if isinstance(one, tuple)]
            if refused:
                raise Conflict(_restricted(ctx, source, field, len(refused)), code="record.linked")
            _note(lost, target, f"{source}.{field}", left)
    problems = list(several.take_out(ctx, doomed, lost))
    if problems:
        raise Conflict(*problems, code="record.linked")


def _note(lost: Lost, target: str, link: str, pointing: Mapping[int, int]) -> None:
    found: dict[int, list[int]] = defaultdict(list)
    for record, to in pointing.items():
        found[to].append(record)
    for to, records in found.items():
        lost.setdefault((target, to), {})[link] = sorted(records)


def _pointing(
    ctx: Context, target: str, ids: set[int], rule: str
) -> Iterator[tuple[str, str, dict[int, int]]]:
    """Yield (entity, link, record → record it points to) for the links of a rule."""
    for source, name in ctx.catalog.incoming.get(target, ()):
        one = ctx.snapshot.table(source)
        stored = one.fields[name]
        if stored.definition.on_delete == rule:
            found = records_by_key(ctx.connection, one, stored, ids)
            if found:
                yield source, name, {record: int(str(to)) for to, record in found}


def _restricted(ctx: Context, source: str, field: str, count: int) -> Problem:
    entity = ctx.catalog.entity(source)
    params = {"entity": entity.label, "label": entity.fields[field].label, "count": count}
    return Problem(f"{source}.{field}", "record.linked_by", params)
