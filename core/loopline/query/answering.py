"""From a semantic query to its grid. The one door to grouped numbers, for whoever shows them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.language import Label
from loopline.query.compile import QueryPlan, compile_query
from loopline.query.document import Aggregate, Measure, SemanticQuery, Share
from loopline.query.formulas import share
from loopline.query.grid import Column, Notes, ResultGrid, Row
from loopline.query.groups import BLANK_RANK, Group, Titles
from loopline.query.rollup import Groupings, Groups, Key
from loopline.query.titles import titles

MOST_CELLS: Final = 100_000
"""Rows and totals times measures."""
_RECORDS: Final = Label({"zh": "记录数", "en": "Records"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A row in the making: its groups by place, and the values of its measures by id."""

    groups: Mapping[int, Group]
    values: Mapping[str, object]


def answer(ctx: Context, query: SemanticQuery) -> ResultGrid:
    """Answer a query over the records that the actor may read.

    Raises NotFound for an entity they may not read; NotValid naming what in the query does not
    exist for them or does not fit, or where the answer would be too large.
    """
    return _Answering(ctx, query).grid()


class _Answering:
    def __init__(self, ctx: Context, query: SemanticQuery) -> None:
        self._ctx, self._query = ctx, query
        self._plan: QueryPlan = compile_query(ctx, query)
        self._groupings = Groupings(ctx.connection, self._plan)
        self._titles: Titles = {}
        self._wholes: Mapping[str, object] = {}

    def grid(self) -> ResultGrid:
        query, places = self._query, tuple(range(len(self._plan.dimensions)))
        finest = self._groupings.finest()
        self._titles = self._read_titles(finest)
        if any(isinstance(one, Share) for one in query.measures):
            self._wholes = self._computed(self._groupings.total(finest, ())[()])
        found = [self._found(places, key, parts) for key, parts in finest.items()]
        kept = self._sorted(self._filtered(found), query.sort)
        rows = [self._row(one) for one in kept[: query.limit]]
        totals = [row for wanted in query.totals for row in self._total_rows(finest, wanted)]
        if (len(rows) + len(totals)) * max(1, len(query.measures)) > MOST_CELLS:
            raise NotValid(Problem("limit", "query.too_many_cells", {"most": MOST_CELLS}))
        return ResultGrid(
            columns=tuple(self._columns()),
            rows=tuple(rows),
            totals=tuple(totals),
            notes=Notes(
                hidden_rows=self._hidden(),
                left_out=len(found) - len(rows),
                as_of=self._ctx.now,
            ),
        )

    def _total_rows(self, finest: Groups, wanted: Sequence[str]) -> list[Row]:
        dimensions = self._query.dimensions
        places = [at for at, one in enumerate(dimensions) if one.id in wanted]
        groups = self._groupings.total(finest, places)
        found = [self._found(places, key, parts) for key, parts in groups.items()]
        known = {*wanted, *(one.id for one in self._query.measures)}
        sort = [name for name in self._query.sort if name.removeprefix("-") in known]
        return [self._row(one) for one in self._sorted(found, sort)]

    # Values

    def _found(self, places: Sequence[int], key: Key, parts: Sequence[object]) -> _Found:
        groups = {
            place: self._plan.dimensions[place].group(
                raw, self._groupings.text(place, raw), self._titles
            )
            for place, raw in zip(places, key, strict=True)
        }
        return _Found(groups, self._computed(parts))

    def _computed(self, parts: Sequence[object]) -> Mapping[str, object]:
        values = self._groupings.values(parts)
        moment, aggregates = self._ctx.moment, dict(values)
        for name, formula in self._plan.formulas.items():
            values[name] = formula.value(aggregates, moment)
        for one in self._query.measures:
            if isinstance(one, Share):
                whole = self._wholes.get(one.of)
                values[one.id] = share(values[one.of], whole)
        return values

    # Rows

    def _filtered(self, found: list[_Found]) -> list[_Found]:
        having, moment = self._plan.having, self._ctx.moment
        if having is None:
            return found
        return [one for one in found if having(one.values, moment)]

    def _sorted(self, found: list[_Found], sort: Iterable[str]) -> list[_Found]:
        """Sort rows, blanks last either way; what is equal stands in the order of the groups."""
        ordered = sorted(found, key=lambda one: [group.rank for group in one.groups.values()])
        for name in reversed(tuple(sort)):
            ordered = self._by(ordered, name.removeprefix("-"), down=name.startswith("-"))
        return ordered

    def _by(self, found: list[_Found], name: str, *, down: bool) -> list[_Found]:
        names = [one.id for one in self._query.dimensions]
        if name in names:
            place = names.index(name)
            ranks = [(one.groups[place].rank, one) for one in found]
            pairs = [(None if rank == BLANK_RANK else rank, one) for rank, one in ranks]
        else:
            pairs = [(_comparable(one.values[name]), one) for one in found]
        there = [pair for pair in pairs if pair[0] is not None]
        there.sort(key=lambda pair: pair[0] or (), reverse=down)
        return [one for _, one in there] + [one for rank, one in pairs if rank is None]

    def _row(self, one: _Found) -> Row:
        dimensions = self._query.dimensions
        where = self._query.where.strip()
        conditions = [group.condition for group in one.groups.values()]
        parts = [f"({where})" if where and conditions else where, *conditions]
        return Row(
            key={dimensions[at].id: group.key for at, group in one.groups.items()},
            labels={dimensions[at].id: group.label for at, group in one.groups.items()},
            values=tuple(one.values[measure.id] for measure in self._query.measures),
            level=len(dimensions) - len(one.groups),
            filter=" && ".join(part for part in parts if part),
        )

    # What stands beside the rows

    def _columns(self) -> Iterable[Column]:
        for one in self._plan.dimensions:
            yield Column(
                id=one.dimension.id,
                label=one.dimension.label or one.field.label,
                kind=one.dimension.grain.value if one.dimension.grain else one.field.type,
                role="dimension",
                field=one.field,
            )
        for measure in self._query.measures:
            yield self._measure_column(measure)

    def _measure_column(self, measure: Measure) -> Column:
        field = None
        if isinstance(measure, Aggregate):
            plan = self._plan.aggregates[measure.id]
            kind, field = plan.kind, plan.field
        else:
            share = isinstance(measure, Share)
            kind = "ratio" if share else self._plan.formulas[measure.id].kind
        label = measure.label
        if not label and isinstance(measure, Aggregate):
            label = field.label if field else _RECORDS
        return Column(
            id=measure.id,
            label=label or Label({"en": measure.id}),
            kind=kind,
            role="measure",
            format=measure.format,
            field=field,
        )

    def _read_titles(self, finest: Groups) -> Titles:
        """Read the titles of all records that are groups: one query an entity."""
        wanted: dict[str, set[int]] = defaultdict(set)
        for place, one in enumerate(self._plan.dimensions):
            if one.to:
                ids = (key[place] for key in finest)
                wanted[one.to].update(each for each in ids if isinstance(each, int))
        return {
            (entity, record): title
            for entity, ids in wanted.items()
            for record, title in titles(self._ctx, entity, ids).items()
        }

    def _hidden(self) -> int:
        statement = self._plan.data.hidden()
        return 0 if statement is None else int(self._ctx.connection.execute(statement).scalar_one())


def _comparable(value: object) -> tuple[object] | None:
    return None if value is None else (value,)
