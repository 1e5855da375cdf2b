"""Records stand on the timeline of those they point to, for whoever may read them."""

import pytest

from loopline.services import bin as recycle_bin
from loopline.services import editing, records
from loopline.services.timeline import timeline

DOCUMENTS = """
kind: entity
id: x_house
format: 1
label: House
title_field: name
fields: {name: {type: text, label: Name}}
---
kind: entity
id: x_visit
format: 1
label: Visit
title_field: name
traits: {owned: true}
fields:
  name:  {type: text, label: Name}
  house: {type: link, to: x_house, label: House, timeline: true}
  next:  {type: link, to: x_house, label: Next}
  state:
    type: choice
    label: State
    timeline: true
    options: {open: {label: Open}, done: {label: Done}}
  note:  {type: text, label: Note}
---
kind: role
id: x_own
format: 1
label: Own
grants:
  houses: {entity: x_house, actions: [read]}
  visits: {entity: x_visit, actions: [read, create, update], scope: "owner == me"}
"""


@pytest.fixture
def site_documents():
    return DOCUMENTS


@pytest.fixture
def house(platform) -> int:
    with platform.write() as ctx:
        made = records.create(ctx, "x_house", {"name": "Mill"})
        visit = records.create(ctx, "x_visit", {"name": "first", "house": made.id})
        editing.update(ctx, "x_visit", visit.id, {"state": "done", "note": "quiet"})
        editing.update(ctx, "x_visit", visit.id, {"note": "loud"})
        records.create(ctx, "x_visit", {"name": "second", "next": made.id})
        return made.id


def told(ctx, house: int, **how) -> list:
    found = timeline(ctx, "x_house", house, **how).entries
    return [(one.about, one.action, [c.field.id for c in one.changes]) for one in found]


def test_what_points_there_is_told_with_the_fields_that_say_so(platform, house) -> None:
    with platform.read() as ctx:
        assert told(ctx, house) == [
            (("x_visit", 1), "update", ["state"]),
            (("x_visit", 1), "create", []),
            (None, "create", ["name"]),
        ]


def test_pages_go_through_both_in_one_order(platform, house) -> None:
    with platform.read() as ctx:
        first = timeline(ctx, "x_house", house, limit=1)
        second = timeline(ctx, "x_house", house, limit=1, before=first.next)
        assert first.titles["x_visit", 1] == "first"
        assert [one.about for one in second.entries] == [("x_visit", 1)]
        assert told(ctx, house, before=second.next) == [(None, "create", ["name"])]


def test_a_record_in_the_bin_leaves_the_timeline(platform, house) -> None:
    with platform.write() as ctx:
        recycle_bin.delete(ctx, "x_visit", 1)
        assert told(ctx, house) == [(None, "create", ["name"])]


def test_who_may_not_read_a_record_is_not_told_of_it(platform, house, as_user) -> None:
    ada = as_user("Ada", roles=("x_own",))
    with platform.write(ada) as ctx:
        assert told(ctx, house) == [(None, "create", ["name"])]
        records.create(ctx, "x_visit", {"name": "mine", "house": house})
        assert told(ctx, house)[0] == (("x_visit", 3), "create", [])
