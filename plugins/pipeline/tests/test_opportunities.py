"""What belongs to an opportunity, and what is written along with it."""

from datetime import date

import pytest

from loopline.services import lines, records
from loopline.services.values import read_body

PARTS = {
    "name": "Mill",
    "amount": 100,
    "probability": "0.5",
    "expected_close": "2026-01-20",
    "lines": [{"product": 1, "quantity": "3", "price": "33.34"}, {"product": 1, "quantity": 1}],
    "requirements": [{"title": "first"}, {"title": "second"}],
}


@pytest.fixture
def deal(platform) -> int:
    with platform.write(via="api") as ctx:
        records.create(ctx, "product", {"code": "L", "name": "Lamp"})
        return lines.create(ctx, "opportunity", read_body(ctx, "opportunity", PARTS)).id


def test_lines_add_up_and_requirements_are_numbered(platform, deal) -> None:
    with platform.write(via="api") as ctx:
        found = records.get(ctx, "opportunity", deal)
        assert str(found.value("lines_total")) == "100.02"
        more = {"requirements": [{"id": 1}, {"id": 2}, {"title": "third"}]}
        lines.update(ctx, "opportunity", deal, more)
        entity = ctx.catalog.entity("opportunity")
        held = lines.read_lines(ctx, entity, [deal], ["requirements"])["requirements"][deal]
        assert [(one.value("title"), one.value("version")) for one in held] == [
            ("first", 1),
            ("second", 2),
            ("third", 3),
        ]


def test_putting_off_the_day_is_counted(platform, deal) -> None:
    with platform.write(via="api") as ctx:
        for day in (date(2026, 2, 1), date(2026, 1, 25), date(2026, 3, 1)):
            lines.update(ctx, "opportunity", deal, {"expected_close": day})
        assert records.get(ctx, "opportunity", deal).value("slips") == 2
