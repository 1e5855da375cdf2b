"""The API says who may do what, to each about themselves and to administrators about everybody."""

import pytest
from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.testing.fixtures import AsUser

ADDRESS = "/api/v1/access/explain"


def _ask(platform: Platform, client: TestClient, actor: int | None, **asked: str):
    with platform.write() as ctx:
        secret = create_token(ctx.connection, int(str(actor)), frozenset({"write"}), ctx.now)
    return client.get(ADDRESS, params=asked, headers={"authorization": f"Bearer {secret}"})


def test_everybody_asks_about_themselves(
    platform: Platform, client: TestClient, as_user: AsUser
) -> None:
    found = _ask(platform, client, as_user().id, action="read", entity="user").json()
    assert (found["allowed"], found["entity"], found["record"]) == (True, "user", None)
    assert found["sentence"]
    assert [one["source"] for one in found["grants"]]


def test_others_are_for_administrators(
    platform: Platform, client: TestClient, as_user: AsUser
) -> None:
    ada, boss = as_user("Ada"), as_user("Boss", administrator=True)
    asked = {"user": "ada@example.com", "action": "delete", "entity": "user"}
    found = _ask(platform, client, boss.id, **asked).json()
    assert (found["user"], found["allowed"]) == (ada.id, False)
    asked["user"] = "boss@example.com"
    assert _ask(platform, client, ada.id, **asked).status_code == 403


@pytest.mark.parametrize("asked", [{"entity": "user"}, {"action": "read"}])
def test_what_is_missing_is_named(
    platform: Platform, client: TestClient, as_user: AsUser, asked: dict[str, str]
) -> None:
    answer = _ask(platform, client, as_user().id, **asked)
    missing = {"action", "entity"} - asked.keys()
    assert answer.status_code == 400
    assert {one["path"] for one in answer.json()["problems"]} == missing
