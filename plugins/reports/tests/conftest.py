"""Opportunities of two sellers over two months, and the API as somebody uses it."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from loopline.access.context import Actor
from loopline.access.tokens import create_token

Api = Callable[..., Any]
DEALS = (
    ("won", "100.10", "2026-01-03", 0),
    ("won", "250", "2026-01-04", 1),
    ("lost", "40", "2026-01-04", 0),
    ("won", "30", "2025-12-31", 0),
    ("lost", "70", "2025-12-20", 1),
)
CROSS = """
kind: report
id: x_cross
format: 1
label: {zh: 交叉, en: Cross}
dataset: {entity: opportunity}
params:
  stage: {type: choice, options: {won: {label: Won}, lost: {label: Lost}}}
  period: {type: date_range}
dimensions:
  owner: {field: owner}
  stage: {field: stage}
  month: {field: closed_at, grain: month}
measures:
  n: {aggregate: count}
  amount: {aggregate: sum, field: amount}
  customers: {aggregate: count_distinct, field: customer, label: Buyers}
where: 'stage == param.stage && in_range(closed_at, param.period)'
pivot: {rows: [owner, stage], columns: [month], subtotals: {rows: [owner]}}
sort: {owner: {by: amount}}
styles: {low: {measure: amount, below: 50, style: danger}}
chart: {type: bar, x: month, y: [amount], stack: stage}
"""


@pytest.fixture
def site_documents() -> str:
    return CROSS


@pytest.fixture
def people(as_user) -> tuple[Actor, Actor]:
    return as_user("Ann"), as_user("Bo")


@pytest.fixture
def deals(make_record, people) -> None:
    mill = make_record("customer", name="Mill")
    for number, (stage, amount, closed, owner) in enumerate(DEALS):
        given: dict[str, object] = {"lost_reason": "price"} if stage == "lost" else {}
        make_record(
            "opportunity",
            name=f"Deal {number}",
            stage=stage,
            amount=Decimal(amount),
            closed_at=date.fromisoformat(closed),
            owner=people[owner].id,
            customer=mill.id,
            **given,
        )


@pytest.fixture
def root(administrator) -> Actor:
    return administrator


@pytest.fixture
def api(platform, client, root) -> Api:
    """Answer what asks the API as somebody, an administrator unless told."""

    def send(
        path: str, who: Actor = root, body: object = None, language: str = "en", **query: str
    ) -> Any:
        with platform.write() as ctx:
            token = create_token(ctx.connection, who.id, frozenset({"read", "write"}), ctx.now)
        headers = {"authorization": f"Bearer {token}", "accept-language": language}
        method = "GET" if body is None else "POST"
        return client.request(method, f"/api/v1{path}", params=query, json=body, headers=headers)

    return send
