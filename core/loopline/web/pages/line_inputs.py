"""The lines that a form shows: as they were entered, else as they stand, else one to fill in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.definition import FieldDef
from loopline.web.pages.form_values import Entered, EnteredLine
from loopline.web.pages.line_values import Body, body_values


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a form; ``place`` is where it stood on the page that was sent."""

    place: str
    id: int | None
    values: Mapping[str, object]
    entered: Entered | None = None


def lines_of_form(
    ctx: Context,
    fields: Sequence[FieldDef],
    entered: Sequence[EnteredLine] | None,
    bodies: object,
    *,
    more: bool,
    blanks: bool,
) -> list[Line]:
    """Answer the lines to draw, with one ``more``; ``blanks`` says that blank ones stay."""
    if entered is not None:
        kept = [one for one in entered if blanks or not one.blank]
        lines = [Line(one.place, one.id, one.entered.values, one.entered) for one in kept]
    else:
        given = cast("Sequence[Body]", bodies or ())
        lines = [
            Line(str(place), cast("int | None", body.get("id")), body_values(ctx, fields, body))
            for place, body in enumerate(given)
        ]
    if lines and not more:
        return lines
    free = 1 + max((int(one.place) for one in lines), default=-1)
    return [*lines, Line(str(free), None, _defaults(ctx, fields))]


def line_errors(name: str, place: int, problems: Sequence[Problem]) -> list[Problem]:
    """Answer the problems of the line at a place, as problems of a record of their own."""
    prefix = f"fields.{name}.{place}."
    return [
        Problem(f"fields.{one.path.removeprefix(prefix)}", one.code, one.params)
        for one in problems
        if one.path.startswith(prefix)
    ]


def _defaults(ctx: Context, fields: Sequence[FieldDef]) -> dict[str, object]:
    return {
        one.id: ctx.snapshot.types[one.type].from_json(one, one.default)
        for one in fields
        if one.default is not None and not isinstance(one.default, tuple)
    }
