"""Tags and links to several records: stored, found, kept true when records go and come back."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.errors import Conflict, NotValid
from loopline.query.lists import ListQuery, page
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.services.values import read_body
from loopline.store.members import MEMBER
from loopline.testing import publish_documents

DOCUMENTS = """
kind: tag_group
id: x_worth
format: 1
label: {zh: 价值, en: Worth}
entities: [x_club]
exclusive: true
pos: 1
tags: {vip: {label: {zh: 贵宾, en: VIP}}, plain: {label: {zh: 普通, en: Plain}}}
---
kind: tag_group
id: x_place
format: 1
label: {zh: 场所, en: Place}
entities: [x_club]
pos: 2
tags: {gym: {label: {zh: 健身房, en: Gym}}, studio: {label: {zh: 工作室, en: Studio}, parent: gym}}
---
kind: entity
id: x_person
format: 1
label: {zh: 人, en: Person}
title_field: name
fields: {name: {type: text, label: {zh: 姓名, en: Name}}}
---
kind: entity
id: x_club
format: 1
label: {zh: 俱乐部, en: Club}
title_field: name
fields:
  name:    {type: text, label: {zh: 名称, en: Name}}
  tags:    {type: tags, label: {zh: 标签, en: Tags}}
  members: {type: links, to: x_person, label: {zh: 成员, en: Members}}
  board:   {type: links, to: x_person, label: {zh: 理事, en: Board}, on_delete: restrict}
  about:   {type: any_link, label: {zh: 关于, en: About}}
---
kind: entity
id: x_visit
format: 1
label: {zh: 到访, en: Visit}
title_field: name
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  club: {type: link, to: x_club, label: {zh: 俱乐部, en: Club}}
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def people(make_record) -> list[int]:
    return [make_record("x_person", name=name).id for name in ("Ada", "Bob", "Cy")]


@pytest.fixture
def found(platform: Platform) -> Callable[[str, str], list[object]]:
    """Answer the names of the records that a filter finds."""

    def names(entity: str, text: str) -> list[object]:
        with platform.read() as ctx:
            query = ListQuery(entity=entity, filter=text, sort=("name",))
            return [one.values["name"] for one in page(ctx, query).records]

    return names


def test_values_come_back_as_they_were(platform, make_record, people) -> None:
    made = make_record("x_club", name="a", tags=("vip", "studio"), members=tuple(people))
    with platform.write() as ctx:
        update(ctx, "x_club", made.id, {"tags": ("gym",), "members": (people[0],)})
        assert get(ctx, "x_club", made.id).values["tags"] == ("gym",)
        assert get(ctx, "x_club", made.id).values["members"] == (people[0],)


def test_members_are_found_and_their_complement_is_the_rest(make_record, people, found) -> None:
    first = make_record("x_club", name="a", tags=("vip", "gym"), members=(people[0], people[1]))
    make_record("x_club", name="b", tags=("gym",), members=(people[1],))
    make_record("x_club", name="c")
    make_record("x_visit", name="v", club=first.id)
    make_record("x_visit", name="w")
    assert found("x_club", '"gym" in tags') == ["a", "b"]
    assert found("x_club", '!("vip" in tags)') == ["b", "c"]
    assert found("x_club", f'"{people[0]}" in members') == ["a"]
    assert found("x_club", "is_blank(members)") == ["c"]
    assert found("x_visit", '"vip" in club.tags') == ["v"]
    assert found("x_visit", '!("vip" in club.tags)') == ["w"]


def test_what_was_taken_away_is_not_found(platform, make_record, people, found) -> None:
    made = make_record("x_club", name="a", tags=("vip",), members=tuple(people))
    with platform.write() as ctx:
        update(ctx, "x_club", made.id, {"tags": None, "members": (people[2],)})
    assert found("x_club", '"vip" in tags') == []
    assert found("x_club", f'"{people[0]}" in members') == []
    assert found("x_club", f'"{people[2]}" in members') == ["a"]


def test_having_a_tag_is_looked_up_in_an_index(platform: Platform) -> None:
    with platform.read() as ctx:
        rows = ctx.snapshot.table("x_club").fields["tags"].members
        indexes = sa.inspect(ctx.connection).get_indexes(rows.name)
    assert [one["column_names"][0] for one in indexes] == [MEMBER]


def test_links_are_named_by_id_or_by_what_identifies_them(platform, people) -> None:
    body = {"members": [people[2], {"by": {"name": "ada"}}], "tags": ["studio", "vip"]}
    with platform.write() as ctx:
        values = read_body(ctx, "x_club", body)
    assert values == {"members": (people[0], people[2]), "tags": ("vip", "studio")}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"members": [{"by": {"name": "nobody"}}]}, "link.none"),
        ({"members": [{"name": "Ada"}]}, "link.shape"),
        ({"members": ["Ada"]}, "link.invalid"),
        ({"tags": ["golden"]}, "choice.unknown"),
    ],
)
def test_what_cannot_be_read_is_named(platform, people, body, code) -> None:
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        read_body(ctx, "x_club", body)
    assert [one.code for one in refused.value.problems] == [code]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"members": (999,)}, "link.missing"),
        ({"about": "x_person:999"}, "link.missing"),
        ({"about": "x_nothing:1"}, "link.missing"),
        ({"tags": ("vip", "plain")}, "tags.exclusive"),
    ],
)
def test_what_breaks_a_rule_is_refused(platform, values, code) -> None:
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_club", values)
    assert [one.code for one in refused.value.problems] == [code]


def test_a_deleted_record_leaves_the_fields_that_hold_it_and_returns(
    platform, make_record, people
) -> None:
    made = make_record("x_club", name="a", members=tuple(people))
    with platform.write() as ctx:
        delete(ctx, "x_person", people[1])
        assert get(ctx, "x_club", made.id).values["members"] == (people[0], people[2])
        restore(ctx, "x_person", people[1])
        assert get(ctx, "x_club", made.id).values["members"] == tuple(people)


def test_a_record_that_must_be_held_is_not_deleted(platform, make_record, people) -> None:
    make_record("x_club", name="a", board=(people[0],))
    with platform.write() as ctx, pytest.raises(Conflict, match=r"record\.linked"):
        delete(ctx, "x_person", people[0])


def test_a_new_tag_is_offered_at_once(platform: Platform, make_record) -> None:
    more = """
kind: tag_group
id: x_more
format: 1
label: {zh: 更多, en: More}
entities: [x_club]
tags: {spa: {label: {zh: 水疗, en: Spa}}}
"""
    publish_documents(platform, more)
    assert make_record("x_club", name="a", tags=("spa",)).values["tags"] == ("spa",)
