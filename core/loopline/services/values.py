"""From JSON bodies to values: every field read by its type, links found by what identifies them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import cast

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.fields.base import Unreadable
from loopline.fields.links import record_ids
from loopline.fields.money import currency_of
from loopline.services.links import find
from loopline.store.tables import RecordTable, StoredField

Body = Mapping[str, object]
Read = tuple[dict[str, object], list[Problem]]
_NATIVE = (date, datetime, Decimal)


def read_body(ctx: Context, entity: str, body: Body) -> dict[str, object]:
    """Read one body. Raises NotValid naming every field that cannot be read."""
    values, problems = read_bodies(ctx, entity, [body])[0]
    if problems:
        raise NotValid(*problems)
    return values


def read_bodies(ctx: Context, entity: str, bodies: Sequence[Body]) -> list[Read]:
    """Read many bodies; answer for each its values and what could not be read.

    A link is an id or ``{"by": {field: value}}``, several links an array of such; the
    look-ups of all bodies are made together. Names that are no fields are passed on,
    the checks of the record refuse them.
    """
    one = ctx.snapshot.table(entity)
    results: list[Read] = [({}, []) for _ in bodies]
    wanted: dict[tuple[str, str], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for index, body in enumerate(bodies):
        values, problems = results[index]
        for name, raw in body.items():
            stored = one.field(name)
            if stored is not None and stored.definition.to and isinstance(raw, Mapping):
                _note_lookup(stored, raw, index, wanted, problems)
            elif stored is not None and stored.definition.many and isinstance(raw, list | tuple):
                _note_several(stored, raw, (index, results[index]), wanted)
            else:
                _read(ctx, stored, name, raw, values, problems)
    for (name, by), texts in wanted.items():
        _follow(ctx, one, name, by, texts, results)
    return results


def _read(
    ctx: Context,
    stored: StoredField | None,
    name: str,
    raw: object,
    values: dict[str, object],
    problems: list[Problem],
) -> None:
    if stored is None or raw is None or isinstance(raw, _NATIVE):
        values[name] = raw
        return
    try:
        values[name] = stored.type.from_json(stored.definition, raw)
    except Unreadable as error:
        problems.append(error.at(f"fields.{name}"))
        return
    currency = currency_of(raw) if stored.type.id == "money" else None
    if currency is not None and currency != ctx.locale.currency:
        params = {"found": currency, "expected": ctx.locale.currency}
        problems.append(Problem(f"fields.{name}", "money.currency", params))


def _note_several(
    stored: StoredField,
    raw: Sequence[object],
    place: tuple[int, Read],
    wanted: dict[tuple[str, str], dict[str, list[int]]],
) -> None:
    """Read the ids among several links, and note the look-ups of the others."""
    index, (values, problems) = place
    _read_ids(stored, [one for one in raw if not isinstance(one, Mapping)], values, problems)
    for one in raw:
        if isinstance(one, Mapping):
            _note_lookup(stored, one, index, wanted, problems)


def _read_ids(
    stored: StoredField,
    ids: Sequence[object],
    values: dict[str, object],
    problems: list[Problem],
) -> None:
    name = stored.definition.id
    try:
        values[name] = stored.type.from_json(stored.definition, list(ids))
    except Unreadable as error:
        problems.append(error.at(f"fields.{name}"))


def _note_lookup(
    stored: StoredField,
    raw: Mapping[object, object],
    index: int,
    wanted: dict[tuple[str, str], dict[str, list[int]]],
    problems: list[Problem],
) -> None:
    by = raw.get("by")
    if not isinstance(by, Mapping) or len(by) != 1:
        problems.append(Problem(f"fields.{stored.definition.id}", "link.shape"))
        return
    key, value = next(iter(by.items()))
    wanted[stored.definition.id, str(key)][str(value)].append(index)


def _follow(
    ctx: Context,
    one: RecordTable,
    name: str,
    by: str,
    texts: Mapping[str, list[int]],
    results: list[Read],
) -> None:
    field = one.fields[name].definition
    try:
        found = find(ctx, field.to or field.many, by, list(texts))
    except NotValid as error:
        for index in {index for indexes in texts.values() for index in indexes}:
            results[index][1].extend(
                Problem(f"fields.{name}", problem.code, problem.params)
                for problem in error.problems
            )
        return
    for text, indexes in texts.items():
        ids = found[text]
        for index in indexes:
            values, problems = results[index]
            if len(ids) == 1 and field.many:
                held = cast("tuple[int, ...]", values.get(name) or ())
                values[name] = record_ids((*held, ids[0]))
            elif len(ids) == 1:
                values[name] = ids[0]
            else:
                code = "link.none" if not ids else "link.many"
                params = {"label": field.label, "by": by, "value": text, "count": len(ids)}
                problems.append(Problem(f"fields.{name}", code, params))
