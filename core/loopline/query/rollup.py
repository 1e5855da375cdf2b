"""The groups of a query read once, and rolled up to totals; what does not roll up is read anew."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.query.compile import MOST_GROUPS, QueryPlan
from loopline.query.measures import AggregatePlan, Part

Key = tuple[object, ...]
"""The groups of a row, one for each dimension it is grouped by."""
Groups = Mapping[Key, list[Any]]
"""The parts of all aggregates, in the order of the query's, by group."""


class Groupings:
    """Reads the groups of a query, finest first; keeps the texts by which groups of texts go."""

    def __init__(self, connection: sa.Connection, plan: QueryPlan) -> None:
        self._connection = connection
        self._plan = plan
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

    def finest(self) -> Groups:
        """Read the groups of all dimensions: those of the records, with what facts add to them.

        Raises NotValid where there are too many.
        """
        places = range(len(self._plan.dimensions))
        found = dict(self._read("", places, self._plan.of("")))
        for fact in self._plan.facts:
            if fact and self._plan.of(fact):
                self._add(found, self._read(fact, places, self._plan.of(fact)), fact)
        return found

    def total(self, finest: Groups, places: Sequence[int]) -> Groups:
        """Answer the groups of the dimensions at some places."""
        found: dict[Key, list[Any]] = {} if places else {(): self._nothing()}
        for key, parts in finest.items():
            kept = found.setdefault(tuple(key[place] for place in places), self._nothing())
            for at, part in enumerate(self._parts):
                if part.merge is not None:
                    kept[at] = part.merge(kept[at], parts[at])
        for fact in self._plan.facts:
            anew = [one for one in self._plan.of(fact) if not one.additive]
            if anew:
                self._add(found, self._read(fact, places, anew), fact, anew)
        return found

    def values(self, parts: Sequence[Any]) -> dict[str, object]:
        """Answer the values of the aggregates of a group."""
        plans = self._plan.aggregates
        return {name: plans[name].value(parts[place]) for name, place in self._places.items()}

    def _nothing(self) -> list[Any]:
        return [part.nothing for part in self._parts]

    def _add(
        self,
        found: dict[Key, list[Any]],
        more: Iterator[tuple[Key, list[Any]]],
        fact: str,
        aggregates: Sequence[AggregatePlan] | None = None,
    ) -> None:
        """Put what a statement answered for some aggregates into the groups."""
        chosen = self._plan.of(fact) if aggregates is None else aggregates
        at = [n for one in chosen for n in _range(self._places[one.aggregate.id])]
        for key, parts in more:
            kept = found.setdefault(key, self._nothing())
            for place in at:
                kept[place] = parts[place]

    def _read(
        self, fact: str, places: Sequence[int], aggregates: Sequence[AggregatePlan]
    ) -> Iterator[tuple[Key, list[Any]]]:
        """Yield the groups of a statement; parts that it does not ask for are nothing."""
        statement = self._plan.statement(fact, places, aggregates)
        rows = self._connection.execute(statement).all()
        if len(rows) > MOST_GROUPS:
            raise NotValid(Problem("dimensions", "query.too_many_groups", {"most": MOST_GROUPS}))
        size = len(places)
        at = [n for one in aggregates for n in _range(self._places[one.aggregate.id])]
        for row in rows:
            key, texts = tuple(row[:size]), row[size : 2 * size]
            for place, raw, text in zip(places, key, texts, strict=True):
                if text is not None:
                    known = self._texts[place].setdefault(raw, text)
                    self._texts[place][raw] = min(known, text)
            parts = self._nothing()
            for place, value in zip(at, row[2 * size :], strict=True):
                parts[place] = value
            yield key, parts


def _range(place: slice) -> range:
    return range(place.start, place.stop)
