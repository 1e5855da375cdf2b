"""The pipeline of opportunities: what each stage asks for and writes."""

from datetime import date
from decimal import Decimal

import pytest
from starlette.testclient import TestClient

from loopline.testing.fixtures import AsUser

DEALS = "/api/v1/records/opportunity"
WAY = {
    "confirmed": {"need": "two pumps"},
    "negotiation": {"amount": "1200", "expected_close": "2026-03-01"},
    "won": {},
}


@pytest.fixture
def deals(platform, client: TestClient, as_user: AsUser) -> TestClient:
    """Answer a client that may write opportunities."""
    from loopline.access.tokens import create_token

    root = as_user("Root", administrator=True)
    with platform.write(via="cli") as ctx:
        secret = create_token(ctx.connection, root.id, frozenset({"read", "write"}), ctx.now)
    client.headers["authorization"] = f"Bearer {secret}"
    return client


def test_a_deal_goes_its_way_and_its_history_is_kept(deals: TestClient) -> None:
    deal = deals.post(DEALS, json={"name": "Pumps"}).json()["id"]
    refused = deals.patch(f"{DEALS}/{deal}", json={"stage": "confirmed"}).json()["problems"]
    assert [(one["path"], one["code"]) for one in refused] == [("fields.need", "pipeline.required")]
    for stage, needed in WAY.items():
        won = deals.patch(f"{DEALS}/{deal}", json={"stage": stage, **needed}).json()
    assert (won["probability"], won["closed_at"]) == ("1.0000", str(date(2026, 1, 5)))
    history = deals.get(f"{DEALS}/{deal}/stages").json()["items"]
    assert [one["to"] for one in history] == ["talk", *WAY]
    assert Decimal(history[-1]["amount"]["amount"]) == Decimal(1200)


def test_a_lost_deal_says_why(deals: TestClient) -> None:
    lost = deals.post(DEALS, json={"name": "Valves", "stage": "lost"})
    assert [one["path"] for one in lost.json()["problems"]] == ["fields.lost_reason"]


def test_the_board_shows_the_stages(deals: TestClient, platform) -> None:
    with platform.read() as ctx:
        board = ctx.catalog.view("opportunity", "opportunity_board")
    assert (board.type, board.pipeline, board.sums) == (
        "kanban",
        "opportunity_default",
        ("amount",),
    )
