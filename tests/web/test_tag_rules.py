"""Tag rules on their page and over the API."""

import pytest

from loopline.access.tokens import create_token
from web.visitor import Visitor, add_person

DOCUMENTS = """
---
kind: tag_group
id: x_worth
format: 1
label: {zh: 价值, en: Worth}
entities: [x_club]
tags: {vip: {label: {zh: 贵宾, en: VIP}}}
rules: {large: {entity: x_club, when: "seats > 50", tag: vip, label: {zh: 大, en: Large}}}
---
kind: entity
id: x_club
format: 1
label: {zh: 俱乐部, en: Club}
title_field: name
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  seats: {type: integer, label: {zh: 座位, en: Seats}}
  tags:  {type: tags, label: {zh: 标签, en: Tags}}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + DOCUMENTS


def test_administrators_see_who_would_get_a_tag(platform, visitor: Visitor, make_record) -> None:
    make_record("x_club", name="Pump house", seats=60)
    visitor.sign_in(add_person(platform, "Root", administrator=True))
    page = visitor.get("/tags/rules").text
    assert "Pump house" in page
    assert "seats &gt; 50" in page
    assert visitor.send("/tags/rules/run").status_code == 303
    visitor.sign_in(add_person(platform, "Ada"))
    assert visitor.get("/tags/rules").status_code == 403


def test_programs_ask_the_same(platform, client, as_user, make_record) -> None:
    make_record("x_club", name="a", seats=60)
    root = as_user("Root", administrator=True)
    with platform.write(via="cli") as ctx:
        scopes = frozenset({"read", "write", "metadata"})
        secret = create_token(ctx.connection, root.id, scopes, ctx.now)
    sent = {"authorization": f"Bearer {secret}"}
    found = client.get("/api/v1/tags/rules?rule=x_worth.large", headers=sent).json()["items"]
    assert [(one["gains"], one["gaining"][0]["title"]) for one in found] == [(1, "a")]
    assert client.post("/api/v1/tags/rules/run", headers=sent).status_code == 202
    assert client.get("/api/v1/tags/rules?rule=no", headers=sent).status_code == 404
