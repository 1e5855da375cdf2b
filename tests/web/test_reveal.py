"""A masked value is shown to who may reveal it, and every look is a line of the trail."""

import pytest

from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.sites import add_user
from loopline.store.changes import read_changes
from loopline.testing.fixtures import MakeRecord
from loopline.testing.publishing import publish_documents
from web.visitor import PASSWORD, Visitor

MAIL = "secret@valve.example"
ROLE = """
kind: role
id: clerk
format: 1
label: Clerk
grants:
  things: {{entity: x_thing, actions: [read{0}], fields: {{mail: mask, note: none}}}}
"""


@pytest.fixture
def thing(make_record: MakeRecord) -> int:
    return make_record("x_thing", name="Valve", mail=MAIL, note="hidden").id


def _enter(platform: Platform, visitor: Visitor, actions: str) -> str:
    """Sign somebody in who may do these actions besides; answer a token of theirs."""
    publish_documents(platform, ROLE.format(actions))
    user = add_user(
        platform, "cy@example.com", "Cy", PASSWORD, administrator=False, roles=("clerk",)
    )
    visitor.sign_in("cy@example.com")
    with platform.write() as ctx:
        return create_token(ctx.connection, user, frozenset({"write"}), ctx.now)


def _looks(platform: Platform, thing: int) -> int:
    with platform.read() as ctx:
        rows = read_changes(ctx.connection, "x_thing", thing, 50)
    return sum(row.action == "reveal" for _, row in rows)


def test_the_page_shows_the_value_and_the_trail_the_look(
    platform: Platform, visitor: Visitor, thing: int
) -> None:
    _enter(platform, visitor, ", reveal")
    page, address = f"/records/x_thing/{thing}", f"/records/x_thing/{thing}/reveal/mail"
    before = visitor.get(page).text
    assert (MAIL in before, f'action="{address}"' in before) == (False, True)
    assert MAIL in visitor.send(address).text
    assert _looks(platform, thing) == 1
    assert MAIL not in visitor.get(page).text
    assert visitor.send(f"/records/x_thing/{thing}/reveal/note").status_code == 422


def test_a_masked_field_is_not_what_was_meant(
    platform: Platform, visitor: Visitor, thing: int
) -> None:
    _enter(platform, visitor, "")
    told = visitor.get("/records/x_thing?filter=is_blank(mail)").text
    assert "mail" in told
    assert ("Did you mean mail" in told, "是不是 mail" in told) == (False, False)
    assert "是不是 name" in visitor.get("/records/x_thing?filter=is_blank(nam)").text


def test_without_the_right_there_is_no_button_and_no_value(
    platform: Platform, visitor: Visitor, thing: int
) -> None:
    _enter(platform, visitor, "")
    assert "/reveal/" not in visitor.get(f"/records/x_thing/{thing}").text
    assert visitor.send(f"/records/x_thing/{thing}/reveal/mail").status_code == 403
    assert _looks(platform, thing) == 0


def test_the_api_reveals_as_an_action(platform: Platform, visitor: Visitor, thing: int) -> None:
    secret = _enter(platform, visitor, ", reveal")
    address = f"/api/v1/records/x_thing/{thing}/actions/reveal"
    headers = {"authorization": f"Bearer {secret}"}
    found = visitor.client.post(address, json={"field": "mail"}, headers=headers).json()
    assert found["data"] == {"field": "mail", "value": MAIL, "text": MAIL}
    assert _looks(platform, thing) == 1
    for wrong in ({"field": "note"}, {"field": "none"}, {}):
        assert visitor.client.post(address, json=wrong, headers=headers).status_code == 422
    assert _looks(platform, thing) == 1
