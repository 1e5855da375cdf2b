"""What stands beside quotes, orders and customers, and the pages it leads to."""

import pytest

from loopline.sdk import Showing
from loopline_contracts.boxes import boxes


@pytest.fixture
def beside(platform):
    """Answer what reads the boxes of a record: title, lines, text and tone."""

    def read(entity: str, record: int):
        with platform.read() as ctx:
            found = boxes(ctx.contexts("contracts"), Showing(entity=entity, id=record))
            return {one.title.to("en"): one for one in found}

    return read


@pytest.fixture
def quote(api, shop) -> int:
    lines = [{"product": 1, "quantity": "2"}, {"product": 2, "quantity": "4"}]
    body = {"name": "Lamps", "customer": 1, "valid_until": "2026-02-01", "lines": lines}
    made = api("POST", "/records/quote", body)["id"]
    api("POST", f"/records/quote/{made}/actions/send", {})
    return made


def test_the_link_stands_on_the_quote_as_long_as_it_opens(api, quote, beside, visitor) -> None:
    box = beside("quote", quote)["Customer page"]
    assert visitor.get(box.copy).status_code == 200
    assert visitor.get(box.href).status_code == 200
    api("POST", f"/records/quote/{quote}/actions/new_version", {})
    assert "Customer page" not in beside("quote", quote)


def test_a_version_says_what_it_changed(platform, api, quote, beside) -> None:
    made = api("POST", f"/records/quote/{quote}/actions/new_version", {})["record"]["id"]
    lines = [{"product": 1, "quantity": "3"}, {"description": "Work", "price": "50"}]
    api("PATCH", f"/records/quote/{made}", {"lines": lines})
    box = beside("quote", made)["Versions"]
    assert box.text.to("en").startswith("+¥120.00 (+60.0%)")
    assert box.href == f"/quote/{made}/changes"


def test_overdue_instalments_are_marked(api, quote, beside, visitor) -> None:
    visitor.post(
        beside("quote", quote)["Customer page"].copy, data={"answer": "accepted", "who": "Z"}
    )
    order = api("POST", f"/records/quote/{quote}/actions/order", {})["record"]["id"]
    halves = [{"due": "2026-01-01", "amount": "80"}, {"due": "2026-03-01", "amount": "120"}]
    api("PATCH", f"/records/order/{order}", {"instalments": halves})
    api("POST", f"/records/order/{order}/actions/confirm", {})
    box = beside("order", order)["Payment"]
    assert (box.tone, box.text.to("en")) == ("danger", "¥80.00 overdue")
    assert box.lines[0][1].endswith("逾期 4 天")
    owed = beside("customer", 1)["Receivable"]
    assert (owed.tone, owed.href) == ("danger", "/customers/1/statement")
