"""From the accepted quote to the money: contract, order, delivery, receipt, refund, one ledger."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from loopline.errors import NotValid
from loopline.services.editing import update
from loopline.sites import add_user

PASSWORD = "loopline-test"


@pytest.fixture
def quote(api, shop, visitor) -> int:
    lines = [{"product": 1, "quantity": "2"}, {"product": 2, "quantity": "4"}]
    body = {"name": "Lamps", "customer": 1, "valid_until": "2026-02-01", "lines": lines}
    made = api("POST", "/records/quote", body)["id"]
    link = api("POST", f"/records/quote/{made}/actions/send", {})["data"]["link"]
    visitor.post(link, data={"answer": "accepted", "who": "Zoe"})
    return made


@pytest.fixture
def act(api):
    """Answer what does an action and answers the record it leads to."""

    def do(entity: str, record: int, action: str, body=None, status: int = 0):
        done = api("POST", f"/records/{entity}/{record}/actions/{action}", body or {}, status)
        return done["record"]["id"] if done.get("record") else done

    return do


@pytest.fixture
def order(act, quote) -> int:
    return act("quote", quote, "order")


@pytest.fixture
def booked(act, order) -> int:
    act("order", order, "confirm")
    return order


def balance(api) -> Decimal:
    entries = api("GET", "/records/ledger_entry")["items"]
    found = api("GET", "/records/customer/1")["contracts__balance"]
    assert sum(Decimal(one["amount"]["amount"]) for one in entries) == Decimal(found["amount"])
    return Decimal(found["amount"])


def paid(api, amount: str) -> int:
    body = {"customer": 1, "amount": amount, "received_at": "2026-01-05"}
    return api("POST", "/records/receipt", body)["id"]


def plans(api, order: int) -> list[str]:
    return [one["amount"]["amount"] for one in api("GET", f"/records/order/{order}")["instalments"]]


def test_nobody_is_offered_to_write_the_ledger(platform, visitor) -> None:
    add_user(platform, "eve@example.com", "Eve", PASSWORD, administrator=True)
    visitor.post("/login", data={"email": "eve@example.com", "password": PASSWORD})
    assert visitor.get("/records/ledger_entry").status_code == 200
    assert visitor.get("/records/ledger_entry/new").status_code == 403


def test_an_order_that_is_booked_by_hand_has_a_plan_too(api, order) -> None:
    api("PATCH", f"/records/order/{order}", {"status": "confirmed"})
    assert plans(api, order) == ["200.00"]


def test_a_plan_that_is_there_is_kept(api, act, order) -> None:
    halves = [{"due": "2026-02-01", "amount": "100"}, {"due": "2026-03-01", "amount": "100"}]
    api("PATCH", f"/records/order/{order}", {"instalments": halves})
    act("order", order, "confirm")
    assert plans(api, order) == ["100.00", "100.00"]


def test_a_contract_is_written_from_the_quote_and_its_template(api, act, quote) -> None:
    made = api("GET", f"/records/contract/{act('quote', quote, 'contract')}")
    assert (made["amount"]["amount"], made["status"]) == ("200.00", "draft")
    body = "\n".join(one["body"] for one in made["clauses"])
    assert "Mill" in body
    assert "200.00" in body
    assert made["deviations"] == 0
    first = made["clauses"][0]
    changed = [{"id": one["id"]} for one in made["clauses"]]
    changed[0] = {"id": first["id"], "body": "Otherwise."}
    again = api("PATCH", f"/records/contract/{made['id']}", {"clauses": changed})
    assert (again["deviations"], again["clauses"][0]["deviates"]) == (1, True)
    act("contract", made["id"], "print")
    printed = api("GET", f"/records/contract/{made['id']}")["pdf"]
    assert api("GET", f"/files/{printed}").startswith(b"%PDF")


def test_a_contract_is_in_force_once_its_signed_copy_is_there(api, act, quote) -> None:
    contract = act("quote", quote, "contract")
    api("PATCH", f"/records/contract/{contract}", {"status": "signing"})
    refused = act("contract", contract, "sign", {"signed_at": "2026-01-04"}, 422)
    assert [one["path"] for one in refused["problems"]] == ["fields.scan"]
    scan = api.upload("scan.pdf", b"%PDF-1.7 signed")
    api("PATCH", f"/records/contract/{contract}", {"scan": [scan]})
    act("contract", contract, "sign", {"signed_at": "2026-01-04"})
    order = api("GET", f"/records/order/{act('contract', contract, 'order')}")
    assert (order["contract"], order["total"]["amount"]) == (contract, "200.00")


def test_an_order_needs_a_contract_or_an_accepted_quote(api, shop) -> None:
    refused = api("POST", "/records/order", {"name": "x", "customer": 1}, 422)
    assert refused["problems"][0]["path"] == "fields.contract"


def test_a_confirmed_order_is_booked_and_stays_as_it_is(api, booked) -> None:
    assert balance(api) == Decimal("200.00")
    found = api("GET", f"/records/order/{booked}")
    assert found["instalments"][0]["amount"]["amount"] == "200.00"
    refused = api("PATCH", f"/records/order/{booked}", {"lines": []}, 422)
    assert "booked" in str(refused)
    api("DELETE", f"/records/order/{booked}", status=422)
    entry = api("GET", "/records/ledger_entry")["items"][0]["id"]
    api("PATCH", f"/records/ledger_entry/{entry}", {"amount": "1"}, 403)


def test_a_customer_owes_no_more_than_their_limit(api, act, order) -> None:
    api("PATCH", "/records/customer/1", {"credit_limit": "199.99"})
    refused = act("order", order, "confirm", status=422)
    assert "199.99" in refused["problems"][0]["message"]
    api("PATCH", "/records/customer/1", {"credit_limit": "200"})
    act("order", order, "confirm")


def test_a_prepaid_order_is_shipped_once_it_is_paid(api, act, order) -> None:
    api("PATCH", "/records/customer/1", {"payment_terms": "prepaid"})
    act("order", order, "confirm")
    assert api("GET", f"/records/order/{order}")["instalments"][0]["due"] == "2026-01-05"
    act("order", order, "ship", status=422)
    act("receipt", paid(api, "200"), "allocate")
    act("order", order, "ship")


def test_only_deviating_clauses_are_reviewed(api, act, quote, as_user) -> None:
    contract = act("quote", quote, "contract")
    clauses = api("GET", f"/records/contract/{contract}")["clauses"]
    changed = [
        {"id": clauses[0]["id"], "body": "Otherwise."},
        *({"id": c["id"]} for c in clauses[1:]),
    ]
    api("PATCH", f"/records/contract/{contract}", {"clauses": changed})
    held = api("PATCH", f"/records/contract/{contract}", {"status": "signing"}, 422)
    assert held["problems"][0]["code"] == "approval.before"
    standard = [
        {"id": clauses[0]["id"], "body": clauses[0]["body"]},
        *({"id": c["id"]} for c in clauses[1:]),
    ]
    api("PATCH", f"/records/contract/{contract}", {"clauses": standard})
    api("PATCH", f"/records/contract/{contract}", {"status": "signing"})


def test_a_cancelled_order_is_booked_back(api, act, booked) -> None:
    act("order", booked, "cancel")
    assert balance(api) == Decimal(0)


def test_money_is_allocated_to_the_oldest_instalment_and_refunded(api, act, booked) -> None:
    first, second = paid(api, "150"), paid(api, "80")
    for receipt in (first, second):
        act("receipt", receipt, "allocate")
    order = api("GET", f"/records/order/{booked}")
    assert (order["paid"]["amount"], order["outstanding"]["amount"]) == ("200.00", "0.00")
    assert api("GET", f"/records/receipt/{second}")["allocated"]["amount"] == "50.00"
    assert balance(api) == Decimal("-30.00")
    act("receipt", second, "refund", {"amount": 30, "reason": "paid too much"})
    assert balance(api) == Decimal(0)
    act("receipt", second, "refund", {"amount": 51, "reason": "again"}, 422)
    api("PATCH", f"/records/receipt/{first}", {"amount": "1"}, 422)


def test_no_more_is_allocated_than_came_in_or_is_owed(api, booked) -> None:
    receipt = paid(api, "300")
    for amount in ("201", "301"):
        rows = [{"instalment": 1, "amount": amount}]
        refused = api("PATCH", f"/records/receipt/{receipt}", {"allocations": rows}, 422)
        assert refused["problems"][0]["path"] == "fields.allocations.0.amount"


def test_what_is_ordered_is_delivered_once(api, act, booked) -> None:
    delivery = api("GET", f"/records/delivery/{act('order', booked, 'ship')}")
    assert [one["quantity"] for one in delivery["lines"]] == ["2.000", "4.000"]
    assert delivery["customer"] == 1
    act("order", booked, "ship", status=422)
    act("order", booked, "deliver")
    act("order", booked, "accept")
    found = api("GET", f"/records/order/{booked}")
    assert (found["status"], found["accepted_at"]) == ("accepted", "2026-01-05")


def test_a_credit_note_lessens_what_is_owed(api, act, booked) -> None:
    note = act("order", booked, "credit", {"amount": 25.5, "reason": "scratched"})
    assert api("GET", f"/records/credit_note/{note}")["customer"] == 1
    assert balance(api) == Decimal("174.50")


def test_the_customer_sees_every_step(api, act, booked) -> None:
    act("order", booked, "ship")
    paid(api, "10")
    told = api("GET", "/records/customer/1/timeline?limit=100")["items"]
    about = [one["about"]["entity"] for one in told if one["about"]]
    assert {"quote", "order", "delivery", "receipt"} <= set(about)


def test_entries_of_the_ledger_are_called_by_what_they_are_of(platform, api, booked) -> None:
    paid(api, "10")
    with platform.read() as ctx:
        title = ctx.contexts("contracts").title
        called = [title("ledger_entry", number) for number in (1, 2)]
    assert [one.split()[-1] for one in called] == ["Lamps", "SK-2026-00001"]


def test_shipping_by_hand_says_how_a_delivery_is_made(api, act, booked) -> None:
    refused = api("PATCH", f"/records/order/{booked}", {"status": "shipping"}, 422)
    assert "Ship" in refused["problems"][0]["message"]
    act("order", booked, "ship")
    assert api("GET", f"/records/order/{booked}")["status"] == "shipping"


def test_no_more_comes_back_than_was_delivered(api, act, booked) -> None:
    line = api("GET", f"/records/order/{booked}")["lines"][0]["id"]
    body = {"order": booked, "reason": "faulty", "lines": [{"order_line": line, "quantity": "2"}]}
    refused = api("POST", "/records/return", body, 422)
    assert refused["problems"][0]["path"] == "fields.lines.0.quantity"
    act("order", booked, "ship")
    api("POST", "/records/return", body)
    api("POST", "/records/return", body, 422)


def test_two_at_once_take_no_more_back_than_was_delivered(platform, api, act, booked) -> None:
    act("order", booked, "ship")
    line = api("GET", f"/records/order/{booked}")["lines"][1]["id"]
    body = {"order": booked, "reason": "faulty", "lines": [{"order_line": line, "quantity": 1}]}
    made = [api("POST", "/records/return", body)["lines"][0]["id"] for _ in range(2)]
    together = Barrier(2)

    def one(number: int) -> bool:
        together.wait(5)
        try:
            with platform.write(via="api") as ctx:
                update(ctx, "return_line", number, {"quantity": Decimal(3)})
        except NotValid:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(one, made)) == 1


def test_what_comes_back_is_credited_at_what_it_was_sold_for(api, act, booked) -> None:
    act("order", booked, "ship")
    come = act("order", booked, "return", {"kind": "return", "reason": "faulty"})
    first, second = api("GET", f"/records/return/{come}")["lines"]
    assert (first["quantity"], second["quantity"]) == ("2.000", "4.000")
    lines = [{"id": first["id"], "quantity": "1"}]
    api("PATCH", f"/records/return/{come}", {"lines": lines, "status": "received"})
    note = api("GET", f"/records/credit_note/{act('return', come, 'credit')}")
    assert note["amount"]["amount"] == "90.00"
    assert api("GET", f"/records/return/{come}")["status"] == "settled"
    assert balance(api) == Decimal("110.00")
