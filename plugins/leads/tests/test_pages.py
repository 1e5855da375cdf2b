"""The plugin's pages and operations: what they show, to whom, in either language."""

import pytest

from loopline.access.tokens import create_token
from loopline.services.editing import update
from loopline.testing import publish_documents
from web.visitor import Visitor, add_person

PAGES = ("pools", "recycling", "channels", "recycling/preview", "trial")
IDLE = """
kind: assignment
id: x_idle
format: 1
label: {zh: 备选, en: Candidate}
entity: lead
active: false
method: fixed
to: {a: {users: ["bo@example.com"]}}
"""

OWN_ONLY = """
kind: role
id: seller
extend: true
grants: {leads: {scope: own}}
"""


@pytest.fixture
def ask(platform, client, house):
    """Answer what asks an operation of the plugin as somebody."""

    def send(path: str, who: str = "Root", **query: object):
        with platform.write() as ctx:
            user = house.id(who)
            token = create_token(ctx.connection, user, frozenset({"read"}), ctx.now)
        headers = {"authorization": f"Bearer {token}"}
        return client.get(f"/api/v1/leads/{path}", params=query, headers=headers)

    return send


@pytest.fixture
def root(platform, client, house) -> Visitor:
    """Answer an administrator with a browser."""
    visitor = Visitor(client)
    visitor.sign_in(add_person(platform, "Page", administrator=True))
    return visitor


@pytest.mark.parametrize("page", PAGES)
def test_each_page_is_drawn_with_leads_and_without(page, root, house, lead) -> None:
    assert root.get(f"/leads/{page}").status_code == 200
    lead(source="expo", owner=house.id("Ann"))
    assert root.get(f"/leads/{page}").status_code == 200


def test_the_channel_table_counts_by_source_and_leads_to_the_leads(root, house, lead) -> None:
    for status in ("new", "converted", "converted", "invalid"):
        lead(source="expo", status=status)
    page = " ".join(root.get("/leads/channels").text.split())
    assert "50.0%" in page
    assert "/records/lead?filter=" in page


def test_what_recycles_soon_is_told_with_night_and_rule(ask, house, lead) -> None:
    one = lead(source="expo", owner=house.id("Ann"), level="a").id
    assert ask("recycling", days=6).json()["items"] == []
    assert ask("recycling", days=7).json()["items"] == [
        {
            "entity": "lead",
            "id": one,
            "owner": house.id("Ann"),
            "due": "2026-01-12T01:00:00Z",
            "night": "2026-01-13",
            "rule": "north_rule.hot",
        }
    ]
    assert ask("recycling", days="x").status_code == 400


def test_the_rules_are_tried_by_administrators_only(ask, house, lead) -> None:
    lead(source="expo", owner=house.id("Ann"), level="a")
    assert len(ask("recycling", who="Bo", days=9).json()["items"]) == 1
    assert ask("recycling/preview", who="Bo").status_code == 403
    assert ask("trial", who="Bo").status_code == 403


def test_nobody_is_told_of_leads_they_may_not_read(ask, house, lead, platform) -> None:
    publish_documents(platform, OWN_ONLY)
    lead(source="expo", owner=house.id("Ann"), level="a")
    told = {who: len(ask("recycling", who=who, days=9).json()["items"]) for who in ("Ann", "Bo")}
    assert told == {"Ann": 1, "Bo": 0}


def test_the_preview_tells_who_would_lose_what_and_what_would_stay(ask, house, lead, later) -> None:
    ann = house.id("Ann")
    one, hot = (lead(source="expo", owner=ann, level=level).id for level in ("b", "a"))
    later(days=7)
    told = ask("recycling/preview", rule="north_rule").json()
    assert (told["takes"], told["spares"]) == (
        [{"id": hot, "owner": ann, "rule": "north_rule.hot"}],
        [],
    )
    changes = {"north_rule.hot.days": 30, "north_rule.idle.days": 6}
    told = ask("recycling/preview", rule="north_rule", **changes).json()
    assert ([row["id"] for row in told["takes"]], [row["id"] for row in told["spares"]]) == (
        [one],
        [hot],
    )
    assert ask("recycling/preview", rule="nothing").status_code == 400
    wrong = ask("recycling/preview", rule="north_rule", **{"north_rule.exempt": "nothing == 1"})
    assert wrong.status_code == 422


def test_the_page_says_which_condition_is_wrong(root, lead) -> None:
    page = root.get("/leads/recycling/preview?rule=north_rule&north_rule.exempt=nothing+%3D%3D+1")
    assert page.status_code == 200
    assert "nothing" in page.text
    assert 'role="alert"' in page.text


def test_an_inactive_rule_is_tried_before_it_goes_live(ask, house, lead, platform, read) -> None:
    one = lead().id
    publish_documents(platform, IDLE)
    assert lead().value("owner") is None
    tried = ask("trial", **{"with": "x_idle"}).json()
    assert [row["would"] for row in tried["items"]] == [house.id("Bo")] * 2
    assert ask("trial").json()["items"][0]["would"] is None
    assert read(one).value("owner") is None
    assert ask("trial", **{"with": "nothing"}).status_code == 400


def test_the_box_beside_a_lead_says_when_it_goes_and_why_it_is_whose(
    root, house, lead, platform
) -> None:
    one = lead(source="expo", owner=house.id("Ann"), level="a")
    page = root.get(f"/records/lead/{one.id}").text
    assert "2026-01-13，按规则“北区”：七天" in page
    assert "创建时指定给Ann" in page
    with platform.write() as ctx:
        update(ctx, "lead", one.id, {"status": "converted"})
    assert "已转化或无效" in root.get(f"/records/lead/{one.id}").text


def test_what_an_action_asks_for_is_chosen_from_a_list(root, house, lead) -> None:
    one = lead(source="expo", owner=house.id("Ann"))
    form = root.get(f"/records/lead/{one.id}/actions/assign").text
    assert f'<option value="{house.id("Bo")}">Bo</option>' in form
    sent = root.send(f"/records/lead/{one.id}/actions/assign", owner=str(house.id("Bo")), reason="")
    assert sent.status_code == 303
