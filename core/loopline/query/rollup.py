"""The groups of a query read once, and rolled up to totals; what does not roll up is read anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.query.compile import QueryPlan
from loopline.query.measures import AggregatePlan, Part
from loopline.query.statements import MOST_GROUPS, statements

Key = tuple[object, ...]
"""The groups of a row, one for each dimension it is grouped by."""
Groups = Mapping[Key, list[Any]]
"""The parts of all aggregates, in the order of the query's, by group."""


class Groupings:
    """Reads the groups of a query, finest first; keeps the texts by which groups of texts go."""

    def __init__(self, connection: sa.Connection, plan: QueryPlan) -> None:
        self._connection = connection
        self._plan = plan
        self._levels: dict[tuple[int, ...], Groups] = {}
        self._texts: list[dict[object, str]] = [{} for _ in plan.dimensions]
        self._places: dict[str, slice] = {}
        self._parts: list[Part] = []
        for name, one in plan.aggregates.items():
            start = len(self._parts)
            self._parts += one.parts
            self._places[name] = slice(start, len(self._parts))

    def text(self, place: int, raw: object) -> object:
        """Answer the text of a group of the dimension at a place, None where it is not a text's."""
        return self._texts[place].get(raw)

    def level(self, places: Sequence[int]) -> Groups:
        """Answer the groups of the dimensions at some places: of records, with what facts add.

        Raises NotValid where there are too many.
        """
        known = tuple(places)
        if known not in self._levels:
            every = tuple(range(len(self._plan.dimensions)))
            dropped = [self._plan.dimensions[at] for at in every if at not in known]
            # a record with two values is in two groups, and once in their total
            anew = not dropped or any(one.many is not None for one in dropped)
            self._levels[known] = self._read_all(known) if anew else self._rolled(known, every)
        return self._levels[known]

    def values(self, parts: Sequence[Any]) -> dict[str, object]:
        """Answer the values of the aggregates of a group."""
        plans = self._plan.aggregates
        return {name: plans[name].value(parts[place]) for name, place in self._places.items()}

    def part(self, parts: Sequence[Any], aggregate: str) -> Any:
        """Answer the first part of an aggregate of a group."""
        return parts[self._places[aggregate].start]

    def currencies(self, parts: Sequence[Any]) -> dict[str, str]:
        """Answer the currencies of amounts that are not in that of the site, by aggregate."""
        plans = self._plan.aggregates
        found = {name: plans[name].currency_of(parts[at]) for name, at in self._places.items()}
        return {name: code for name, code in found.items() if code}

    @property
    def nothing(self) -> list[Any]:
        """The parts of a group without records."""
        return [part.nothing for part in self._parts]

    def _read_all(self, places: Sequence[int]) -> Groups:
        found: dict[Key, list[Any]] = {} if places else {(): self.nothing}
        alone = (one.ranked is not None or one.converted is not None for one in self._plan.of(""))
        if places and all(alone):
            self._add(found, "", places, ())  # records without a value are a group as well
        for fact in self._plan.facts:
            if self._plan.of(fact):
                self._add(found, fact, places, self._plan.of(fact))
        return found

    def _rolled(self, places: Sequence[int], every: Sequence[int]) -> Groups:
        found: dict[Key, list[Any]] = {} if places else {(): self.nothing}
        for key, parts in self.level(every).items():
            kept = found.setdefault(tuple(key[place] for place in places), self.nothing)
            for at, part in enumerate(self._parts):
                if part.merge is not None:
                    kept[at] = part.merge(kept[at], parts[at])
        for fact in self._plan.facts:
            anew = [one for one in self._plan.of(fact) if not one.additive]
            if anew:
                self._add(found, fact, places, anew)
        return found

    def _add(
        self,
        found: dict[Key, list[Any]],
        fact: str,
        places: Sequence[int],
        aggregates: Sequence[AggregatePlan],
    ) -> None:
        """Put what the statements for some aggregates answer into the groups."""
        for statement, chosen in statements(self._plan, fact, places, aggregates):
            if chosen and chosen[0].converted is not None:
                self._add_by_rate(found, statement, places, chosen[0])
                continue
            at = [n for one in chosen for n in _range(self._places[one.aggregate.id])]
            for key, parts in self._rows(statement, places):
                kept = found.setdefault(key, self.nothing)
                for place, value in zip(at, parts, strict=True):
                    kept[place] = value

    def _add_by_rate(
        self,
        found: dict[Key, list[Any]],
        statement: sa.Select[Any],
        places: Sequence[int],
        one: AggregatePlan,
    ) -> None:
        """Put the sums for each pair of rates into the groups."""
        place = self._places[one.aggregate.id].start
        for key, (of, to, *sums) in self._rows(statement, places):
            kept = found.setdefault(key, self.nothing)
            kept[place] = {**kept[place], (of, to): sums}

    def _rows(
        self, statement: sa.Select[Any], places: Sequence[int]
    ) -> Iterator[tuple[Key, Sequence[Any]]]:
        """Yield the groups of a statement with their parts."""
        rows = self._connection.execute(statement).all()
        if len(rows) > MOST_GROUPS:
            raise NotValid(Problem("dimensions", "query.too_many_groups", {"most": MOST_GROUPS}))
        size = len(places)
        for row in rows:
            dimensions = (self._plan.dimensions[place] for place in places)
            pairs = zip(dimensions, row[:size], strict=True)
            key, texts = tuple(one.raw(raw) for one, raw in pairs), row[size : 2 * size]
            for place, raw, text in zip(places, key, texts, strict=True):
                if text is not None:
                    known = self._texts[place].setdefault(raw, text)
                    self._texts[place][raw] = min(known, text)
            yield key, row[2 * size :]


def _range(place: slice) -> range:
    return range(place.start, place.stop)
