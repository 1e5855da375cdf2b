"""The hook before a stage is entered: what plugins set and refuse, and what if they break."""

import pytest

from kit.pipeline_site import SITE

DEALS = "/records/x_deal"


@pytest.fixture
def site_documents() -> str:
    return SITE


def test_hook_before_transition(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_transition(ctx, event):
            assert (event.entity, event.field, event.via) == ("x_deal", "stage", "api")
            for move in event.moves:
                if move.change.new["name"] == "bad" and move.after == "lost":
                    yield Refuse(move.change, Label({"en": "Ask first"}), "reason")
                else:
                    text = f"{event.pipeline}: {move.before} to {move.after} of {len(event.moves)}"
                    yield Set(move.change, "reason", text)
    """)
    made = ask(platform, "POST", DEALS, json=[{"name": "a"}, {"name": "bad"}, {"name": "b"}])
    first, bad, _ = made.json()["created"]
    reason = "x_deals: None to talk of 3"
    assert ask(platform, "GET", f"{DEALS}/{first}").json()["reason"] == reason
    moved = ask(platform, "PATCH", f"{DEALS}/{first}", json={"stage": "lost"})
    assert moved.json()["reason"] == "x_deals: talk to lost of 1"
    refused = ask(platform, "PATCH", f"{DEALS}/{bad}", json={"stage": "lost", "reason": "x"})
    assert [(one["path"], one["message"]) for one in refused.json()["problems"]] == [
        ("fields.reason", "Ask first")
    ]


def test_only_moves_are_asked_about(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_transition(ctx, event):
            assert event.moves[0].before is None
            return ()
    """)
    deal = ask(platform, "POST", DEALS, json={"name": "a"}).json()["id"]
    assert ask(platform, "PATCH", f"{DEALS}/{deal}", json={"name": "b"}).status_code == 200


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise RuntimeError('out of paper')", "out of paper"),
        ("return ['yes']", "expected Set or Refuse, got str"),
        ("return [Set(event.moves[0].change, 'colour', 1)]", "colour"),
        ("return [Set(event.moves[0].change, 'stage', 'won')]", "stage"),
    ],
)
def test_a_guard_that_breaks_refuses_the_move_and_is_named(grow, ask, body: str, told) -> None:
    platform = grow(f"""
        @hookimpl
        def before_transition(ctx, event):
            {body}
    """)
    refused = ask(platform, "POST", DEALS, json={"name": "a"}).json()
    assert refused["code"] == "plugin.failed"
    assert told in str(refused)
