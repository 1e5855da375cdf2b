"""The roles of the pack: each lets its work be done, and no more."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from loopline.access.context import Actor
from loopline.bootstrap import Platform
from loopline.errors import Forbidden, NotFound
from loopline.query.lists import ListQuery, page
from loopline.services import lines, records
from loopline.services.actions import run_action
from loopline.services.editing import update
from loopline.services.naming import names_for
from loopline.services.values import read_body
from loopline.testing.fixtures import MakeRecord

_ALL_CUSTOMERS = (
    "service_agent",
    "service_manager",
    "loyalty_operator",
    "finance",
    "director",
    "marketer",
)
_ROLES = ("sales_rep", "sales_manager", *_ALL_CUSTOMERS)


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    """Answer none: this site has every bundled plugin."""
    return frozenset()


@pytest.fixture
def packs() -> tuple[str, ...]:
    """Answer the pack of the demo."""
    return ("equipment",)


@pytest.fixture
def people(
    platform: Platform, as_user: Callable[..., Actor], make_record: MakeRecord
) -> dict[str, Actor]:
    """Answer somebody of each role; the manager's department is that of the rep."""
    found = {}
    department = make_record("department", name="North", code="N").id
    for role in _ROLES:
        found[role] = as_user(role, roles=(role,))
        if role.startswith("sales"):
            with platform.write(via="cli") as ctx:
                update(ctx, "user", found[role].id, {"department": department})
    found["other"] = as_user("other", roles=("sales_rep",))
    return found


def _seen(platform: Platform, actor: Actor, entity: str) -> set[int]:
    with platform.read(actor, via="api") as ctx:
        return {one.id for one in page(ctx, ListQuery(entity=entity)).records}


def test_a_rep_does_the_daily_work(platform: Platform, people: dict[str, Actor]) -> None:
    rep = people["sales_rep"]
    with platform.write(rep, via="page") as ctx:
        lead = records.create(ctx, "lead", {"name": "Ms He"})
        customer = records.create(ctx, "customer", {"name": "Acme"})
        records.create(ctx, "contact", {"name": "Ms He", "customer": customer.id})
        records.create(ctx, "opportunity", {"name": "Pumps", "customer": customer.id})
        about = {"name": "Call", "at": ctx.now, "about": f"lead:{lead.id}"}
        records.create(ctx, "activity", about)
        records.create(ctx, "task", {"name": "Send the offer"})
        update(ctx, "lead", lead.id, {"status": "contacted"})
    for entity in ("lead", "customer", "contact", "opportunity", "activity", "task"):
        assert len(_seen(platform, rep, entity)) == 1


def test_a_rep_sees_nothing_of_colleagues_and_no_costs(
    platform: Platform, people: dict[str, Actor], make_record: MakeRecord
) -> None:
    theirs = make_record("customer", name="Theirs", owner=people["other"].id)
    product = make_record("product", name="IS80", cost=Decimal(100))
    with platform.read(people["sales_rep"], via="api") as ctx:
        with pytest.raises(NotFound):
            records.get(ctx, "customer", theirs.id)
        assert "cost" not in records.get(ctx, "product", product.id).values
    assert _seen(platform, people["sales_rep"], "customer") == set()


def test_a_manager_sees_the_department_and_the_others_what_they_need(
    platform: Platform, people: dict[str, Actor]
) -> None:
    with platform.write(people["sales_rep"], via="page") as ctx:
        near = records.create(ctx, "customer", {"name": "Near"}).id
    with platform.write(people["other"], via="page") as ctx:
        far = records.create(ctx, "customer", {"name": "Far"}).id
    seen = {role: _seen(platform, actor, "customer") for role, actor in people.items()}
    assert seen == {
        "sales_rep": {near},
        "other": {far},
        "sales_manager": {near},
        **{role: {near, far} for role in _ALL_CUSTOMERS},
    }


def test_service_reads_customers_and_finance_writes_their_terms(
    platform: Platform, people: dict[str, Actor], make_record: MakeRecord
) -> None:
    one = make_record("customer", name="Acme").id
    with platform.write(people["service_agent"], via="api") as ctx, pytest.raises(Forbidden):
        update(ctx, "customer", one, {"credit_limit": "10"})
    with platform.write(people["finance"], via="api") as ctx:
        update(ctx, "customer", one, {"payment_terms": "net30"})


def test_a_rep_sees_no_costs_in_quotes_and_finance_writes_credit_notes(
    platform: Platform, people: dict[str, Actor], make_record: MakeRecord
) -> None:
    product = make_record("product", name="IS80", list_price=Decimal(9), cost=Decimal(1)).id
    with platform.write(people["sales_rep"], via="api") as ctx:
        customer = records.create(ctx, "customer", {"name": "Acme"}).id
        values = {"name": "Pumps", "customer": customer, "lines": [{"product": product}]}
        quote = lines.create(ctx, "quote", read_body(ctx, "quote", values))
        held = names_for(ctx, [quote], [ctx.catalog.entity("quote").fields["lines"]])
    assert not {"cost_total", "margin"} & set(quote.values)
    assert "cost_amount" not in held.lines["lines"][quote.id][0].values
    with platform.read(people["finance"], via="api") as ctx:
        assert ctx.rights.allows(ctx.catalog.entity("order"), "credit")
        seen = names_for(ctx, [quote], [ctx.catalog.entity("quote").fields["lines"]])
    assert seen.lines["lines"][quote.id][0].values["cost_amount"] == Decimal(1)


def test_service_managers_keep_the_skills_of_their_people(
    platform: Platform, people: dict[str, Actor], make_record: MakeRecord
) -> None:
    skilled = people["service_agent"].id
    with platform.write(people["service_manager"], via="api") as ctx:
        kind = records.create(ctx, "ticket_category", {"code": "seal", "name": "Seals"}).id
        records.create(ctx, "skill", {"user": skilled, "category": kind})
    with platform.write(people["service_agent"], via="api") as ctx, pytest.raises(Forbidden):
        records.create(ctx, "skill", {"user": skilled, "category": kind})


def test_loyalty_operators_enrol_and_redeem_for_customers_they_do_not_own(
    platform: Platform, people: dict[str, Actor], make_record: MakeRecord
) -> None:
    number = make_record("customer", name="Acme").id
    make_record("reward", name="Cup", points=1)
    operator = people["loyalty_operator"]
    with platform.write(operator, via="api") as ctx:
        assert run_action(ctx, "customer", [number], "enrol", {}).record == ("member", 1)
        run_action(ctx, "member", [1], "adjust", {"points": 5, "reason": "Welcome"})
        run_action(ctx, "member", [1], "redeem", {"reward": 1})
        assert records.get(ctx, "member", 1).value("points_balance") == 4
    with platform.write(operator, via="api") as ctx, pytest.raises(Forbidden):
        update(ctx, "customer", number, {"name": "Mine"})
