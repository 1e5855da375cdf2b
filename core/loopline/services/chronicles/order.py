"""The order of a chronicle: spans of time in turn, and within each what can be written together.

Steps of a span that do the same to records of one entity are one batch, unless one of them needs
what another does first. The more batches the longer it takes; so what lies far back is told by
weeks and names nobody, and what is fresh by days and in the name of whoever did it.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from loopline.hooks.chronicle import Acted, Changed, Found, Made, Named, Step

Batch = Sequence[Step]
_Key = tuple[int, str, str, str]


def spans(steps: Iterable[Step], zone: str, fresh: datetime) -> Iterator[tuple[date, list[Step]]]:
    """Yield the steps of each week, from ``fresh`` on of each day, with the first day of it."""
    local = ZoneInfo(zone)

    def begins(step: Step) -> date:
        day = step.at.astimezone(local).date()
        return day if step.at >= fresh else day - timedelta(days=day.weekday())

    for day, some in groupby(sorted(steps, key=lambda step: step.at), key=begins):
        yield day, [one if one.at >= fresh or isinstance(one, Acted) else replace(one, by="")
                    for one in some]  # fmt: skip


def batches(steps: Iterable[Step], entity_of: Mapping[str, str]) -> list[Batch]:
    """Answer the steps of a span in batches, each ready once those before it are written.

    ``entity_of`` tells of records by name what they are; those the span makes are added to it.
    """
    levels, found = _Levels(), defaultdict[_Key, list[Step]](list)
    known = dict(entity_of)
    for step in steps:
        level = levels.place(step)
        if isinstance(step, Made | Found):
            known[step.name] = step.entity
        if isinstance(step, Made):
            key = (level, "made", step.entity, step.by)
        elif isinstance(step, Changed):
            key = (level, "changed", known.get(step.name, ""), step.by)
        else:
            key = (level, f"other {len(found)}", step.name, step.by)
        found[key].append(step)
    return [found[key] for key in sorted(found, key=lambda key: key[0])]


def names_in(value: object) -> Iterator[str]:
    """Yield the names of the records that stand in a value."""
    if isinstance(value, Named):
        yield value.name
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from names_in(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from names_in(one)


@dataclass(slots=True)
class _Levels:
    """At which level records were last written and read: who writes waits for both."""

    written: dict[str, int] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)

    def place(self, step: Step) -> int:
        """Answer the level of the next step: above those that it needs."""
        named = set(names_in(_said(step))) - {step.name}
        before = [self.written.get(name, 0) for name in named]
        before += [self.written.get(step.name, 0), self.read.get(step.name, 0)]
        level = 1 + max(before)
        for name in named:
            self.read[name] = max(self.read.get(name, 0), level)
        self.written[step.name] = level
        for made in _made(step):
            self.written[made] = level
        return level


def _said(step: Step) -> Mapping[str, object]:
    if isinstance(step, Acted):
        return step.settings
    return {} if isinstance(step, Found) else step.values


def _made(step: Step) -> Sequence[str]:
    if not isinstance(step, Acted):
        return ()
    return (step.made,) if isinstance(step.made, str) else tuple(step.made.values())
