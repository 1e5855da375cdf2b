"""Accounts are disabled and enabled again, and a site keeps an administrator."""

import pytest

from loopline.access.accounts import find_account
from loopline.bootstrap import Platform
from loopline.errors import Conflict, Forbidden, NotFound
from loopline.services.bin import delete
from loopline.services.editing import update
from loopline.services.standing import disable_account, enable_account
from loopline.services.timeline import timeline
from loopline.sites import add_user
from loopline.testing.fixtures import AsUser


def test_an_account_is_disabled_and_enabled_with_its_password(platform: Platform, clock) -> None:
    eve = add_user(platform, "eve@example.com", "Eve", "secret-pass", administrator=False)
    with platform.write() as ctx:
        assert [disable_account(ctx, eve), disable_account(ctx, eve)] == [True, False]
        assert platform.actor(ctx.connection, eve) is None
        assert [enable_account(ctx, eve), enable_account(ctx, eve)] == [True, False]
        assert platform.actor(ctx.connection, eve) is not None
        found = find_account(ctx.connection, ctx.snapshot.table("user"), "eve@example.com")
        told = [one.action for one in timeline(ctx, "user", eve).entries]
    assert found is not None
    assert platform.passwords.verify(found.password_hash, "secret-pass")
    assert told[:2] == ["enabled", "disabled"]


def test_only_administrators_do(platform: Platform, as_user: AsUser) -> None:
    ada = as_user("Ada")
    with platform.write(ada) as ctx:
        for act in (disable_account, enable_account):
            with pytest.raises(Forbidden):
                act(ctx, int(str(ada.id)))


def test_nobody_is_not_found(platform: Platform) -> None:
    with platform.write() as ctx:
        for act in (disable_account, enable_account):
            with pytest.raises(NotFound):
                act(ctx, 99)


TAKING_AWAY = {
    "disable": lambda ctx, user: disable_account(ctx, user),
    "deactivate": lambda ctx, user: update(ctx, "user", user, {"active": False}),
    "delete": lambda ctx, user: delete(ctx, "user", user),
}


@pytest.mark.parametrize("how", TAKING_AWAY)
def test_the_last_administrator_stays(platform: Platform, as_user: AsUser, how: str) -> None:
    first, last = (int(str(as_user(name, administrator=True).id)) for name in ("First", "Last"))
    with platform.write() as ctx:
        TAKING_AWAY[how](ctx, first)
    with pytest.raises(Conflict, match=r"account\.last_administrator"), platform.write() as ctx:
        TAKING_AWAY[how](ctx, last)
    with platform.read() as ctx:
        assert platform.actor(ctx.connection, last) is not None
