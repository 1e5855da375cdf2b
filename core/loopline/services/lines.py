"""Records with their lines: written in one go and read together.

A line is a record of the entity that names the other as its ``parent``, and points to it by a
link. Whoever may write the record may write its lines; they have no rights of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services import bin as recycle_bin
from loopline.services import editing, records
from loopline.services.approvals.watching import watch_whole
from loopline.services.records import Outcome, Values
from loopline.services.shown import shown
from loopline.services.values import read_bodies
from loopline.store.lines import fetch_lines
from loopline.store.rows import Record, fetch

Lines = Mapping[str, Mapping[int, Sequence[Record]]]
"""For each field of lines, the lines of each record."""


def lines_of(entity: EntityDef) -> tuple[FieldDef, ...]:
    """Answer the fields of an entity that hold lines."""
    return tuple(one for one in entity.fields.values() if one.type == "lines")


def read_lines(ctx: Context, entity: EntityDef, ids: Sequence[int], names: Sequence[str]) -> Lines:
    """Answer the lines of records for the named fields: one query a field."""
    found: dict[str, Mapping[int, Sequence[Record]]] = {}
    for one in lines_of(entity):
        if one.id in names:
            child = ctx.snapshot.table(one.many)
            found[one.id] = fetch_lines(ctx.connection, child, child.entity.parent_link, ids)
    return found


def create(ctx: Context, entity: str, values: Values) -> Record:
    """Create a record with its lines. Raises NotValid naming every field and line that is wrong."""
    plain, given = _apart(ctx, entity, values)
    changes = _read(ctx, given)
    made = records.create(ctx, entity, plain)
    if not changes:
        return made
    _write(ctx.elevated(f"lines of {entity}"), made.id, changes, {})
    return _as_it_stands(ctx, made)


def create_many(ctx: Context, entity: str, rows: Sequence[Values]) -> list[Outcome]:
    """Create records, each with its lines or not at all; answer as records.create_many does."""
    names = {one.id for one in lines_of(ctx.catalog.entity(entity))}
    with_lines = [index for index, row in enumerate(rows) if not names.isdisjoint(row)]
    if not with_lines:
        return records.create_many(ctx, entity, rows)
    outcomes: dict[int, Outcome] = {}
    for index in with_lines:
        undo = ctx.connection.begin_nested()
        try:
            outcomes[index] = create(ctx, entity, rows[index]).id
        except NotValid as error:
            undo.rollback()
            outcomes[index] = error.problems
        else:
            undo.commit()
    rest = [index for index in range(len(rows)) if index not in outcomes]
    made = records.create_many(ctx, entity, [rows[index] for index in rest])
    outcomes |= dict(zip(rest, made, strict=True))
    return [outcomes[index] for index in range(len(rows))]


def update(
    ctx: Context,
    entity: str,
    record_id: int,
    values: Values,
    *,
    base: int | None = None,
    if_match: int | None = None,
) -> Record:
    """Change a record and its lines, as editing.update does.

    A list of lines is the whole of it: one with an ``id`` is changed, one without is new, and one
    that is not named goes to the bin. A field of lines that is not named stays as it is.
    """
    plain, given = _apart(ctx, entity, values)
    changes = _read(ctx, given)
    if not changes:
        return editing.update(ctx, entity, record_id, plain, base=base, if_match=if_match)
    parts = ctx.in_parts()
    changed = editing.update(parts, entity, record_id, plain, base=base, if_match=if_match)
    definition = ctx.catalog.entity(entity)
    held = read_lines(ctx, definition, [record_id], [one.of.id for one in changes])
    of_record = {name: list(by.get(record_id, ())) for name, by in held.items()}
    _write(parts.elevated(f"lines of {entity}"), record_id, changes, of_record)
    watch_whole(ctx, parts)
    return _as_it_stands(ctx, changed)


def _as_it_stands(ctx: Context, record: Record) -> Record:
    """Answer a record again after its lines were written, which may have moved its roll-ups."""
    one = ctx.snapshot.table(record.entity)
    return shown(ctx, [fetch(ctx.connection, one, [record.id])[record.id]])[0]


@dataclass(frozen=True, slots=True)
class _Lines:
    """What one field of lines shall hold: the values of each line, and the id it has or None."""

    of: FieldDef
    rows: list[tuple[int | None, Values]] = field(default_factory=list)


def _apart(
    ctx: Context, entity: str, values: Values
) -> tuple[Values, list[tuple[FieldDef, object]]]:
    """Answer the values without lines, and what was given for each field of lines.

    Raises NotValid naming the fields of lines that the actor may not write.
    """
    whole = ctx.snapshot.catalog.entity(entity)
    known = {one.id: one for one in lines_of(whole)}
    barred = [
        Problem(f"fields.{name}", "field.forbidden", {"label": known[name].label})
        for name in known.keys() & values.keys()
        if ctx.rights.level(whole, name) != "write"
    ]
    if barred:
        raise NotValid(*barred)
    if known.keys().isdisjoint(values):
        return values, []
    plain = {name: value for name, value in values.items() if name not in known}
    return plain, [(known[name], values[name]) for name in values if name in known]


def _read(ctx: Context, given: Sequence[tuple[FieldDef, object]]) -> list[_Lines]:
    """Read the bodies of lines. Raises NotValid naming every line that cannot be read."""
    problems: list[Problem] = []
    found: list[_Lines] = []
    for one, raw in given:
        bodies = _bodies(one, raw, problems)
        link = ctx.snapshot.table(one.many).entity.parent_link
        read = read_bodies(ctx, one.many, [_without(body, "id", link) for body in bodies])
        lines = _Lines(one)
        for index, (body, (values, wrong)) in enumerate(zip(bodies, read, strict=True)):
            problems += [_at(one, index, problem) for problem in wrong]
            lines.rows.append((_id(one, index, body, problems), values))
        found.append(lines)
    if problems:
        raise NotValid(*problems)
    return found


def _bodies(one: FieldDef, raw: object, problems: list[Problem]) -> Sequence[Mapping[str, object]]:
    if raw is None or raw == "":
        return ()
    if isinstance(raw, list | tuple) and all(isinstance(line, Mapping) for line in raw):
        return raw
    problems.append(Problem(f"fields.{one.id}", "lines.unreadable", {"text": str(raw)[:40]}))
    return ()


def _without(body: Mapping[str, object], *names: str) -> Mapping[str, object]:
    return {name: value for name, value in body.items() if name not in names}


def _id(
    one: FieldDef, index: int, body: Mapping[str, object], problems: list[Problem]
) -> int | None:
    found = body.get("id")
    if found is None or (isinstance(found, int) and not isinstance(found, bool)):
        return found
    problems.append(
        Problem(f"fields.{one.id}.{index}.id", "link.invalid", {"text": str(found)[:40]})
    )
    return None


def _write(
    ctx: Context, record_id: int, changes: Sequence[_Lines], held: Mapping[str, Sequence[Record]]
) -> None:
    """Make the lines of a record what they shall be. Raises NotValid naming each wrong line."""
    problems: list[Problem] = []
    for one in changes:
        known = {line.id for line in held.get(one.of.id, ())}
        named = {line for line, _ in one.rows if line is not None}
        problems += [
            _at(one.of, index, Problem("id", "lines.not_its", {"id": line}))
            for index, (line, _) in enumerate(one.rows)
            if line is not None and line not in known
        ]
        for gone in sorted(known - named):
            recycle_bin.delete(ctx, one.of.many, gone)
        problems += _write_rows(ctx, record_id, one, known)
    if problems:
        raise NotValid(*problems)


def _write_rows(ctx: Context, record_id: int, one: _Lines, known: set[int]) -> list[Problem]:
    child = one.of.many
    link = ctx.snapshot.table(child).entity.parent_link
    old = {index: line for index, (line, _) in enumerate(one.rows) if line in known}
    new = [index for index, (line, _) in enumerate(one.rows) if line is None]
    changed = {line: one.rows[index][1] for index, line in old.items() if line is not None}
    updated = editing.update_many(ctx, child, changed) if changed else {}
    created = records.create_many(ctx, child, [{**one.rows[i][1], link: record_id} for i in new])
    outcomes = {index: updated[line] for index, line in old.items() if line is not None}
    outcomes |= dict(zip(new, created, strict=True))
    return [
        _at(one.of, index, problem)
        for index, outcome in sorted(outcomes.items())
        if isinstance(outcome, tuple)
        for problem in outcome
    ]


def _at(one: FieldDef, index: int, problem: Problem) -> Problem:
    path = problem.path.removeprefix("fields.")
    return Problem(f"fields.{one.id}.{index}.{path}", problem.code, problem.params)
