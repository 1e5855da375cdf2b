"""The year of the demo: told twice it is the same, its books are right, nothing lies ahead."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from starlette.testclient import TestClient

from kit.demo_site import live, sign_in
from loopline.bootstrap import Platform
from loopline.cli.demo import PASSWORD
from loopline.clock import FixedClock
from loopline.hooks.manifest import find_pack
from loopline.services.plugin_context import plugin_context
from loopline.services.plugin_states import disable
from loopline.services.sources import read_demo
from loopline.store.rows import Record
from loopline.store.stage_history import stages_of
from loopline.testing.templates import SiteRecipe, SiteTemplates
from loopline.web.app import create_app

END = datetime(2026, 11, 22, 16, tzinfo=UTC)
SCALE = 0.12
PACKS = ("equipment", str(find_pack("equipment").parent / "mingchuan"))
pytestmark = pytest.mark.timeout(240)
Told = Mapping[str, list[Record]]


def told(platform: Platform) -> Told:
    """Answer all records of the site, by entity."""
    with platform.read() as ctx:
        doors = plugin_context(ctx, "base")
        entities = [one.id for one in ctx.catalog.entities()]
        return {one: list(doors.every(one)) for one in entities if one != "region"}


def lived(folder: Path, templates: SiteTemplates, disabled: str = "") -> Platform:
    """Make a site and let it live up to the end of the chronicle, perhaps without a plugin."""
    recipe = SiteRecipe(frozenset(), PACKS, "")
    url = f"sqlite:///{folder / 'loopline.db'}"
    templates.copy_to(url, recipe)
    recipe.write_settings(folder / "site", url)
    clock = FixedClock(END)
    platform = templates.open(folder / "site", clock)
    if disabled:
        with platform.write() as ctx:
            disable(ctx, platform.shelf, disabled)
    live(platform, clock, SCALE / 3 if disabled else SCALE)
    return platform


@pytest.fixture(scope="module")
def company(
    tmp_path_factory: pytest.TempPathFactory, site_templates: SiteTemplates
) -> Iterator[Platform]:
    platform = lived(tmp_path_factory.mktemp("company"), site_templates)
    yield platform
    platform.close()


@pytest.fixture(scope="module")
def records(company: Platform) -> Told:
    return told(company)


def _sums(rows: list[Record], link: str, amount: str) -> dict[object, Decimal]:
    found: dict[object, Decimal] = defaultdict(Decimal)
    for one in rows:
        found[one.value(link)] += Decimal(str(one.value(amount) or 0))
    return found


def test_what_customers_owe_is_the_sum_of_their_entries(records: Told) -> None:
    owed = _sums(records["ledger_entry"], "customer", "amount")
    shown = {one.id: one.value("contracts__balance") or 0 for one in records["customer"]}
    assert owed
    assert shown == {customer: owed[customer] for customer in shown}


def test_the_ledger_says_what_orders_receipts_and_credits_come_to(records: Told) -> None:
    expected: dict[object, Decimal] = defaultdict(Decimal)
    for one in records["order"]:
        if one.value("status") not in {"placed", "cancelled"}:
            expected[one.value("customer")] += one.value("total")
    for entity, sign in (("receipt", -1), ("credit_note", -1), ("refund", 1)):
        for customer, amount in _sums(records[entity], "customer", "amount").items():
            expected[customer] += sign * amount
    owed = _sums(records["ledger_entry"], "customer", "amount")
    assert dict(expected) == dict(owed)


def test_nothing_lies_ahead(company: Platform, records: Told) -> None:
    late = [
        (entity, one.id)
        for entity, rows in records.items()
        for one in rows
        if max(one.created_at, one.updated_at) > END
    ]
    with company.read() as ctx:
        for one in records["opportunity"]:
            moves = [row.at for row in stages_of(ctx.connection, "opportunity", one.id)]
            late += [("opportunity", one.id)] if max(moves) > END or moves != sorted(moves) else []
    assert late == []


@pytest.mark.parametrize(
    ("entity", "field"),
    [("lead", "status"), ("opportunity", "stage"), ("contract", "status"), ("ticket", "status")],
)
def test_there_is_something_in_most_places(
    company: Platform, records: Told, entity: str, field: str
) -> None:
    with company.read() as ctx:
        options = ctx.catalog.entity(entity).fields[field].options
    held = {one.value(field) for one in records[entity]}
    assert len(held) >= 3
    assert held <= set(options)


def test_opportunities_went_through_their_stages(company: Platform, records: Told) -> None:
    won = [one.id for one in records["opportunity"] if one.value("stage") == "won"]
    with company.read() as ctx:
        ways = {
            tuple(row.after for row in stages_of(ctx.connection, "opportunity", n)) for n in won
        }
    assert ways == {("talk", "confirmed", "solution", "negotiation", "won")}


def test_told_again_it_is_the_same(
    tmp_path: Path, site_templates: SiteTemplates, records: Told
) -> None:
    platform = lived(tmp_path, site_templates)
    again = told(platform)
    platform.close()
    assert {name: rows for name, rows in again.items() if rows != records[name]} == {}


def test_without_a_plugin_the_rest_is_told(tmp_path: Path, site_templates: SiteTemplates) -> None:
    platform = lived(tmp_path, site_templates, disabled="loyalty")
    found = told(platform)
    platform.close()
    assert found["member"] == []
    assert found["order"]


def test_points_are_the_sum_of_their_entries(records: Told) -> None:
    points = _sums(records["points_entry"], "member", "points")
    assert points
    assert {one.id: one.value("points_balance") or 0 for one in records["member"]} == {
        one.id: points[one.id] for one in records["member"]
    }
    assert min(points.values()) >= 0


def test_each_login_finds_what_it_may_try(company: Platform) -> None:
    said = read_demo("equipment", company.schemas)
    head = YAML(typ="safe").load((find_pack("equipment") / "pack.yaml").read_text("utf-8"))
    wrong = []
    with TestClient(create_app(company), base_url="http://localhost") as client:
        for login in said.logins:
            tried = head["demo"]["logins"][login.role]["try"].values()
            sign_in(client, login.email, PASSWORD)
            home = unescape(client.get("/").text)
            wrong += [one["href"] for one in tried if one["text"]["zh"] not in home]
            wrong += [one["href"] for one in tried if client.get(one["href"]).status_code != 200]
            client.cookies.clear()
    assert wrong == []
