"""A few records of every entity, with every value that can be made up."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.fields.definition import FieldDef
from loopline.services.bin import delete
from loopline.services.editing import update
from loopline.services.records import create

SAMPLES: Mapping[str, object] = {
    "long_text": "one\ntwo",
    "integer": 7,
    "decimal": Decimal("3.30"),
    "money": Decimal("1234.50"),
    "percent": Decimal("0.125"),
    "boolean": True,
    "date": date(2026, 1, 31),
    "datetime": datetime(2026, 1, 31, 6, 30, tzinfo=UTC),
    "phone": "+8613812341234",
    "url": "https://www.example.com",
    "rating": 4,
}


def fill(platform: Platform) -> None:
    """Create up to three records of every entity, change the first, put the last into the bin.

    What rules refuse (a second of what there is once, a change of what is booked) is left out.
    """
    with platform.write(via="cli") as ctx:
        first: dict[str, int] = {}
        for entity in sorted(ctx.catalog.ids("entity"), key=lambda one: _depth(ctx, one)):
            made: list[int] = []
            for number in range(3):
                with suppress(NotValid):
                    made.append(_create(ctx, entity, number, first))
            if made:
                first[entity] = made[0]
                _change(ctx, entity, made)


def _change(ctx: Context, entity: str, made: Sequence[int]) -> None:
    about = ctx.catalog.entity(entity)
    if about.traits.append_only:
        return
    if about.fields[about.title_field].type == "text":
        update(ctx, entity, made[0], {about.title_field: "changed"})
    with suppress(NotValid):
        delete(ctx, entity, made[-1])


def _depth(ctx: Context, entity: str) -> int:
    """Answer how many links have to be followed to what needs no other."""
    needed = [one.to for one in ctx.catalog.entity(entity).links if one.required]
    return 1 + max((_depth(ctx, one) for one in needed if one != entity), default=0)


def _create(ctx: Context, entity: str, number: int, first: Mapping[str, int]) -> int:
    """Create a record; values that its rules refuse are left out, one after the other."""
    fields = ctx.catalog.entity(entity).fields.values()
    values = {one.id: _sample(one, number, first) for one in fields}
    given = {name: value for name, value in values.items() if value is not None}
    while True:
        try:
            return create(ctx, entity, given).id
        except NotValid as refused:
            named = {one.path.removeprefix("fields.") for one in refused.problems}
            if named.isdisjoint(given):
                raise
            given = {name: value for name, value in given.items() if name not in named}


def _sample(field: FieldDef, number: int, first: Mapping[str, int]) -> object:
    if field.to:
        return first.get(field.to)
    if field.type in {"choice", "multi_choice"} and field.options:
        code = next(iter(field.options))
        return code if field.type == "choice" else (code,)
    if field.unique == "yes" and field.type == "email":
        return f"{number}@example.com"
    if field.type == "text":
        return f"恒岳 Ä {number}"
    if field.type == "code":
        return f"{field.id} {number}"
    return SAMPLES.get(field.type)
