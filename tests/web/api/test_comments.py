"""Comments and notifications over the API."""

import pytest

from loopline.access.tokens import create_token


@pytest.fixture
def thing(make_record) -> str:
    return f"/records/x_thing/{make_record('x_thing', name='Pump').id}"


@pytest.fixture
def bob(platform, as_user, ask):
    actor = as_user("Bob")
    with platform.write(via="cli") as ctx:
        secret = create_token(ctx.connection, actor.id, frozenset({"read", "write"}), ctx.now)
    return lambda method, path, **given: ask(secret, method, path, **given)


def test_a_comment_goes_in_and_comes_back_in_the_timeline(call, bob, thing: str) -> None:
    made = call("POST", f"{thing}/comments", json={"text": "@Bob look"})
    assert made.status_code == 201
    first, second = call("GET", f"{thing}/timeline").json()["items"]
    assert first["kind"] == "comment"
    assert first["comment"]["text"] == "@Bob look"
    assert second["comment"] is None
    told = bob("GET", "/notifications?unread=1").json()
    assert [one["excerpt"] for one in told["items"]] == ["@Bob look"]
    assert bob("POST", "/notifications/read", json={"ids": [told["items"][0]["id"]]}).json() == {
        "read": 1
    }
    assert bob("GET", "/notifications").json()["unread"] == 0


def test_a_comment_is_changed_and_deleted_by_its_author(call, bob, thing: str) -> None:
    place = f"{thing}/comments/{call('POST', f'{thing}/comments', json={'text': 'a'}).json()['id']}"
    assert call("PATCH", place, json={"text": "b"}).json()["edited"] is True
    assert bob("PATCH", place, json={"text": "c"}).status_code == 403
    assert call("DELETE", place).status_code == 204
    assert call("PATCH", place, json={"text": "b"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"text": 1}, []])
def test_what_is_no_comment_is_refused(call, thing: str, body: object) -> None:
    assert call("POST", f"{thing}/comments", json=body).status_code == 400
    assert call("POST", f"{thing}/comments", json={"text": " "}).status_code == 422
    assert call("POST", "/records/x_thing/999/comments", json={"text": "a"}).status_code == 404
    assert call("POST", "/notifications/read", json={"ids": ["a"]}).status_code == 400
