"""Who may do what over HTTP, and what a path or method that is not there answers."""

from loopline.access.accounts import disable, find_user

PROBLEM = "application/problem+json"


def test_without_a_token_nothing_is_told(ask) -> None:
    for headers in ({}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer ll_wrong"}):
        answer = ask(None, "GET", "/records/user", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "auth.required")
        assert answer.headers["www-authenticate"] == "Bearer"


def test_a_reading_token_cannot_write(ask, token) -> None:
    secret = token("read")
    assert ask(secret, "GET", "/records/x_thing").status_code == 200
    refused = ask(secret, "POST", "/records/x_thing", json={"name": "A"})
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.scope")


def test_metadata_needs_scope_and_administrator(ask, token, call, rule) -> None:
    assert call("GET", "/metadata/releases").status_code == 403
    plain = token("read", "metadata", "admin", "write")
    refused = ask(plain, "GET", "/metadata/releases")
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.administrators_only")
    assert rule("GET", "/metadata/releases").status_code == 200


def test_a_revoked_token_is_none(ask, token, platform) -> None:
    secret = token("read")
    with platform.write(via="cli") as ctx:
        user = find_user(ctx.connection, ctx.snapshot.table("user"), "ada1@example.com")
        disable(ctx.connection, user, ctx.now)
    assert ask(secret, "GET", "/records/user").status_code == 401


def test_an_account_is_disabled_and_enabled(ask, token, rule, as_user) -> None:
    user, plain = as_user("Zoe").id, token("write")
    for act, disabled in (("disable", True), ("enable", False)):
        path = f"/access/users/{user}/{act}"
        assert ask(plain, "POST", path).status_code == 403
        assert rule("POST", path).json() == {"id": user, "disabled": disabled}


NOT_THERE = {
    ("PUT", "/records/x_thing/1"): 405,
    ("POST", "/health"): 405,
    ("OPTIONS", "/records/x_thing"): 405,
    ("GET", "/wibble"): 404,
    ("GET", ""): 404,
    ("POST", "/records/x_thing/1/actions/convert"): 404,
    ("GET", "/flows"): 404,
    ("GET", "/records/wibble"): 404,
    ("GET", "/entities/wibble"): 404,
    ("GET", "/records/x_thing/99999999999999999999"): 404,
    ("DELETE", "/records/x_thing/" + "9" * 5000): 404,
    ("GET", "/records/x_thing/-1"): 404,
    ("GET", "/imports/one"): 404,
}


def test_what_is_not_there(call) -> None:
    answers = {asked: call(*asked) for asked in NOT_THERE}
    assert {asked: answer.status_code for asked, answer in answers.items()} == NOT_THERE
    assert {answer.headers["content-type"] for answer in answers.values()} == {PROBLEM}


def test_a_wrong_method_tells_the_right_ones(call) -> None:
    assert call("PUT", "/records/x_thing/1").headers["allow"] == "DELETE, GET, HEAD, PATCH"


def test_head_answers_like_get_without_a_body(call) -> None:
    answer = call("HEAD", "/records/x_thing")
    assert (answer.status_code, answer.content) == (200, b"")


def test_refusals_speak_the_language_asked_for(ask, call) -> None:
    zh = {"accept-language": "fr, zh-CN;q=0.8"}
    assert ask(None, "GET", "/records/user", headers=zh).json()["title"] == "未登录"
    said = call("GET", "/records/x_thing?limit=0", headers={"accept-language": ""})
    assert said.json()["title"] == "请求有误"
