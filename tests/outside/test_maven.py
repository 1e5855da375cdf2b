"""A published CRM data set: accounts, products, teams and 8,800 opportunities linked by name."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from loopline.access.tokens import create_token
from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, count, page
from loopline.store.rows import Record

HERE = Path(__file__).parent
FILES = (
    ("user", "maven_teams.yaml", "sales_teams"),
    ("customer", "maven_accounts.yaml", "accounts"),
    ("product", "maven_products.yaml", "products"),
    ("opportunity", "maven_pipeline.yaml", "sales_pipeline"),
)


@pytest.fixture
def packs() -> tuple[str, ...]:
    return (str(HERE / "packs" / "maven"),)


@pytest.mark.timeout(120)
def test_the_known_figures_come_out(platform: Platform, import_file, shared_data: Path) -> None:
    archive = shared_data / "maven_crm" / "CRM_Sales_Opportunities.zip"
    reports = [
        import_file(entity, archive, mapping, sheet=sheet) for entity, mapping, sheet in FILES
    ]
    assert [(one.created, one.failed, one.unmatched) for one in reports] == [
        (35, 0, ()),
        (85, 0, ()),
        (7, 0, ()),
        (8800, 0, ()),
    ]
    deals = list(every(platform, "opportunity"))
    stages = Counter(one.values["stage"] for one in deals)
    assert stages == {"won": 4238, "lost": 2473, "confirmed": 1589, "talk": 500}
    won = [one for one in deals if one.values["stage"] == "won"]
    assert sum(Decimal(str(one.values["amount"])) for one in won) == 10_005_534
    assert sum(one.values["customer"] is None for one in deals) == 1425
    assert {one.values["product"] is None for one in deals} == {False}
    assert best_owner(platform, won) == ("Darcel Schlecht", 1_153_214)
    # Six managers came with the teams, and each team's office became a department.
    assert (how_many(platform, "user"), how_many(platform, "department")) == (41, 3)


@pytest.mark.timeout(120)
def test_the_won_value_comes_out_of_the_api(
    platform: Platform, client: TestClient, as_user, import_file, shared_data: Path
) -> None:
    archive = shared_data / "maven_crm" / "CRM_Sales_Opportunities.zip"
    for entity, mapping, sheet in FILES:
        import_file(entity, archive, mapping, sheet=sheet)
    user = as_user(administrator=True)
    with platform.write(via="cli") as ctx:
        secret = create_token(ctx.connection, user.id, frozenset({"read"}), ctx.now, "")
    asked = {"filter": 'stage == "won"', "fields": "amount", "limit": "1000", "cursor": ""}
    amounts: list[Decimal] = []
    while asked["cursor"] is not None:
        query = {name: value for name, value in asked.items() if value}
        answer = client.get(
            "/api/v1/records/opportunity",
            params=query,
            headers={"authorization": f"Bearer {secret}"},
        ).json()
        amounts += [Decimal(one["amount"]["amount"]) for one in answer["items"]]
        asked["cursor"] = answer["next"]
    assert (len(amounts), sum(amounts)) == (4238, 10_005_534)


def every(platform: Platform, entity: str) -> Iterator[Record]:
    cursor = None
    while True:
        with platform.read() as ctx:
            found = page(ctx, ListQuery(entity=entity, sort=("id",), limit=1000, cursor=cursor))
        yield from found.records
        cursor = found.next
        if cursor is None:
            return


def best_owner(platform: Platform, won: list[Record]) -> tuple[str, Decimal]:
    value: Counter[int] = Counter()
    for one in won:
        value[one.values["owner"]] += one.values["amount"]
    owner, total = value.most_common(1)[0]
    names = {one.id: one.values["name"] for one in every(platform, "user")}
    return names[owner], total


def how_many(platform: Platform, entity: str) -> int:
    with platform.read() as ctx:
        return count(ctx, ListQuery(entity=entity, count="exact")).value
