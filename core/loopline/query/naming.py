"""What the groups of an answer are called, sorted by and found by."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from loopline.access.context import Context
from loopline.query.compile import QueryPlan
from loopline.query.groups import OTHERS_RANK, REGION, Group, Rest, Titles
from loopline.query.rollup import Groupings
from loopline.query.titles import region_names, titles


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
        return one.group(raw, text, self._titles if one.called_by else {})

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
        """What all records and regions that are groups are called, one query an entity."""
        wanted: dict[str, set[object]] = defaultdict(set)
        places = range(len(self._plan.dimensions))
        for read in self._read:
            for key in read.level(places):
                for place, raw in zip(places, key, strict=True):
                    wanted[self._plan.dimensions[place].called_by].add(raw)
        found: dict[tuple[str, object], str] = {}
        for entity, raws in wanted.items():
            ids = [raw for raw in raws if isinstance(raw, int)]
            named = titles(self._ctx, entity, ids) if entity and ids else {}
            found |= {(entity, record): title for record, title in named.items()}
        codes = {raw for raw in wanted[REGION] if isinstance(raw, str)}
        names = region_names(self._ctx, codes)
        return found | {(REGION, code): name for code, name in names.items()}
