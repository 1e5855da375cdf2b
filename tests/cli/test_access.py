"""``loopline access explain``."""

import json


def test_it_says_why_and_what_changes_it(on_site, platform, as_user, make_record) -> None:
    as_user("Ada", roles=())
    thing = make_record("x_thing", name="Valve")
    told = on_site("access", "explain", "ada@example.com", "read", f"x_thing/{thing.id}")
    assert told.exit_code == 0
    assert "Ada may not read the Thing “Valve”: none of their roles grants it" in told.output
    assert "=> Give Ada the role" in told.output


def test_it_answers_machines(on_site, platform, as_user) -> None:
    user = as_user("Boss", administrator=True)
    told = on_site("access", "explain", user.id, "delete", "x_thing", "--json")
    found = json.loads(told.output)
    assert (found["allowed"], found["user"], found["record"]) == (True, user.id, None)


def test_what_is_not_there_is_refused(on_site, platform, as_user) -> None:
    as_user("Ada")
    for who, what in (
        ("no@example.com", "x_thing"),
        ("ada@example.com", "x_none"),
        ("ada@example.com", "x_thing/9"),
        ("ada@example.com", "x_thing/nine"),
    ):
        assert on_site("access", "explain", who, "read", what).exit_code == 1
