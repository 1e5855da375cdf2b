"""Semantic queries over HTTP: grouped numbers as a grid."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from loopline.access.context import Context
from loopline.errors import BadRequest, Problem
from loopline.query.answering import answer
from loopline.query.grid import Column, ResultGrid, Row
from loopline.query.periods import Period
from loopline.query.rates import Rate
from loopline.query.reading import read_query
from loopline.web.api.dispatch import Answer, ApiRequest, ApiRoute
from loopline.web.api.shapes import moment

Write = Callable[[object, str], Any]
"""Makes the JSON form of a value, given the currency of an amount."""


def run_query(ctx: Context, request: ApiRequest) -> Answer:
    """Answer a semantic query. Raises BadRequest for a body that is no object, NotValid."""
    body = request.json()
    if not isinstance(body, dict):
        raise BadRequest(Problem("body", "request.object"))
    return Answer(content=grid_shape(ctx, answer(ctx, read_query(body))))


def grid_shape(ctx: Context, grid: ResultGrid) -> dict[str, Any]:
    """Answer a grid in its JSON form: exact numbers as texts, money beside its currency."""
    measures = [one for one in grid.columns if one.role == "measure"]
    site = ctx.locale.currency
    writers = [(one.id, _writer(one)) for one in measures]
    notes = grid.notes
    return {
        "columns": [_column_shape(one, ctx.locale.language) for one in grid.columns],
        "rows": _rows(grid.rows, writers, site),
        "totals": _rows(grid.totals, writers, site),
        "notes": {
            "hidden_rows": notes.hidden_rows,
            "left_out": notes.left_out,
            "rates": [_rate_shape(one) for one in notes.rates],
            "unconverted": dict(notes.unconverted),
            "compared": {name: _period_shape(one) for name, one in notes.compared.items()},
            "as_of": moment(notes.as_of),
        },
    }


def _column_shape(column: Column, language: str) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": column.id,
        "label": column.label.to(language),
        "kind": column.kind,
        "role": column.role,
    }
    if column.fact is not None:
        shape["fact"] = column.fact.id
    further = {"format": column.format, "where": column.where, "overlap": column.overlap}
    return shape | {key: value for key, value in further.items() if value}


def _rate_shape(rate: Rate) -> dict[str, Any]:
    return {"currency": rate.currency, "date": _plain(rate.date), "rate": _plain(rate.rate)}


def _period_shape(period: Period) -> dict[str, Any]:
    return {"from": _plain(period.start), "to": _plain(period.end)}


def _rows(
    rows: Iterable[Row], writers: Sequence[tuple[str, Write]], site: str
) -> list[dict[str, Any]]:
    return [
        {
            "key": dict(row.key),
            "labels": dict(row.labels),
            "values": [
                write(value, row.currencies.get(name, site))
                for (name, write), value in zip(writers, row.values, strict=True)
            ],
            "level": row.level,
            "filter": row.filter,
            **({"filters": dict(row.filters)} if row.filters else {}),
            **({"others": list(row.others)} if row.others else {}),
        }
        for row in rows
    ]


def _writer(column: Column) -> Write:
    if column.kind != "money":
        return lambda value, currency: _plain(value)
    return lambda value, currency: (
        None if value is None else {"amount": _plain(value), "currency": currency}
    )


def _plain(value: object) -> Any:
    match value:
        case Decimal():
            return f"{value:f}"
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case _:
            return value


ROUTES: Final = (
    ApiRoute(
        method="POST",
        path="/query",
        handler=run_query,
        scope="read",
        summary="Grouped numbers: a semantic query answered as a grid",
        reading=True,
    ),
)
