"""The rows of the demo: the same every time, as many as promised, and of one piece."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import phonenumbers
import pytest

from loopline.fields.base import FieldType
from loopline.fields.registry import FieldTypes
from loopline.hooks.declare import SeedContext
from loopline.meta.catalog import Catalog
from loopline_metadata.packs.equipment import demo

Rows = list[Mapping[str, object]]
GENERATORS = {
    "department": demo.departments,
    "user": demo.users,
    "lead_pool": demo.pools,
    "product": demo.products,
    "customer": demo.customers,
    "contact": demo.contacts,
    "lead": demo.leads,
    "opportunity": demo.opportunities,
}
KEYS = {"department": "code", "user": "email", "product": "code", "lead_pool": "code"}


@pytest.fixture(scope="module")
def rows() -> Mapping[str, Rows]:
    context = SeedContext(now=datetime.fromisoformat("2026-11-23T02:00:00Z"), seed=7, language="zh")
    return {name: list(generate(context)) for name, generate in GENERATORS.items()}


@pytest.mark.parametrize("entity", GENERATORS)
def test_one_context_gives_the_same_rows(
    rows: Mapping[str, Rows], context: SeedContext, entity: str
) -> None:
    assert list(GENERATORS[entity](context)) == rows[entity]


def test_another_seed_gives_other_customers(rows: Mapping[str, Rows], context: SeedContext) -> None:
    assert list(demo.customers(replace(context, seed=8))) != rows["customer"]


@pytest.mark.parametrize(
    ("entity", "count"),
    [("product", 60), ("customer", 160), ("contact", 340), ("lead", 700), ("opportunity", 220)],
)
def test_counts(rows: Mapping[str, Rows], entity: str, count: int) -> None:
    assert len(rows[entity]) == count


@pytest.mark.parametrize("entity", GENERATORS)
def test_keys_are_unique(rows: Mapping[str, Rows], entity: str) -> None:
    key = KEYS.get(entity, "external_id")
    assert len({row[key] for row in rows[entity]}) == len(rows[entity])


@pytest.mark.parametrize("entity", ["customer", "contact", "lead"])
def test_phones_are_valid_and_unique(rows: Mapping[str, Rows], entity: str) -> None:
    phones = [str(row["phone"]) for row in rows[entity]]
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(one)) for one in phones)
    assert len(set(phones)) == len(phones)


def test_names_of_customers_are_unique(rows: Mapping[str, Rows]) -> None:
    assert len({row["name"] for row in rows["customer"]}) == 160


@pytest.mark.parametrize(
    ("entity", "field", "target"),
    [
        ("department", "parent", "department"),
        ("user", "department", "department"),
        ("user", "manager", "user"),
        ("customer", "leads__pool", "lead_pool"),
        ("customer", "owner", "user"),
        ("contact", "customer", "customer"),
        ("contact", "owner", "user"),
        ("lead", "product", "product"),
        ("lead", "converted_to", "customer"),
        ("lead", "owner", "user"),
        ("opportunity", "customer", "customer"),
        ("opportunity", "product", "product"),
        ("opportunity", "lead", "lead"),
        ("opportunity", "owner", "user"),
    ],
)
def test_links_meet_a_row(rows: Mapping[str, Rows], entity: str, field: str, target: str) -> None:
    key = KEYS.get(target, "external_id")
    known = [{"by": {key: row[key]}} for row in rows[target]]
    linked = [row[field] for row in rows[entity] if field in row]
    assert linked
    assert all(one in known for one in linked)


def test_links_to_shipped_seeds_meet_a_row(rows: Mapping[str, Rows], catalog: Catalog) -> None:
    seeds = {seed.id: {row["code"] for row in seed.rows} for seed in catalog.seeds()}
    industries = {_by(row["industry"], "code") for row in (*rows["customer"], *rows["lead"])}
    categories = {_by(row["category"], "code") for row in rows["product"]}
    assert industries <= seeds["industries"]
    assert categories <= seeds["equipment_categories"]


@pytest.mark.parametrize("entity", GENERATORS)
def test_every_value_is_taken_by_its_field(
    rows: Mapping[str, Rows], catalog: Catalog, types: FieldTypes, entity: str
) -> None:
    fields = catalog.entity(entity).fields
    values = [
        (fields[name], value)
        for row in rows[entity]
        for name, value in row.items()
        if name != "created_at" and not _is_link(value)
    ]
    wrong = [
        (field.id, value, problem.code)
        for field, value in values
        for problem in _problems(types[field.type], field, value)
    ]
    assert wrong == []


def test_nothing_is_older_than_a_year_or_from_the_future(
    rows: Mapping[str, Rows], context: SeedContext
) -> None:
    found = [row["created_at"] for name in ("customer", "opportunity") for row in rows[name]]
    moments = [datetime.fromisoformat(str(one)) for one in found]
    assert context.now - timedelta(days=367) < min(moments)
    assert max(moments) < context.now


def test_no_opportunity_begins_before_its_customer(rows: Mapping[str, Rows]) -> None:
    began = {row["external_id"]: str(row["created_at"]) for row in rows["customer"]}
    assert all(
        str(row["created_at"]) >= began[_by(row["customer"], "external_id")]
        for row in rows["opportunity"]
    )


def test_only_ended_opportunities_have_a_closing_date(rows: Mapping[str, Rows]) -> None:
    ended = [row["stage"] in {"won", "lost"} for row in rows["opportunity"]]
    assert ended == ["closed_at" in row for row in rows["opportunity"]]


def test_a_reason_stands_with_every_loss_and_nowhere_else(rows: Mapping[str, Rows]) -> None:
    lost = [row["stage"] == "lost" for row in rows["opportunity"]]
    assert lost == ["lost_reason" in row for row in rows["opportunity"]]


def test_every_stage_status_and_source_occurs(rows: Mapping[str, Rows]) -> None:
    stages = Counter(row["stage"] for row in rows["opportunity"])
    assert len(stages) == 6
    assert min(stages.values()) >= 5
    assert len({row["status"] for row in rows["lead"]}) == 6
    assert len({row["source"] for row in rows["lead"]}) == 8


def test_a_lead_that_became_a_customer_is_the_one_of_its_opportunity(
    rows: Mapping[str, Rows],
) -> None:
    became = {
        row["external_id"]: row["converted_to"] for row in rows["lead"] if "converted_to" in row
    }
    linked = [row for row in rows["opportunity"] if "lead" in row]
    assert len(linked) == len(became)
    assert all(became[_by(row["lead"], "external_id")] == row["customer"] for row in linked)


def test_cost_is_below_the_price(rows: Mapping[str, Rows]) -> None:
    pairs = [(Decimal(str(row["cost"])), row["list_price"]) for row in rows["product"]]
    assert all(cost < Decimal(str(price)) for cost, price in pairs)


def _by(link: object, field: str) -> str:
    assert isinstance(link, dict)
    return str(link["by"][field])


def _is_link(value: object) -> bool:
    return isinstance(value, dict) and "by" in value


def _problems(kind: FieldType, field: object, value: object) -> list[object]:
    return list(kind.check(field, kind.from_json(field, value)))  # type: ignore[arg-type]
