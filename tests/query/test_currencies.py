"""Amounts in several currencies are converted by known rates, or they are no number."""

from datetime import date
from decimal import Decimal

import pytest

from kit.deal_grids import Asked, asking, make, table
from loopline.errors import NotValid
from loopline.query.rates import Rate

CURRENCIES = "{usd: {label: USD}, eur: {label: EUR}, cny: {label: CNY}, xau: {label: XAU}}"
DOCUMENTS = f"""
kind: entity
id: x_deal
format: 1
label: {{zh: 交易, en: Deal}}
title_field: name
fields:
  name:     {{type: text, label: {{zh: 名称, en: Name}}}}
  amount:   {{type: money, label: {{zh: 金额, en: Amount}}}}
  closes:   {{type: date, label: {{zh: 截止, en: Closes}}}}
  currency: {{type: choice, label: {{zh: 币种, en: Currency}}, options: {CURRENCIES}}}
---
kind: entity
id: x_line
format: 1
label: {{zh: 明细, en: Line}}
title_field: name
fields:
  name: {{type: text, label: {{zh: 名称, en: Name}}}}
  deal: {{type: link, to: x_deal, label: {{zh: 交易, en: Deal}}}}
---
kind: entity
id: x_rate
format: 1
label: {{zh: 汇率, en: Rate}}
title_field: currency
traits: {{rates: true}}
fields:
  currency: {{type: text, label: {{zh: 币种, en: Currency}}}}
  date:     {{type: date, label: {{zh: 日期, en: Date}}}}
  rate:     {{type: decimal, scale: 6, label: {{zh: 汇率, en: Rate}}}}
"""
RATES = (
    ("USD", date(2025, 1, 1), "7.3"),
    ("USD", date(2026, 1, 1), "7"),
    ("USD", date(2026, 2, 1), "6"),  # not yet
    ("EUR", date(2025, 1, 1), "8"),
)
DEALS = (
    ("a", "100", None, None),
    ("a", "10.01", "usd", date(2025, 6, 30)),
    ("b", "10.01", "usd", None),
    ("b", "0.01", "eur", date(2026, 1, 2)),
)


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def ask(platform) -> Asked:
    rates = [
        dict(zip(("currency", "date", "rate"), (c, d, Decimal(r)), strict=True))
        for c, d, r in RATES
    ]
    make(platform, "x_rate", rates)
    names = ("name", "amount", "currency", "closes")
    make(
        platform,
        "x_deal",
        [dict(zip(names, (n, Decimal(a), c, d), strict=True)) for n, a, c, d in DEALS],
    )
    return asking(platform)


def summed(how: str = "sum", **rule: object) -> dict[str, object]:
    return {"a": {"aggregate": how, "field": "amount", **({"currency": rule} if rule else {})}}


BY_NAME = {"name": {"field": "name"}}


def test_different_currencies_without_a_rule_are_no_number(ask: Asked) -> None:
    for how in ("sum", "avg", "min", "max", "median"):
        with pytest.raises(NotValid) as refused:
            ask(measures=summed(how), dimensions=BY_NAME)
        assert {(one.path, one.code) for one in refused.value.problems} == {
            ("measures.a", "query.currency")
        }


def test_each_currency_by_itself_and_no_total(ask: Asked) -> None:
    grid = ask(measures=summed(), dimensions={"c": {"field": "currency"}})
    assert [row.values[0] for row in grid.rows] == [Decimal("20.02"), Decimal("0.01"), Decimal(100)]
    assert [dict(row.currencies) for row in grid.rows] == [{"a": "USD"}, {"a": "EUR"}, {}]
    assert grid.totals[0].values == (None,)


def test_rates_of_the_day_of_each_record(ask: Asked) -> None:
    rule = {"to": "site", "rate": {"at": "closes", "else": "today"}}
    grid = ask(measures=summed(**rule), dimensions=BY_NAME)
    assert table(grid.rows) == [("a", Decimal("173.07")), ("b", Decimal("70.15"))]
    assert grid.totals[0].values == (Decimal("243.22"),)
    assert grid.notes.rates == (
        Rate(currency="EUR", date=date(2025, 1, 1), rate=Decimal(8)),
        Rate(currency="USD", date=date(2025, 1, 1), rate=Decimal("7.3")),
        Rate(currency="USD", date=date(2026, 1, 1), rate=Decimal(7)),
    )


def test_into_another_currency_by_a_parameter(ask: Asked) -> None:
    grid = ask(measures=summed("avg", to="param.c"), params={"c": "USD"}, where='name == "a"')
    assert grid.rows[0].values == (Decimal("12.15"),)  # (100 / 7 + 10.01) / 2
    assert grid.rows[0].currencies == {"a": "USD"}


def test_amounts_without_a_rate_are_left_out_and_counted(ask: Asked, platform) -> None:
    make(platform, "x_deal", [{"name": "c", "amount": Decimal(5), "currency": "xau"}])
    grid = ask(measures=summed(to="site"), dimensions=BY_NAME, where='name != "a"')
    assert table(grid.rows) == [("b", Decimal("70.15")), ("c", None)]
    assert grid.totals[0].values == (Decimal("70.15"),)
    assert grid.notes.unconverted == {"a": 1}


def test_what_cannot_be_converted(ask: Asked) -> None:
    wrong = {
        "query.not_converted": summed("median", to="site"),
        "query.currency_code": summed(to="dollars"),
        "query.no_amount": {
            "n": {"aggregate": "max", "field": "closes", "currency": {"to": "USD"}}
        },
        "query.not_a_date": summed(to="USD", rate={"at": "name"}),
    }
    for code, measures in wrong.items():
        with pytest.raises(NotValid) as refused:
            ask(measures=measures)
        assert [one.code for one in refused.value.problems] == [code]
