"""From a semantic query to its grid. The one door to grouped numbers, for whoever shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem, refuse_if
from loopline.query.columns import columns
from loopline.query.compile import QueryPlan, compile_query
from loopline.query.derived import Cells
from loopline.query.document import Derived, SemanticQuery, Show
from loopline.query.earlier import Comparisons, Earlier
from loopline.query.grid import Notes, ResultGrid, Row
from loopline.query.groups import BLANK_RANK, Group, Rest
from loopline.query.levels import Levels, Values
from loopline.query.naming import Naming
from loopline.query.params import params_of, with_params
from loopline.query.ranking import first_groups, with_first
from loopline.query.rate_notes import rate_notes
from loopline.query.rollup import Key
from loopline.store.time_limit import time_limit

MOST_CELLS: Final = 100_000
"""Rows and totals times measures."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A row in the making: its groups by place, and the values of its measures by id."""

    key: Key
    groups: Mapping[int, Group]
    values: Values

    @property
    def rest(self) -> bool:
        """Whether it stands for all groups that are not among the first."""
        return Rest.OTHERS in self.key


def answer(ctx: Context, query: SemanticQuery) -> ResultGrid:
    """Answer a query over the records that the actor may read.

    Raises NotFound for an entity they may not read; NotValid naming what in the query does not
    exist for them or does not fit, or where the answer would be too large or take too long.
    """
    seconds = ctx.settings.reporting.query_seconds
    try:
        with time_limit(ctx.connection, seconds):
            return _Answering(ctx, query).grid()
    except TimeoutError:
        raise NotValid(Problem("where", "query.timeout", {"seconds": seconds})) from None


class _Answering:
    def __init__(self, ctx: Context, asked: SemanticQuery) -> None:
        self._ctx, params = ctx, params_of(ctx, asked)
        problems: list[Problem] = []
        self._query = with_params(asked, params, problems)
        refuse_if(problems)
        plan = compile_query(ctx, self._query)
        finish = partial(with_first, kept=first_groups(ctx, self._query, plan))
        self._plan: QueryPlan = finish(plan)
        self._levels = levels = Levels(ctx, self._plan)
        self._earlier: Mapping[str, Earlier | None] = Comparisons(ctx, asked, params).made(finish)
        self._shown_earlier = {
            one.id: earlier
            for one in asked.measures
            if isinstance(one, Derived) and one.show is Show.VALUE
            if (earlier := self._earlier.get(one.id)) is not None
        }
        read = [levels, *(one.levels for one in self._earlier.values() if one)]
        self._naming = Naming(ctx, self._plan, [one.groupings for one in read])
        self._matched = {
            name: Naming(ctx, replace(self._plan, dimensions=own), [levels.groupings])
            for name, own in self._plan.matched.items()
        }
        self._cells = Cells(self._query, levels, self._earlier, self._naming)

    def grid(self) -> ResultGrid:
        query, places = self._query, tuple(range(len(self._plan.dimensions)))
        found = self._found(places)
        kept = self._sorted(self._filtered(found), query.sort)
        rows = [self._row(one) for one in kept[: query.limit]]
        totals = [row for wanted in query.totals for row in self._total_rows(wanted)]
        if (len(rows) + len(totals)) * max(1, len(query.measures)) > MOST_CELLS:
            raise NotValid(Problem("limit", "query.too_many_cells", {"most": MOST_CELLS}))
        compared = {name: one.period for name, one in self._earlier.items() if one is not None}
        return ResultGrid(
            entity=query.entity,
            columns=columns(
                self._plan,
                query,
                {name: one.query for name, one in self._shown_earlier.items()},
            ),
            rows=tuple(rows),
            totals=tuple(totals),
            notes=Notes(
                hidden_rows=self._hidden(),
                left_out=len(found) - len(rows),
                as_of=self._ctx.now,
                compared=compared,
                **rate_notes(self._levels.groupings, self._plan),
            ),
        )

    def _total_rows(self, wanted: Sequence[str]) -> list[Row]:
        dimensions = self._query.dimensions
        places = [at for at, one in enumerate(dimensions) if one.id in wanted]
        known = {*wanted, *(one.id for one in self._query.measures)}
        sort = [name for name in self._query.sort if name.removeprefix("-") in known]
        return [self._row(one) for one in self._sorted(self._shown(self._found(places)), sort)]

    # Rows

    def _found(self, places: Sequence[int]) -> list[_Found]:
        found = []
        for key, values in self._cells.at(places).items():
            pairs = zip(places, key, strict=True)
            groups = {place: self._naming.group(place, raw) for place, raw in pairs}
            found.append(_Found(key, groups, values))
        return found

    def _shown(self, found: list[_Found]) -> list[_Found]:
        """Answer rows without those of the other groups, where these are not asked for."""
        names = [one.id for one in self._query.dimensions]
        left = {at for at, name in enumerate(names) if name in self._query.top}
        left -= {names.index(name) for name, top in self._query.top.items() if top.others}
        return [
            one
            for one in found
            if not any(
                raw is Rest.OTHERS and place in left
                for place, raw in zip(one.groups, one.key, strict=True)
            )
        ]

    def _filtered(self, found: list[_Found]) -> list[_Found]:
        having, moment = self._plan.having, self._ctx.moment
        shown = self._shown(found)
        if having is None:
            return shown
        return [one for one in shown if having(one.values, moment)]

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
            pairs = [(None if rank >= BLANK_RANK else rank, one) for rank, one in ranks]
        else:
            pairs = [(None if one.rest else _comparable(one.values[name]), one) for one in found]
        there = [pair for pair in pairs if pair[0] is not None]
        there.sort(key=lambda pair: pair[0] or (), reverse=down)
        return [one for _, one in there] + [one for rank, one in pairs if rank is None]

    def _row(self, one: _Found) -> Row:
        dimensions = self._query.dimensions
        return Row(
            key={dimensions[at].id: group.key for at, group in one.groups.items()},
            labels={dimensions[at].id: group.label for at, group in one.groups.items()},
            values=tuple(one.values[measure.id] for measure in self._query.measures),
            level=len(dimensions) - len(one.groups),
            filter=_filter(self._query.where, one.groups.values()),
            filters=dict(self._filters(one)),
            others=tuple(
                dimensions[place].id
                for place, raw in zip(one.groups, one.key, strict=True)
                if raw is Rest.OTHERS
            ),
            currencies=self._currencies(one),
        )

    def _currencies(self, one: _Found) -> Mapping[str, str]:
        """Answer the currencies of amounts that are not in the site's."""
        parts = self._levels.groupings.level(tuple(one.groups)).get(one.key)
        codes = self._levels.groupings.currencies(parts) if parts else {}
        found = {of: codes.get(of, "") for of in self._plan.aggregates}
        for measure in self._query.measures:
            if isinstance(measure, Derived):
                found[measure.id] = found.get(measure.of, "")
        site = self._ctx.locale.currency
        return {name: code for name, code in found.items() if code not in {"", site}}

    def _filters(self, one: _Found) -> Iterable[tuple[str, str]]:
        """Yield the filters of measures that look elsewhere: at earlier records, at facts in groups
        of their own.
        """
        places = tuple(one.groups)
        for fact, naming in self._matched.items():
            own = [naming.group(at, raw) for at, raw in zip(places, one.key, strict=True)]
            for aggregate in self._plan.of(fact):
                yield aggregate.aggregate.id, _filter("", own)
        for name, earlier in self._shown_earlier.items():
            before = earlier.key_before(places, one.key)
            if before is not None:
                pairs = zip(places, before, strict=True)
                groups = [self._naming.group(place, raw) for place, raw in pairs]
                yield name, _filter(earlier.query.where, groups)

    def _hidden(self) -> int | None:
        """Answer how many records are kept from the viewer; None where a filter leaves it open."""
        statement = self._plan.data.hidden()
        if statement is None:
            return 0
        count = int(self._ctx.connection.execute(statement).scalar_one())
        return None if count and self._plan.data.filtered else count


def _filter(where: str, groups: Iterable[Group]) -> str:
    found = " && ".join(one.condition for one in groups if one.condition)
    return f"({where.strip()}) && {found}" if where.strip() and found else where.strip() or found


def _comparable(value: object) -> tuple[object] | None:
    return None if value is None else (value,)
