"""Quotes: priced by the books, added up, sent, answered on the public page, replaced."""

import re
from decimal import Decimal

import pytest

from loopline_contracts.found import by_id


@pytest.fixture
def quote(api, shop) -> int:
    lines = [{"product": 1, "quantity": "2"}, {"product": 2, "quantity": "3", "discount": "0.1"}]
    body = {"name": "Lamps", "customer": 1, "valid_until": "2026-02-01", "lines": lines}
    return api("POST", "/records/quote", body)["id"]


@pytest.fixture
def sent(api, quote) -> str:
    done = api("POST", f"/records/quote/{quote}/actions/send", {"to": "ada@example.com"})
    return done["data"]["link"]


def amounts(api, quote: int) -> dict[str, str]:
    found = api("GET", f"/records/quote/{quote}")
    return {name: found[name]["amount"] for name in ("list_total", "total", "cost_total")}


def test_lines_take_the_price_that_suits_customer_day_and_quantity(api, quote) -> None:
    lines = api("GET", f"/records/quote/{quote}")["lines"]
    assert [one["price"]["amount"] for one in lines] == ["90.00", "5.00"]
    assert [one["amount"]["amount"] for one in lines] == ["180.00", "13.50"]
    assert lines[0]["tax"]["amount"] == "20.71"
    assert amounts(api, quote) == {
        "list_total": "195.00",
        "total": "193.50",
        "cost_total": "120.00",
    }


def test_a_greater_quantity_takes_the_next_step(api, quote) -> None:
    lines = api("GET", f"/records/quote/{quote}")["lines"]
    changed = [{"id": lines[0]["id"], "quantity": "10"}, {"id": lines[1]["id"]}]
    api("PATCH", f"/records/quote/{quote}", {"lines": changed})
    assert amounts(api, quote)["total"] == "813.60"


def test_a_quote_that_was_sent_stays_as_it_is(api, quote, sent) -> None:
    lines = api("GET", f"/records/quote/{quote}")["lines"]
    cheaper = [{"id": lines[0]["id"], "discount": "0.5"}]
    for body in ({"lines": cheaper}, {"lines": []}, {"valid_until": "2027-01-01"}):
        refused = api("PATCH", f"/records/quote/{quote}", body, 422)
        assert "new version" in str(refused) or "新版本" in str(refused)
    assert amounts(api, quote)["total"] == "193.50"


def test_a_quote_without_lines_or_out_of_date_is_not_sent(api, quote) -> None:
    api("PATCH", f"/records/quote/{quote}", {"valid_until": "2025-01-01"})
    refused = api("POST", f"/records/quote/{quote}/actions/send", {}, 422)
    assert refused["problems"][0]["code"] == "pipeline.enter_if"


def test_the_customer_accepts_on_the_public_page(api, quote, sent, visitor) -> None:
    page = visitor.get(sent)
    assert (page.status_code, "193.50" in page.text) == (200, True)
    unnamed = visitor.post(sent, data={"answer": "accepted", "who": " "})
    assert api("GET", f"/records/quote/{quote}")["status"] == "sent", unnamed.text
    visitor.post(sent, data={"answer": "accepted", "who": "Zoe"})
    found = api("GET", f"/records/quote/{quote}")
    assert (found["status"], found["answered_by"]) == ("accepted", "Zoe")
    visitor.post(sent, data={"answer": "declined", "who": "Eve"})
    assert api("GET", f"/records/quote/{quote}")["answered_by"] == "Zoe"


def test_a_new_version_takes_the_lines_along_and_ends_the_old_link(api, quote, sent, visitor):
    done = api("POST", f"/records/quote/{quote}/actions/new_version", {})
    fresh = done["record"]["id"]
    found = api("GET", f"/records/quote/{fresh}")
    assert (found["version"], found["status"], found["previous"]) == (2, "draft", quote)
    assert amounts(api, fresh)["total"] == "193.50"
    assert visitor.get(sent).status_code == 404
    assert api("GET", f"/records/quote/{quote}")["status"] == "replaced"


def test_the_printed_quote_is_kept_as_a_file(api, quote, sent) -> None:
    number = api("GET", f"/records/quote/{quote}")["pdf"]
    assert re.match(rb"%PDF-1", api("GET", f"/files/{number}"))


def test_amounts_are_sums_of_rounded_lines(api, shop) -> None:
    lines = [{"product": 1, "quantity": "1", "price": "0.35", "discount": "0.1"}] * 3
    made = api("POST", "/records/quote", {"name": "x", "customer": 1, "lines": lines})
    assert Decimal(amounts(api, made["id"])["total"]) == Decimal("0.96")


def test_many_records_are_looked_up_in_lots(platform, shop) -> None:
    with platform.read() as ctx:
        found = by_id(ctx.contexts("contracts"), "product", range(1, 2000))
    assert set(found) == {1, 2}


def test_what_may_be_done_to_a_quote_below_the_book_is_told_with_its_words(api, shop) -> None:
    lines = [{"product": 1, "quantity": "1", "discount": "0.2"}]
    made = api("POST", "/records/quote", {"name": "x", "customer": 1, "lines": lines})["id"]
    told = api("GET", f"/records/quote/{made}/actions")["items"]
    assert {"submit", "send"} <= {one["id"] for one in told}


def test_sending_again_keeps_the_link_and_visits_are_noted(api, quote, sent, visitor) -> None:
    again = api("POST", f"/records/quote/{quote}/actions/send", {})["data"]["link"]
    assert again == sent
    assert "data-seen" not in visitor.get(f"{sent}?preview=1").text
    for _ in range(2):
        visitor.post(f"{sent}/seen")
    found = api("GET", f"/records/quote/{quote}")
    assert (found["opens"], found["opened_at"]) == (1, "2026-01-05T01:00:00Z")


def test_the_customer_downloads_the_printed_quote(quote, sent, visitor) -> None:
    assert visitor.get(f"{sent}/pdf").content.startswith(b"%PDF")
    assert visitor.get("/quotes/unknown/pdf").status_code == 404
