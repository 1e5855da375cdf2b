"""Numbering: every code once and no gaps, whoever writes at the same time."""

import threading
from datetime import timedelta

import pytest

from loopline.bootstrap import Platform
from loopline.services.editing import update
from loopline.services.records import create, create_many, get


@pytest.mark.timeout(60)
def test_eight_writers_share_one_row_of_numbers(platform: Platform) -> None:
    codes: list[object] = []

    def write() -> None:
        for size in (1, 2, 3):
            with platform.write() as ctx:
                ids = create_many(ctx, "x_thing", [{"name": "a"}] * size)
                made = [get(ctx, "x_thing", int(str(one))).values["code"] for one in ids]
            codes.extend(made)

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, codes)) == [f"T-2026-{number:04d}" for number in range(1, 49)]


def test_a_transaction_that_fails_leaves_no_gap(platform: Platform, make_record) -> None:
    def fail() -> None:
        with platform.write() as ctx:
            create(ctx, "x_thing", {"name": "a"})
            raise LookupError("on purpose")

    with pytest.raises(LookupError):
        fail()
    assert make_record("x_thing", name="b").values["code"] == "T-2026-0001"


def test_a_refused_row_takes_no_number(platform: Platform) -> None:
    with platform.write() as ctx:
        _, good = create_many(ctx, "x_thing", [{"count": -1}, {"name": "a"}])
        assert get(ctx, "x_thing", int(str(good))).values["code"] == "T-2026-0001"


def test_a_code_that_is_given_is_kept(make_record) -> None:
    assert make_record("x_thing", name="a", code="OLD-7").values["code"] == "OLD-7"


def test_the_day_of_a_code_is_the_sites_whoever_creates_it(platform, as_user, clock) -> None:
    ada = as_user("Ada")
    with platform.write() as ctx:
        update(ctx, "user", int(str(ada.id)), {"zone": "America/New_York"})
    clock.move(timedelta(days=360, hours=15, minutes=30))
    with platform.open_as(ada.id, via="page", source=None) as ctx:
        assert ctx.moment.today().year == 2026
        assert create(ctx, "x_thing", {"name": "a"}).values["code"] == "T-2027-0001"


def test_a_new_year_counts_from_the_start_in_the_sites_zone(make_record, clock) -> None:
    make_record("x_thing", name="a")
    clock.move(timedelta(days=360, hours=15, minutes=30))
    assert clock.now().year == 2026
    assert make_record("x_thing", name="b").values["code"] == "T-2027-0001"
