"""The board over HTTP: columns over all records, moves with and without scripts."""

from datetime import date
from decimal import Decimal

import pytest

from kit.pipeline_site import SITE
from loopline.services.actions import run_action
from loopline.services.records import create
from loopline.store.rows import fetch
from loopline.testing import publish_documents

APPROVAL = """
kind: role
id: x_chief
format: 1
label: {zh: 主管, en: Chief}
grants: {deals: {entity: x_deal, actions: [read]}}
---
kind: approval
id: x_discount
format: 1
label: {zh: 让利, en: Discount}
entity: x_deal
when: "amount > 50"
locks: [stage]
steps:
  chief: {label: {zh: 主管, en: Chief}, approvers: {a: {role: x_chief}}}
"""
BOARD = "/records/x_deal?view=x_deal_board"
IN_PLACE = {"HX-Request-Type": "partial", "HX-Target": "dialog#ask"}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def site_documents() -> str:
    return SITE


@pytest.fixture
def deal(platform) -> int:
    """Answer a deal in its first stage; others stand in quote, lost, and the other pipeline."""
    rows = [
        {"name": "Pump", "amount": Decimal(100)},
        *({"name": f"Q{n:02}", "stage": "quote", "amount": Decimal(10)} for n in range(25)),
        {"name": "gone", "stage": "lost", "amount": Decimal(7)},
        {"name": "huge", "big": True},
        {"name": "secret one"},
    ]
    with platform.write(via="cli") as ctx:
        deals = [create(ctx, "x_deal", row) for row in rows]
    return deals[0].id


def _stage(platform, deal: int) -> object:
    with platform.read() as ctx:
        return fetch(ctx.connection, ctx.snapshot.table("x_deal"), [deal])[deal].values["stage"]


def test_heads_count_and_add_up_all_and_cards_come_page_by_page(ada, deal) -> None:
    page = ada.get(BOARD, **{"accept-language": "en"}).text
    assert page.count('data-card="') == 21
    assert '<span class="badge">25</span>' in page
    assert 'value="¥250.00"' in page
    assert "huge" not in page
    assert "secret one" not in page


def test_more_cards_are_fetched_for_one_column(ada, deal) -> None:
    page = ada.get(BOARD).text
    more = page.split('data-more hx-get="', 1)[1].split('"', 1)[0].replace("&amp;", "&")
    cards = ada.get(more).text
    assert cards.count('data-card="') == 5
    assert "Q24" in cards


def test_a_closing_column_shows_its_head_and_unfolds(ada, deal) -> None:
    page = ada.get(BOARD).text
    assert 'class="folded"' in page
    assert "gone" not in page
    assert "gone" in ada.get("/records/x_deal/cards?view=x_deal_board&column=lost").text


def test_search_and_filter_cut_the_board_as_the_list(ada, deal) -> None:
    page = ada.get(f"{BOARD}&q=Pump").text
    assert page.count('data-card="') == 1
    assert 'href="/records/x_deal?view=x_deal_all&amp;q=Pump"' in page
    refused = ada.get(f"{BOARD}&filter=nothing+==+1")
    assert refused.status_code == 422


def test_a_move_without_scripts_asks_on_a_page_and_leads_back(ada, deal, platform) -> None:
    path = f"/records/x_deal/{deal}/stage"
    assert 'value="quote"' in ada.get(f"{path}?list.view=x_deal_board").text
    kept = {"list.view": "x_deal_board", "field": "stage"}
    asked = ada.send(path, to="quote", **kept)
    assert asked.status_code == 422
    assert 'name="due"' in asked.text
    assert 'name="amount"' not in asked.text
    moved = ada.send(path, to="quote", ask="due", due="2026-03-01", **kept)
    assert (moved.status_code, moved.headers["location"]) == (303, BOARD)
    assert _stage(platform, deal) == "quote"


def _in_place(ada, deal: int, **form: str):
    data = {"csrf": ada.csrf(), "field": "stage", "list.view": "x_deal_board", **form}
    return ada.client.post(f"/records/x_deal/{deal}/stage", data=data, headers=IN_PLACE)


def test_a_move_in_place_answers_the_heads_and_the_card(ada, deal) -> None:
    moved = _in_place(ada, deal, to="lost", ask="reason", reason="x").text
    assert 'id="moved"' in moved
    assert moved.count("data-head=") == 4
    assert f'data-card="{deal}"' in moved


def test_a_move_says_that_it_voided_an_approval(ada, deal, platform, as_user) -> None:
    publish_documents(platform, APPROVAL)
    as_user("Cho", roles=("x_chief",))
    with platform.write(as_user("Bo", administrator=True)) as ctx:
        run_action(ctx, "x_deal", [deal], "submit", {})
    moved = _in_place(ada, deal, to="lost", ask="reason", reason="x").text
    assert "审批“让利”已作废并重新发起" in moved


def test_what_is_missing_in_place_is_a_dialog_and_refusals_are_words(ada, deal, platform) -> None:
    dialog = _in_place(ada, deal, to="quote").text
    assert 'id="ask"' in dialog
    assert 'name="due"' in dialog
    assert "data-refused" not in dialog
    refused = _in_place(ada, deal, to="won")
    assert refused.status_code == 422
    assert "data-refused" in refused.text
    assert _stage(platform, deal) == "talk"


def test_who_moved_it_before_is_told(ada, deal, platform) -> None:
    _in_place(ada, deal, to="lost", ask="reason", reason="x", _base="1")
    late = _in_place(ada, deal, to="quote", ask="due", due="2026-03-01", _base="1")
    assert late.status_code == 409
    assert _stage(platform, deal) == "lost"


def test_the_page_of_a_record_shows_its_path_and_the_way_on(ada, deal, platform) -> None:
    page = ada.get(f"/records/x_deal/{deal}").text
    assert 'name="to" value="quote"' in page
    kept = {"field": "stage", "_page": "1", "ask": "due", "due": str(date(2026, 3, 1))}
    moved = ada.send(f"/records/x_deal/{deal}/stage", to="quote", **kept)
    assert moved.headers["location"] == f"/records/x_deal/{deal}"
    assert "data-stage-form" in ada.get(f"/records/x_deal/{deal}").text


GROUPED = """
kind: view
id: x_thing_kinds
format: 1
entity: x_thing
type: kanban
label: {zh: 种类, en: Kinds}
group: kind_of
sum: [count]
card: {fields: {count: {}}}
"""


def test_a_board_of_any_choice_has_a_column_for_each_option(ada, platform, make_record) -> None:
    publish_documents(platform, GROUPED)
    thing = make_record("x_thing", name="Bolt", kind_of="small", count=3).id
    make_record("x_thing", name="Blank")
    page = ada.get("/records/x_thing?view=x_thing_kinds").text
    assert [f'data-column="{code}"' in page for code in ("big", "small", "")] == [True] * 3
    moved = ada.send(f"/records/x_thing/{thing}/stage", field="kind_of", to="big")
    assert moved.status_code == 303
    assert 'data-column="small"' in ada.get("/records/x_thing?view=x_thing_kinds").text
