"""A search finds nothing by a field that its viewer may not read."""

from dataclasses import replace

import pytest

from loopline.access.context import Actor
from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, page
from loopline.store.search import search
from loopline.testing.fixtures import AsUser, MakeRecord
from loopline.testing.publishing import publish_documents

ROLE = """
kind: role
id: {0}
format: 1
label: {0}
grants:
  things: {{entity: x_thing, actions: [read, update], fields: {{mail: {1}}}}}
"""
MASKED = ROLE.format("guest", "mask")
OPEN = ROLE.format("clerk", "read")


def _found(platform: Platform, actor: Actor, q: str) -> int:
    with platform.read(actor) as ctx:
        return len(page(ctx, ListQuery(entity="x_thing", q=q)).records)


def _tokens(platform: Platform) -> list[str]:
    with platform.read() as ctx:
        query = search.select().where(search.c.entity == "x_thing")
        return str(ctx.connection.execute(query).one().tokens).split()


@pytest.fixture
def thing(make_record: MakeRecord) -> int:
    return make_record("x_thing", name="Valve", mail="secret@valve.example").id


@pytest.fixture
def guest(platform: Platform, thing: int, as_user: AsUser) -> Actor:
    """Answer somebody whose only role was published after the record was indexed."""
    publish_documents(platform, MASKED)
    publish_documents(platform, OPEN)
    return as_user("Guest", roles=("guest",))


def test_a_stricter_role_holds_before_old_records_are_indexed_anew(
    platform: Platform, guest: Actor
) -> None:
    assert _found(platform, guest, "secret") == 0


def test_once_indexed_anew_the_record_is_found_by_what_may_be_read(
    platform: Platform, guest: Actor
) -> None:
    platform.worker().run_due()
    assert _found(platform, guest, "valve") == 1
    assert _found(platform, guest, "secret") == 0
    assert _found(platform, guest, "example") == 0


def test_those_who_read_the_field_find_by_it_at_any_time(
    platform: Platform, guest: Actor, as_user: AsUser
) -> None:
    clerk, member = as_user("Clerk", roles=("clerk",)), as_user("Member")
    before = [_found(platform, one, "secret val") for one in (clerk, member)]
    platform.worker().run_due()
    assert before == [_found(platform, one, "secret val") for one in (clerk, member)] == [1, 1]


def test_what_is_typed_is_never_taken_for_the_name_of_a_field(
    platform: Platform, guest: Actor
) -> None:
    platform.worker().run_due()
    for q in ("¤mail¤¤secret", "mail secret", "mail", "¤", "¤mail"):
        assert _found(platform, guest, q) == 0, q


def test_its_tokens_stand_under_the_name_of_the_field(platform: Platform, guest: Actor) -> None:
    assert "secret" in _tokens(platform)
    platform.worker().run_due()
    assert "¤mail¤¤secret" in _tokens(platform)
    assert "secret" not in _tokens(platform)


def test_without_such_roles_nothing_stands_apart(
    platform: Platform, thing: int, as_user: AsUser
) -> None:
    publish_documents(platform, OPEN)
    assert "¤" not in "".join(_tokens(platform))
    reading = replace(as_user("Clerk", roles=("clerk",)), scopes=frozenset({"read"}))
    assert _found(platform, reading, "secret") == 1
