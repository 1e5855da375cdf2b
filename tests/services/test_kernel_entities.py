"""What every site has beside people: activities, tasks and absences."""

from datetime import UTC, date, datetime

import pytest

from loopline.errors import NotValid
from loopline.query.lists import ListQuery, page
from loopline.services.records import create

AT = datetime(2026, 1, 5, 2, tzinfo=UTC)


def test_the_activities_of_a_record_are_one_filter(platform, make_record) -> None:
    thing = make_record("x_thing", name="bike")
    about = f"x_thing:{thing.id}"
    make_record("activity", name="called", kind="call", about=about, at=AT, duration=15)
    make_record("activity", name="other", at=AT)
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity="activity", filter=f'about == "{about}"')).records
    assert [(one.values["name"], one.values["state"]) for one in found] == [("called", "done")]


def test_views_of_tasks_show_whose_they_are_and_what_is_late(
    platform, as_user, make_record
) -> None:
    ada = as_user("Ada")
    make_record("task", name="late", assignee=ada.id, due=datetime(2026, 1, 1, tzinfo=UTC))
    make_record("task", name="later", assignee=ada.id, due=datetime(2026, 2, 1, tzinfo=UTC))
    make_record("task", name="other's")
    shown = {}
    with platform.read(ada) as ctx:
        for name in ("task_mine", "task_late"):
            view = ctx.catalog.view("task", name)
            query = ListQuery(entity="task", filter=view.filter, sort=view.sort)
            shown[name] = [one.values["name"] for one in page(ctx, query).records]
    assert shown == {"task_mine": ["late", "later"], "task_late": ["late"]}


@pytest.mark.parametrize(
    ("until", "substitute", "field"),
    [(date(2026, 1, 4), None, "until"), (date(2026, 1, 9), "self", "substitute")],
)
def test_an_absence_makes_sense(platform, as_user, until, substitute, field) -> None:
    ada = as_user("Ada")
    values = {
        "user": ada.id,
        "from": date(2026, 1, 5),
        "until": until,
        "substitute": ada.id if substitute else None,
    }
    with platform.write(via="cli") as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "absence", values)
    assert [one.path for one in refused.value.problems] == [f"fields.{field}"]


def test_who_is_away_today(platform, as_user, make_record) -> None:
    ada, bob = as_user("Ada"), as_user("Bob")
    dates = {"from": date(2026, 1, 5), "until": date(2026, 1, 5)}
    make_record("absence", user=ada.id, substitute=bob.id, **dates)
    make_record("absence", user=bob.id, **{"from": date(2026, 1, 6), "until": date(2026, 1, 7)})
    with platform.read() as ctx:
        text = ctx.catalog.view("absence", "absence_today").filter
        found = page(ctx, ListQuery(entity="absence", filter=text)).records
    assert [one.values["user"] for one in found] == [ada.id]
