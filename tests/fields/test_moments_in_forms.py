"""What a form shows of a moment: never finer than browsers can show."""

from datetime import UTC, datetime

import pytest

from loopline.fields.base import Locale
from loopline.fields.datetime import DatetimeType
from loopline.fields.definition import FieldDef
from loopline.language import Label


@pytest.mark.parametrize(
    ("second", "microsecond", "shown"),
    [(0, 0, "06:30"), (7, 0, "06:30:07"), (7, 507003, "06:30:07.507")],
)
def test_a_moment_is_shown_to_the_millisecond(second: int, microsecond: int, shown: str) -> None:
    field = FieldDef(id="at", entity="thing", type="datetime", label=Label({}))
    at = datetime(2026, 1, 31, 6, 30, second, microsecond, tzinfo=UTC)
    assert DatetimeType().input_text(field, at, Locale(zone="UTC")) == f"2026-01-31T{shown}"
