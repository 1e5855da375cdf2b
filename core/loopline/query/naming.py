"""What the groups of an answer are called, sorted by and found by."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from loopline.access.context import Context
from loopline.query.compile import QueryPlan
from loopline.query.groups import OTHERS_RANK, Group, Rest, Titles
from loopline.query.rollup import Groupings
from loopline.query.titles import titles


class Naming:
    """Answers groups by the place of their dimension and their value, each made once."""

    def __init__(self, ctx: Context, plan: QueryPlan, read: Sequence[Groupings]) -> None:
        self._ctx, self._plan, self._read = ctx, plan, read
        self._known: dict[tuple[int, object], Group] = {}

    def group(self, place: int, raw: object) -> Group:
        """Answer the group of a value."""
        # True, 1 and 1.0 are one key, but stand in dimensions of their own
        key = (place, raw)
        if key not in self._known:
            self._known[key] = self._made(place, raw)
        return self._known[key]

    def _made(self, place: int, raw: object) -> Group:
        one = self._plan.dimensions[place]
        if raw is Rest.OTHERS:
            return self._others(place)
        texts = (read.text(place, raw) for read in self._read)
        text = next((text for text in texts if text is not None), None)
        return one.group(raw, text, self._titles if one.to else {})

    def _others(self, place: int) -> Group:
        kept = self._plan.dimensions[place].kept or ()
        conditions = (self.group(place, raw).condition for raw in kept)
        among = " || ".join(f"({one})" if "&&" in one else one for one in conditions)
        language = self._ctx.locale.language
        return Group(
            key=None,
            label=self._ctx.messages.say("query.others", language),
            condition=f"!({among})" if among else "",
            rank=OTHERS_RANK,
        )

    @cached_property
    def _titles(self) -> Titles:
        """The titles of all records that are groups, one query an entity."""
        wanted: dict[str, set[int]] = defaultdict(set)
        places = range(len(self._plan.dimensions))
        for read in self._read:
            for key in read.level(places):
                for place, raw in zip(places, key, strict=True):
                    to = self._plan.dimensions[place].to
                    if to and isinstance(raw, int):
                        wanted[to].add(raw)
        return {
            (entity, record): title
            for entity, ids in wanted.items()
            for record, title in titles(self._ctx, entity, ids).items()
        }
