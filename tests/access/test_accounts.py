"""Accounts, sessions, tokens and the brake on guessing."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from loopline.access import accounts, sessions, tokens
from loopline.access.context import Actor, Context
from loopline.access.passwords import Passwords
from loopline.access.tables import session, token
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.errors import NotValid, TooMany
from loopline.services.bin import delete
from loopline.services.editing import update
from loopline.sites import add_user
from loopline.testing.fixtures import AsUser


@pytest.fixture
def ada(as_user: AsUser) -> int:
    actor = as_user("Ada")
    assert actor.id is not None
    return actor.id


def _bearer(ctx: Context, secret: str) -> Actor | None:
    users = ctx.snapshot.table("user")
    return tokens.find_bearer(ctx.connection, users, secret, "Asia/Shanghai")


def test_a_password_is_verified_and_never_stored(platform: Platform) -> None:
    user = add_user(platform, "Eve@Example.com", "Eve", "secret-pass", administrator=True)
    with platform.read() as ctx:
        found = accounts.find_account(ctx.connection, ctx.snapshot.table("user"), "eve@example.COM")
    assert found is not None
    assert (found.user_id, found.administrator, found.disabled) == (user, True, False)
    assert "secret-pass" not in str(found.password_hash)
    assert platform.passwords.verify(found.password_hash, "secret-pass")
    assert not platform.passwords.verify(found.password_hash, "wrong-pass")


def test_nobody_has_a_password() -> None:
    passwords = Passwords()
    assert not passwords.verify(None, "anything")
    assert not passwords.verify("not a hash", "anything")


def test_an_address_is_taken_once(platform: Platform, ada: int) -> None:
    with pytest.raises(NotValid, match=r"unique\.taken"):
        add_user(platform, "ADA@example.com", "Other", None, administrator=False)


def test_a_user_acts_with_their_language_and_zone(platform: Platform, ada: int) -> None:
    with platform.write() as ctx:
        update(ctx, "user", ada, {"language": "en", "zone": "Europe/Berlin"})
    with platform.read() as ctx:
        actor = platform.actor(ctx.connection, ada)
    assert actor is not None
    assert (actor.name, actor.language, actor.zone) == ("Ada", "en", "Europe/Berlin")
    with platform.read(actor) as ctx:
        assert (ctx.locale.language, ctx.locale.zone) == ("en", "Europe/Berlin")


def test_an_inactive_disabled_or_deleted_user_is_no_actor(
    platform: Platform, as_user: AsUser, clock: FixedClock
) -> None:
    resting, barred, gone = (int(str(as_user(name).id)) for name in ("One", "Two", "Three"))
    with platform.write() as ctx:
        update(ctx, "user", resting, {"active": False})
        accounts.disable(ctx.connection, barred, clock.now())
        delete(ctx, "user", gone)
        assert [platform.actor(ctx.connection, one) for one in (resting, barred, gone)] == [
            None,
            None,
            None,
        ]


def test_disabling_ends_sessions_and_tokens(
    platform: Platform, ada: int, clock: FixedClock
) -> None:
    now = clock.now()
    with platform.write() as ctx:
        cookie = sessions.open_session(ctx.connection, ada, now, 14, address="a", agent="b")
        secret = tokens.create_token(ctx.connection, ada, frozenset({"write"}), now)
        accounts.disable(ctx.connection, ada, now)
        assert sessions.find_session(ctx.connection, cookie, now) is None
        assert _bearer(ctx, secret) is None


def test_a_session_is_good_until_it_expires(
    platform: Platform, ada: int, clock: FixedClock
) -> None:
    with platform.database.write() as connection:
        cookie = sessions.open_session(connection, ada, clock.now(), 14, address="a", agent="b")
        found = sessions.find_session(connection, cookie, clock.now())
        assert found is not None
        assert (found.user_id, found.csrf == cookie) == (ada, False)
        clock.move(timedelta(days=14))
        assert sessions.find_session(connection, cookie, clock.now()) is None


def test_a_closed_session_is_gone(platform: Platform, ada: int, clock: FixedClock) -> None:
    with platform.database.write() as connection:
        cookie = sessions.open_session(connection, ada, clock.now(), 14, address="a", agent="b")
        sessions.close_session(connection, cookie)
        assert sessions.find_session(connection, cookie, clock.now()) is None


def test_a_new_password_ends_every_session(platform: Platform, ada: int, clock: FixedClock) -> None:
    now = clock.now()
    with platform.database.write() as connection:
        cookie = sessions.open_session(connection, ada, now, 14, address="a", agent="b")
        accounts.set_credentials(connection, ada, "hash", now, administrator=False)
        assert sessions.find_session(connection, cookie, now) is None


def test_only_hashes_are_stored(platform: Platform, ada: int, clock: FixedClock) -> None:
    with platform.database.write() as connection:
        cookie = sessions.open_session(connection, ada, clock.now(), 1, address="a", agent="b")
        secret = tokens.create_token(connection, ada, frozenset({"read"}), clock.now())
        stored = [*connection.execute(sa.select(session)), *connection.execute(sa.select(token))]
    assert cookie not in str(stored)
    assert secret not in str(stored)


def test_a_token_reads_even_when_it_is_for_writing(
    platform: Platform, ada: int, clock: FixedClock
) -> None:
    with platform.write() as ctx:
        secret = tokens.create_token(ctx.connection, ada, frozenset({"write"}), clock.now(), "CI")
        found = _bearer(ctx, secret)
    assert found is not None
    assert (found.id, found.scopes) == (ada, {"read", "write"})
    assert secret.startswith("ll_")


def test_an_unknown_token_is_nobody(platform: Platform) -> None:
    with platform.read() as ctx:
        assert _bearer(ctx, "ll_guess") is None


@pytest.mark.parametrize(("same", "most"), [("email", 10), ("address", 50)])
def test_guessing_is_braked_and_forgiven(
    platform: Platform, clock: FixedClock, same: str, most: int
) -> None:
    with platform.database.write() as connection:
        for number in range(most):
            email = "ada@example.com" if same == "email" else f"{number}@example.com"
            address = "10.0.0.1" if same == "address" else f"10.0.0.{number}"
            sessions.refuse_too_many(connection, email, address, clock.now())
            sessions.note_attempt(connection, email, address, clock.now())
        with pytest.raises(TooMany):
            sessions.refuse_too_many(connection, "ada@example.com", "10.0.0.1", clock.now())
        clock.move(timedelta(minutes=16))
        sessions.refuse_too_many(connection, "ada@example.com", "10.0.0.1", clock.now())
