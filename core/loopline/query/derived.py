"""Measures made of the values of others: parts of totals, running totals, comparisons."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from loopline.query.document import Derived, SemanticQuery, Show
from loopline.query.earlier import Earlier
from loopline.query.formulas import share
from loopline.query.levels import Level, Levels
from loopline.query.naming import Naming

_PARTS: Final = frozenset(
    {
        *(Show.PERCENT_OF_TOTAL, Show.PERCENT_OF_ROW),
        *(Show.PERCENT_OF_COLUMN, Show.PERCENT_OF_PARENT_ROW),
    }
)


class Cells:
    """All values of a query, at whatever level they are asked for."""

    def __init__(
        self,
        query: SemanticQuery,
        levels: Levels,
        earlier: Mapping[str, Earlier | None],
        naming: Naming,
    ) -> None:
        self._query, self._levels = query, levels
        self._earlier, self._naming = earlier, naming
        self._derived = [one for one in query.measures if isinstance(one, Derived)]

    def at(self, places: Sequence[int]) -> Level:
        """Answer the values of the groups of a level, with those made of them."""
        known = self._levels.at(places)
        found = {key: dict(values) for key, values in known.items()}
        for earlier in {id(one): one for one in self._earlier.values() if one}.values():
            for key in earlier.keys_now(places):
                found.setdefault(key, self._levels.zero)
        for one in self._derived:
            self._add(one, places, found)
        return found

    def _add(self, one: Derived, places: Sequence[int], found: Level) -> None:
        if one.compare is not None:
            earlier = self._earlier[one.id]
            for key, values in found.items():
                before = None if earlier is None else earlier.value(places, key, one.of)
                values[one.id] = compared(one.show, values[one.of], before)
        elif one.show in _PARTS:
            self._add_parts(one, places, found)
        else:
            self._add_running(one, places, found)

    def _add_parts(self, one: Derived, places: Sequence[int], found: Level) -> None:
        whole = self._whole(one.show, places)
        at = [places.index(place) for place in whole]
        totals = self._levels.at(whole)
        for key, values in found.items():
            total = totals.get(tuple(key[place] for place in at))
            values[one.id] = share(values[one.of], None if total is None else total[one.of])

    def _whole(self, show: Show, places: Sequence[int]) -> list[int]:
        """Answer the dimensions of the total that a value is a part of."""
        names = [one.id for one in self._query.dimensions]
        rows = [place for place in places if names[place] not in self._query.columns]
        across = [place for place in places if place not in rows]
        match show:
            case Show.PERCENT_OF_ROW:
                return rows
            case Show.PERCENT_OF_COLUMN:
                return across
            case Show.PERCENT_OF_PARENT_ROW:
                return sorted([*rows[:-1], *across])
            case _:
                return []

    def _add_running(self, one: Derived, places: Sequence[int], found: Level) -> None:
        along = self._along(one, places)
        series: dict[tuple[object, ...], list[tuple[object, ...]]] = defaultdict(list)
        for key in found:
            rest = key if along is None else (*key[:along], *key[along + 1 :])
            series[rest].append(key)
        for keys in series.values():
            if along is not None:
                place = places[along]
                ranks = {key: self._naming.group(place, key[along]).rank for key in keys}
                keys.sort(key=ranks.__getitem__)
            for key, value in zip(keys, _sums(found[key][one.of] for key in keys), strict=True):
                found[key][one.id] = value

    def _along(self, one: Derived, places: Sequence[int]) -> int | None:
        """Answer where in a level the dimension stands along which values come together."""
        plans = self._levels.plan.dimensions
        named = [at for at, place in enumerate(places) if plans[place].dimension.id == one.along]
        if one.along or not places:
            return named[0] if named else None
        days = [at for at, place in enumerate(places) if plans[place].buckets is not None]
        return days[0] if days else len(places) - 1


def compared(show: Show, now: object, before: object) -> object:
    """Answer what a comparison shows: blank where one side is, or where nothing was before."""
    if show is Show.VALUE:
        return before
    if not isinstance(now, int | float | Decimal) or not isinstance(before, int | float | Decimal):
        return None
    if isinstance(now, float) or isinstance(before, float):
        more: Any = float(now) - float(before)
    else:
        more = now - before
    return more if show is Show.DIFFERENCE else share(more, before)


def _sums(values: Iterable[object]) -> Iterable[object]:
    total: Any = 0
    for value in values:
        total = total if value is None else total + value
        yield total
