"""Entities by name, which leads are open, reading many records, and moments in expressions."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from json import dumps
from typing import Final
from zoneinfo import ZoneInfo

from loopline.sdk import Record, quoted

LEAD: Final = "lead"
CUSTOMER: Final = "customer"
LOG: Final = "assignment_log"
POOL: Final = "lead_pool"
OPEN_STATUSES: Final = ("new", "assigned", "contacted", "qualified")
OPEN: Final = f"status in {dumps(OPEN_STATUSES)}"
"""The condition of leads that somebody works on, or should."""
CHUNK: Final = 500
Values = Mapping[str, object]


def row_of(record: Record) -> Values:
    """Answer a record's values beside what every record has."""
    system = {name: record.value(name) for name in ("id", "created_at", "created_by", "updated_at")}
    return {**system, **record.values}


def moment(at: datetime) -> str:
    """Answer a moment as expressions write it."""
    return quoted(at.astimezone(UTC).isoformat().replace("+00:00", "Z"))


def day_of(at: datetime, zone: str) -> date:
    """Answer the day that a moment lies in."""
    return at.astimezone(ZoneInfo(zone)).date()


def start_of(day: date, zone: str) -> datetime:
    """Answer when a day begins, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def night_after(at: datetime, zone: str, hour: time) -> datetime:
    """Answer the first moment from ``at`` on at which it is that time of day."""
    day = day_of(at, zone)
    tonight = datetime.combine(day, hour, ZoneInfo(zone))
    later = tonight if tonight >= at else datetime.combine(day + timedelta(1), hour, ZoneInfo(zone))
    return later.astimezone(UTC)
