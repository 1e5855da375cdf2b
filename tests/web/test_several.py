"""Forms with values of several members: each has its own control, and nothing is lost."""

import pytest
from sqlalchemy import event

from loopline.services.records import get

DOCUMENTS = """
kind: tag_group
id: x_place
format: 1
label: {zh: 场所, en: Place}
entities: [x_club]
tags: {gym: {label: {zh: 健身房, en: Gym}}, studio: {label: {zh: 工作室, en: Studio}}}
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
  name:    {type: text, label: {zh: 名称, en: Name}, required: true}
  tags:    {type: tags, label: {zh: 标签, en: Tags}}
  members: {type: links, to: x_person, label: {zh: 成员, en: Members}}
  open:    {type: time, label: {zh: 开门, en: Opens}}
  lasts:   {type: duration, label: {zh: 课时, en: Lesson}}
  about:   {type: any_link, label: {zh: 关于, en: About}}
  story:   {type: rich_text, label: {zh: 介绍, en: Story}}
  paint:   {type: color, label: {zh: 颜色, en: Colour}}
"""
EDIT = "/records/x_club/{}/edit"
WHOLE = {
    "tags": ["gym", "studio"],
    "members": ["1", "2"],
    "open": "09:30",
    "lasts": "1h 30m",
    "about": "x_person:1",
    "story": "<p>a <b>b</b></p>",
    "paint": "#1a2b3c",
}


def statements_of(platform, act) -> int:
    """Answer how many statements an act makes."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        seen.append(statement)

    event.listen(platform.database.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(platform.database.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def club(make_record):
    people = [make_record("x_person", name=name).id for name in ("Ada", "Bob", "Cleo")]
    return make_record(
        "x_club",
        name="a",
        tags=("gym", "studio"),
        members=tuple(people[:2]),
        open="09:30",
        lasts=90,
        about=f"x_person:{people[0]}",
        story="<p>a <b>b</b></p>",
        paint="#1a2b3c",
    )


@pytest.fixture
def values_of(platform, club):
    """Answer a reader of what the club holds now."""

    def read():
        with platform.read() as ctx:
            return get(ctx, "x_club", club.id).values

    return read


def test_a_form_saved_as_it_was_changes_nothing_but_what_was_typed(ada, club, values_of) -> None:
    ada.send(EDIT.format(club.id), name="b", **WHOLE)
    assert values_of() == {**club.values, "name": "b"}


def test_members_are_ticked_by_their_titles(ada, club) -> None:
    page = ada.get(EDIT.format(club.id)).text
    assert 'name="members" value="1" checked>Ada' in page
    assert 'data-source="/pick/x_person"' in page


def test_a_member_less_is_a_change(ada, club, values_of) -> None:
    ada.send(EDIT.format(club.id), name="a", **{**WHOLE, "members": ["", "2"], "tags": ["gym"]})
    assert values_of()["members"] == (2,)
    assert values_of()["tags"] == ("gym",)


def test_a_person_is_found_without_scripts(ada, club) -> None:
    asked = {"_find": "members", "members._find": "Cleo", "members": ["", "1"]}
    page = ada.send(EDIT.format(club.id), name="a", **asked).text
    assert 'name="members" value="1" checked>Ada' in page
    assert 'name="members" value="3">Cleo' in page


def test_a_record_of_any_entity_is_found_without_scripts(ada, club) -> None:
    asked = {"_find": "about", "about._find": "a", "about.entity": "x_club"}
    page = ada.send(EDIT.format(club.id), name="a", **asked).text
    assert f'<option value="x_club:{club.id}">a</option>' in page


def test_a_picker_is_told_whole_references(ada, club) -> None:
    items = ada.get("/pick/x_person?as=any_link&q=Bob").json()["items"]
    assert [(one["value"], one["label"]) for one in items] == [("x_person:2", "Bob")]


def test_what_was_entered_survives_a_refusal(ada, club) -> None:
    sent = {**WHOLE, "members": ["", "3"], "tags": ["", "gym"], "lasts": "90 bananas"}
    answer = ada.send(EDIT.format(club.id), name="", **sent)
    assert answer.status_code == 422
    assert 'name="members" value="3" checked>Cleo' in answer.text
    assert 'value="gym" checked' in answer.text
    assert 'value="studio" checked' not in answer.text
    assert "90 bananas" in answer.text
    assert '<option value="x_person:1" selected>Ada' in answer.text


def test_a_record_shows_every_kind_of_value(ada, club) -> None:
    shown = ada.get(f"/records/x_club/{club.id}").text
    assert '<a href="/records/x_person/1">Ada</a><a href="/records/x_person/2">Bob</a>' in shown
    assert '<a href="/records/x_person/1">人 Ada</a>' in shown
    assert '<span class="tag" data-line="leads">健身房</span>' in shown
    assert '<div class="rich"><p>a <b>b</b></p></div>' in shown
    assert "1小时30分钟" in shown
    assert "background:#1a2b3c" in shown


def test_a_change_of_members_is_told_by_their_titles(ada, club) -> None:
    ada.send(EDIT.format(club.id), _base="1", name="a", **{**WHOLE, "members": ["", "2", "3"]})
    page = ada.get(f"/records/x_club/{club.id}").text
    assert "Ada、Bob</del>" in page
    assert "Bob、Cleo</ins>" in page


def test_the_titles_of_a_list_are_read_in_one_go(platform, ada, club, make_record) -> None:
    address = "/records/x_club?columns=name&columns=members&columns=about"
    ada.get(address)
    asked = statements_of(platform, lambda: ada.get(address))
    for at in range(5):
        make_record("x_club", name=f"{at}", members=(1, at % 2 + 2), about=f"x_person:{at % 3 + 1}")
    assert statements_of(platform, lambda: ada.get(address)) == asked


def test_a_list_shows_every_kind_of_value(ada, club) -> None:
    columns = "&columns=".join(("name", "tags", "members", "lasts", "about", "story", "paint"))
    listed = ada.get(f"/records/x_club?columns={columns}")
    assert listed.status_code == 200
    assert ">Bob</a>" in listed.text
    assert "<b>b</b>" not in listed.text
