"""Forms with values of several members: nothing is lost that the form only holds as text."""

import pytest

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
  name:    {type: text, label: {zh: 名称, en: Name}}
  tags:    {type: tags, label: {zh: 标签, en: Tags}}
  members: {type: links, to: x_person, label: {zh: 成员, en: Members}}
  open:    {type: time, label: {zh: 开门, en: Opens}}
  lasts:   {type: duration, label: {zh: 课时, en: Lesson}}
  about:   {type: any_link, label: {zh: 关于, en: About}}
  story:   {type: rich_text, label: {zh: 介绍, en: Story}}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def club(make_record):
    people = [make_record("x_person", name=name).id for name in ("Ada", "Bob")]
    return make_record(
        "x_club",
        name="a",
        tags=("gym", "studio"),
        members=tuple(people),
        open="09:30",
        lasts=90,
        about=f"x_person:{people[0]}",
        story="<p>a</p>",
    )


def test_a_form_saved_as_it_was_changes_nothing_but_what_was_typed(platform, ada, club) -> None:
    page = ada.get(f"/records/x_club/{club.id}/edit").text
    assert 'value="#1, #2"' in page
    form = {"tags": ["gym", "studio"], "members": "#1, #2", "open": "09:30", "lasts": "1h 30m"}
    ada.send(f"/records/x_club/{club.id}/edit", name="b", about=club.values["about"], **form)
    with platform.read() as ctx:
        values = get(ctx, "x_club", club.id).values
    assert values == {**club.values, "name": "b"}


def test_lists_and_records_show_every_kind_of_value(ada, club) -> None:
    shown = ada.get(f"/records/x_club/{club.id}").text
    listed = ada.get("/records/x_club?columns=name,tags,members,open,lasts,about,story")
    assert listed.status_code == 200
    assert "健身房" in shown
    assert "1小时30分钟" in shown
