"""Roles, sessions, tokens, locks and the trail: one's own, and everybody's for administrators."""

import re

import pytest

from loopline.access.roles import roles_of
from loopline.access.sessions import note_attempt, sign_ins
from loopline.access.tokens import create_token, tokens_of
from loopline.bootstrap import Platform
from loopline.testing.fixtures import AsUser
from web.visitor import Visitor, add_person


@pytest.fixture
def boss(platform: Platform, visitor: Visitor) -> Visitor:
    """Answer an administrator, signed in."""
    visitor.sign_in(add_person(platform, "Boss", administrator=True))
    return visitor


@pytest.fixture
def eve(as_user: AsUser) -> int:
    return int(str(as_user("Eve").id))


def _held(platform: Platform, user: int) -> frozenset[str]:
    with platform.read() as ctx:
        return roles_of(ctx.connection, [user])[user]


def test_an_administrator_gives_and_takes_roles_and_the_trail_says_so(
    platform: Platform, boss: Visitor, eve: int
) -> None:
    before = _held(platform, eve)
    (role,) = before
    assert boss.send(f"/people/{eve}/roles", take=role).headers["location"] == f"/people/{eve}"
    assert _held(platform, eve) == frozenset()
    boss.send(f"/people/{eve}/roles", give=role)
    assert _held(platform, eve) == before
    told = boss.get("/audit?action=roles&entity=user&user=1&day=2026-01-05").text
    assert f"+{role}" in told
    assert f"-{role}" in told


def test_the_record_of_a_person_leads_there(boss: Visitor, eve: int) -> None:
    assert f'href="/people/{eve}"' in boss.get(f"/records/user/{eve}").text


def test_nobody_else_does(platform: Platform, ada: Visitor, eve: int) -> None:
    before = _held(platform, eve)
    for path in (f"/people/{eve}", "/audit"):
        assert ada.get(path).status_code == 403
    for path in ("roles", "sessions/end", "tokens/revoke", "unlock", "disable", "enable"):
        assert ada.send(f"/people/{eve}/{path}", give="staff", key="1").status_code == 403
    assert _held(platform, eve) == before


def test_one_signs_out_elsewhere_and_stays_here(platform: Platform, ada: Visitor) -> None:
    other = Visitor(ada.client.__class__(ada.client.app, base_url="http://localhost"))
    other.sign_in("ada@example.com")
    page = ada.get("/account").text
    assert page.count('action="/people/1/sessions/end"') == 3
    ada.send("/people/1/sessions/end")
    assert (ada.get("/account").status_code, other.get("/account").status_code) == (200, 303)


def test_one_session_is_ended_by_its_key(platform: Platform, ada: Visitor, clock) -> None:
    with platform.read() as ctx:
        (mine,) = sign_ins(ctx.connection, 1, clock.now())
    assert ada.send("/people/1/sessions/end", key="none").status_code == 404
    ada.send("/people/1/sessions/end", key=mine.key)
    assert ada.get("/account").status_code == 303


def test_a_token_is_revoked_once(platform: Platform, ada: Visitor, clock) -> None:
    with platform.write() as ctx:
        create_token(ctx.connection, 1, frozenset({"read"}), clock.now(), "Office")
    assert "Office" in ada.get("/account").text
    assert ada.send("/people/1/tokens/revoke", key="1").status_code == 303
    assert ada.send("/people/1/tokens/revoke", key="9").status_code == 404
    with platform.read() as ctx:
        assert tokens_of(ctx.connection, 1)[0].revoked_at == clock.now()


def test_a_lock_is_told_and_lifted(platform: Platform, boss: Visitor, eve: int, clock) -> None:
    with platform.write() as ctx:
        for _ in range(10):
            note_attempt(ctx.connection, "eve@example.com", "10.0.0.1", clock.now())
    assert f'action="/people/{eve}/unlock"' in boss.get(f"/people/{eve}").text
    boss.send(f"/people/{eve}/unlock")
    assert "/unlock" not in boss.get(f"/people/{eve}").text


def test_an_account_is_disabled_and_enabled(boss: Visitor, eve: int) -> None:
    for act, then in (("disable", "enable"), ("enable", "disable")):
        assert f'action="/people/{eve}/{act}"' in boss.get(f"/people/{eve}").text
        boss.send(f"/people/{eve}/{act}")
        assert f'action="/people/{eve}/{then}"' in boss.get(f"/people/{eve}").text


def test_the_last_administrator_cannot_be_disabled(boss: Visitor) -> None:
    assert boss.send("/people/1/disable").status_code == 409


def test_the_trail_goes_on_by_keyset(platform: Platform, boss: Visitor, make_record) -> None:
    for number in range(60):
        make_record("x_thing", name=f"Thing {number}")
    first = boss.get("/audit?entity=x_thing").text
    more = re.search(r'href="(/audit\?[^"]+)" rel="next"', first)
    assert more is not None
    second = boss.get(more[1].replace("&amp;", "&")).text
    assert ("Thing 59<" in first, "Thing 9<" in first) == (True, False)
    assert ("Thing 9<" in second, "Thing 59<" in second) == (True, False)
    assert "Thing 59<" not in boss.get("/audit?entity=x_thing&day=2026-01-04").text
    assert 'role="alert"' in boss.get("/audit?day=soon").text


def test_the_page_explains(platform: Platform, boss: Visitor, eve: int, make_record) -> None:
    thing = make_record("x_thing", name="Valve")
    page = boss.get(f"/explain?user={eve}&action=delete&entity=x_thing&id={thing.id}").text
    assert "Eve" in page
    assert "Valve" in page
    asked = "/explain?action=read&entity=x_thing"
    assert "Valve" in boss.get(f"{asked}&id=x_thing:{thing.id}").text
    found = boss.get(f"{asked}&id=&id._find=valv&_find=id").text
    assert f'<option value="x_thing:{thing.id}">Valve</option>' in found
    assert boss.get("/explain?action=read&entity=none").status_code == 404
    assert boss.get("/explain").status_code == 200


def test_everybody_asks_about_themselves_only(ada: Visitor, eve: int) -> None:
    assert ada.get("/explain?action=read&entity=user").status_code == 200
    assert ada.get(f"/explain?user={eve}&action=read&entity=user").status_code == 403
    assert 'name="user"' not in ada.get("/explain").text


def test_an_administrator_hands_over_what_somebody_holds(platform, visitor, make_record) -> None:
    visitor.sign_in(add_person(platform, "Root", administrator=True))
    ada, bo = add_person(platform, "Ada"), add_person(platform, "Bo")
    with platform.read() as ctx:
        users = ctx.connection.execute(ctx.snapshot.table("user").table.select()).all()
    leaver = next(row.id for row in users if row.email == ada)
    make_record("task", name="call", assignee=leaver)
    page = f"/people/{leaver}/handover"
    assert page in visitor.get(f"/people/{leaver}").text
    assert ">1<" in visitor.get(page).text
    assert visitor.send(page, to=bo).headers["location"] == page
    assert ">1<" not in visitor.get(page).text
