"""When and for whom an expression is evaluated."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Final, Protocol
from zoneinfo import ZoneInfo

NOBODY: Final = 0
"""The id that ``me`` stands for when nobody is signed in: no record has it, blank is not it."""


class Organisation(Protocol):
    """Who stands where; access supplies it and reads each answer when it is first asked for.

    Each answer is a set of ids, bound as one value in SQL, so that 10,000 users are no burden.
    """

    def reports(self, user: int) -> frozenset[int]:
        """Answer the users below one at any level, not the user."""
        ...

    def tree(self, department: int) -> frozenset[int]:
        """Answer a department and all departments below it."""
        ...

    def memberships(self, entity: str, user: int) -> frozenset[int]:
        """Answer the records of an entity (teams and the like) that have the user as a member."""
        ...


@dataclass(frozen=True, slots=True)
class Moment:
    """The current time (aware), the zone that says which day it is, and the current user.

    ``profile`` holds the user's own field values for ``me.field``, ``organisation`` answers
    ``in_reports``, ``in_tree`` and ``in_members``; without it nobody is in any of them.
    """

    now: datetime
    zone: str
    me: int | None = None
    profile: Mapping[str, object] = field(default_factory=dict, hash=False)
    organisation: Organisation | None = field(default=None, compare=False)

    def today(self) -> date:
        """Answer the current day in the zone."""
        return self.now.astimezone(ZoneInfo(self.zone)).date()

    def user(self) -> int:
        """Answer the id of the current user or ``NOBODY``.

        Not None: an anonymous visitor must not match ``owner == me`` on records without owner.
        """
        return NOBODY if self.me is None else self.me

    def members(self, relation: str, entity: str, of: object) -> frozenset[int]:
        """Answer the ids that ``in_<relation>`` looks for, none for nobody."""
        if self.organisation is None or not isinstance(of, int) or of == NOBODY:
            return frozenset()
        match relation:
            case "reports":
                return self.organisation.reports(of)
            case "tree":
                return self.organisation.tree(of)
            case "members":
                return self.organisation.memberships(entity, of)
            case _:
                raise ValueError(relation)

    def span(self, day: date) -> tuple[datetime, datetime]:
        """Answer when ``day`` begins and when the next one does, in UTC."""
        return self._midnight(day.toordinal()), self._midnight(day.toordinal() + 1)

    def _midnight(self, ordinal: int) -> datetime:
        # At the two ends of the calendar the moment itself may not exist in UTC.
        if ordinal <= date.min.toordinal():
            return datetime.min.replace(tzinfo=UTC)
        if ordinal > date.max.toordinal():
            return datetime.max.replace(tzinfo=UTC)
        local = datetime.combine(date.fromordinal(ordinal), time(), ZoneInfo(self.zone))
        return local.astimezone(UTC)


def shifted(day: date, days: int) -> date:
    """Answer the day ``days`` later, or the last or first one the calendar has."""
    ordinal = day.toordinal() + days
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))


def utc(moment: datetime) -> datetime:
    """Answer an aware moment in UTC, or the last or first one the calendar has."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        edge = datetime.min if moment.year == 1 else datetime.max  # noqa: DTZ901 UTC is set next
        return edge.replace(tzinfo=UTC)
