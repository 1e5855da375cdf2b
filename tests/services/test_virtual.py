"""Formulas and lookups: the same value on every way to a record, and only for who may read it."""

from datetime import date
from decimal import Decimal

import pytest

from loopline.errors import NotValid
from loopline.query.lists import ListQuery, page
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.testing import publish_documents

DOCUMENTS = """
kind: entity
id: x_client
format: 1
label: Client
title_field: name
traits: {owned: true}
fields:
  name:  {type: text, label: Name}
  level: {type: choice, label: Level, options: {a: {label: A}, b: {label: B}}}
  phone: {type: phone, label: Phone}
  share: {type: percent, label: Discount}
  good:  {type: formula, returns: boolean, formula: 'level == "a"', label: Top}
---
kind: entity
id: x_deal
format: 1
label: Deal
title_field: name
fields:
  name:   {type: text, label: Name}
  client: {type: link, to: x_client, label: Client}
  amount: {type: money, label: Amount}
  parts:  {type: integer, label: Parts}
  day:    {type: date, label: Day}
  late:   {type: formula, returns: boolean, formula: "day < today()", label: Overdue}
  each:   {type: formula, returns: money, formula: "amount / parts", label: Each}
  net:
    {type: formula, returns: money, formula: "amount * (1 - coalesce(client.share, 0))", label: Net}
  double: {type: formula, returns: money, formula: "net * 2", label: Double}
  called: {type: formula, returns: text, formula: 'concat(name, " / ", client.name)', label: Called}
  level:  {type: lookup, via: client, field: level, label: Level of the client}
  phone:  {type: lookup, via: client, field: phone, label: Phone of the client}
  keeper: {type: lookup, via: client, field: owner, label: Keeper}
  top:    {type: lookup, via: client, field: good, label: Top client}
  half:   {type: formula, returns: money, formula: "amount / 2", label: Half}
  halves: {type: formula, returns: money, formula: "half * 2", label: Halves}
rules: {positive: {refuse_when: "half < 0", message: Give more}}
"""
VIRTUAL = ("late", "each", "net", "double", "called", "level", "phone", "keeper", "top")
ROLES = """
kind: role
id: x_seller
format: 1
label: Seller
grants:
  deals: {entity: x_deal, actions: [read, update]}
  clients:
    {entity: x_client, actions: [read], scope: "owner == me", fields: {share: none, phone: mask}}
---
kind: role
id: x_stranger
format: 1
label: Stranger
grants:
  deals: {entity: x_deal, actions: [read]}
"""


@pytest.fixture
def site_documents() -> str:
    return f"{DOCUMENTS}---{ROLES}"


@pytest.fixture
def deal(make_record) -> int:
    client = make_record(
        "x_client", name="Ärzte", level="a", phone="13800001111", share=Decimal("0.1")
    )
    values = {"name": "Pump", "amount": Decimal(100), "parts": 3, "day": date(2026, 1, 4)}
    make_record("x_deal", name="bare")
    return make_record("x_deal", client=client.id, **values).id


def values_of(record) -> dict[str, object]:
    return {name: record.values[name] for name in VIRTUAL if name in record.values}


def listed(ctx, **asked) -> list[dict[str, object]]:
    return [values_of(one) for one in page(ctx, ListQuery(entity="x_deal", **asked)).records]


def test_a_record_carries_what_is_worked_out(platform, deal) -> None:
    with platform.read() as ctx:
        assert values_of(get(ctx, "x_deal", deal)) == {
            "late": True,
            "each": Decimal("33.33"),
            "net": Decimal("90.00"),
            "double": Decimal("180.00"),
            "called": "Pump / Ärzte",
            "level": "a",
            "phone": "13800001111",
            "keeper": None,
            "top": True,
        }


def test_a_list_says_what_the_records_say(platform, deal) -> None:
    with platform.read() as ctx:
        shown = page(ctx, ListQuery(entity="x_deal", sort=("id",))).records
        assert [one.values for one in shown] == [get(ctx, "x_deal", one.id).values for one in shown]


def test_a_list_answers_the_fields_it_is_asked_for(platform, deal) -> None:
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity="x_deal", fields=("net",), sort=("-id",))).records
    assert [dict(one.values) for one in found] == [{"net": Decimal("90.00")}, {"net": None}]


@pytest.mark.parametrize(
    ("filter", "count"),
    [
        ("late", 1),
        ("!late", 1),
        ("net > 89 && double < 181", 1),
        ('contains(called, "ärz")', 1),
        ('level == "a"', 1),
        ("is_blank(level)", 1),
        ("top", 1),
        ("client.good", 1),
        ("is_blank(keeper.name)", 2),
    ],
)
def test_filters_name_them(platform, deal, filter: str, count: int) -> None:
    with platform.read() as ctx:
        assert len(listed(ctx, filter=filter)) == count


@pytest.mark.parametrize("name", VIRTUAL)
@pytest.mark.parametrize("sign", ["", "-"])
def test_lists_sort_by_them_page_by_page(platform, deal, make_record, name: str, sign: str) -> None:
    make_record("x_deal", name="Pump", amount=Decimal(7), parts=1, day=date(2026, 1, 9))
    with platform.read() as ctx:
        whole = page(ctx, ListQuery(entity="x_deal", sort=(f"{sign}{name}",)))
        seen, cursor = [], None
        while len(seen) < 4:
            one = page(
                ctx, ListQuery(entity="x_deal", sort=(f"{sign}{name}",), limit=1, cursor=cursor)
            )
            seen += [record.id for record in one.records]
            cursor = one.next
            if cursor is None:
                break
    assert seen == [record.id for record in whole.records]


def test_time_passes_without_a_write(platform, clock, deal) -> None:
    with platform.read() as ctx:
        before = listed(ctx, filter="late")
    clock.at = clock.at.replace(month=2)
    with platform.write() as ctx:
        bare = page(ctx, ListQuery(entity="x_deal", filter='name == "bare"')).records[0]
        update(ctx, "x_deal", bare.id, {"day": date(2026, 1, 9)})
    with platform.read() as ctx:
        assert (len(before), len(listed(ctx, filter="late"))) == (1, 2)


@pytest.mark.parametrize("name", ["net", "level"])
def test_nobody_writes_them(platform, deal, name: str) -> None:
    with platform.write() as ctx, pytest.raises(NotValid) as caught:
        update(ctx, "x_deal", deal, {name: None})
    assert caught.value.problems[0].code == "field.computed"
    with platform.write() as ctx, pytest.raises(NotValid) as caught:
        create(ctx, "x_deal", {name: "5"})
    assert caught.value.problems[0].code == "field.computed"


def test_who_may_not_read_a_part_does_not_see_the_whole(platform, deal, as_user) -> None:
    with platform.read(as_user("Sue", roles=("x_seller",))) as ctx:
        seen = ctx.catalog.entity("x_deal").fields
        found = get(ctx, "x_deal", deal).values
        with pytest.raises(NotValid):
            listed(ctx, filter="net > 1")
    assert {"net", "double"}.isdisjoint(seen.keys() | found.keys())
    assert seen["phone"].masked


def test_a_link_to_what_may_not_be_read_leads_nowhere(platform, deal, as_user) -> None:
    with platform.read(as_user("Sue", roles=("x_seller",))) as ctx:
        one = values_of(get(ctx, "x_deal", deal))
        assert one["level"] is None
        assert one["called"] == "Pump / "
        assert listed(ctx, sort=("-id",))[0] == one


def test_what_is_masked_stays_masked(platform, deal, as_user) -> None:
    sue = as_user("Sue", roles=("x_seller",))
    with platform.write() as ctx:
        client = get(ctx, "x_deal", deal).values["client"]
        update(ctx, "x_client", client, {"owner": sue.id})
    with platform.read(sue) as ctx:
        assert str(get(ctx, "x_deal", deal).values["phone"]) == "138****1111"
        assert str(listed(ctx, sort=("-id",))[0]["phone"]) == "138****1111"


def test_what_looks_into_an_unreadable_entity_is_not_there(platform, deal, as_user) -> None:
    with platform.read(as_user("Max", roles=("x_stranger",))) as ctx:
        assert set(values_of(get(ctx, "x_deal", deal))) == {"late", "each"}
        assert set(listed(ctx)[0]) == {"late", "each"}


WRONG = {
    'returns: money, formula: "name"': "formula.type",
    'returns: money, formula: "amount +"': "expr.incomplete",
    'returns: money, formula: "nothing"': "expr.unknown_field",
    'returns: money, formula: "new"': "formula.circle",
    'returns: money, formula: "1 + more"': "formula.circle",
    'returns: money, formula: "amount", unique: "yes"': "metadata.no_setting",
    "returns: money": "metadata.missing",
    'formula: "amount"': "metadata.missing",
}


@pytest.mark.parametrize(("text", "code"), WRONG.items())
def test_what_cannot_be_worked_out_is_refused(platform, text: str, code: str) -> None:
    more = "  more: {type: formula, returns: money, formula: 'new', label: {en: More}}"
    field = f"  new: {{type: formula, {text}, label: {{en: New}}}}"
    with pytest.raises(NotValid) as caught:
        publish_documents(
            platform, f"kind: entity\nid: x_deal\nextend: true\nfields:\n{more}\n{field}"
        )
    found = {(one.path, one.code) for one in caught.value.problems}
    assert any("fields.new" in path and one == code for path, one in found), found


CHANGED = """
kind: entity
id: x_client
extend: true
fields:
  deals: {type: rollup, of: x_deal, via: client, filter: "%s", label: Deals}
"""


def test_a_rollup_may_filter_by_a_formula(platform, deal) -> None:
    publish_documents(platform, CHANGED % "half > 1")
    with platform.write() as ctx:
        client = get(ctx, "x_deal", deal).values["client"]
        counts = [get(ctx, "x_client", client).values["deals"]]
        for amount in (Decimal(1), Decimal(50)):
            update(ctx, "x_deal", deal, {"amount": amount})
            counts.append(get(ctx, "x_client", client).values["deals"])
    assert counts[1:] == [0, 1]


@pytest.mark.parametrize("name", ["late", "net > 1", "top"])
def test_a_rollup_refuses_what_passes_or_lies_elsewhere(platform, name: str) -> None:
    with pytest.raises(NotValid) as caught:
        publish_documents(platform, CHANGED % name)
    assert [one.code for one in caught.value.problems] == ["rollup.filter"]


def test_a_rule_may_name_a_formula(platform, deal) -> None:
    with platform.write() as ctx, pytest.raises(NotValid) as caught:
        update(ctx, "x_deal", deal, {"amount": Decimal(-5)})
    assert caught.value.problems[0].code == "record.rule"


@pytest.mark.parametrize("text", ["title_field: half", "indexes: {x: {fields: [half]}}"])
def test_what_has_to_be_stored_cannot_be_a_formula(platform, text: str) -> None:
    with pytest.raises(NotValid) as caught:
        publish_documents(platform, f"kind: entity\nid: x_deal\nextend: true\n{text}")
    assert {one.code for one in caught.value.problems} == {"metadata.virtual_field"}


def test_a_changed_formula_is_instant(platform, deal) -> None:
    text = "kind: entity\nid: x_deal\nextend: true\nfields: {half: {formula: amount / 4}}"
    publish_documents(platform, text)
    with platform.read() as ctx:
        assert get(ctx, "x_deal", deal).values["half"] == Decimal("25.00")


def test_a_formula_that_others_rest_on_is_not_broken(platform, deal) -> None:
    text = "kind: entity\nid: x_deal\nextend: true\nfields: {half: {formula: amount + halves}}"
    with pytest.raises(NotValid) as caught:
        publish_documents(platform, text)
    assert "formula.circle" in {one.code for one in caught.value.problems}
