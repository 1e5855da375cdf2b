"""Small decisions of the pages that need no site."""

from decimal import Decimal
from types import SimpleNamespace

import pytest

from loopline.fields.base import Locale
from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.web.pages.amounts import short_amount
from loopline.web.pages.cards import card_places
from loopline.web.pages.phrases import in_phrase

TYPES = {
    "name": "text",
    "company": "text",
    "status": "choice",
    "level": "choice",
    "budget": "money",
    "phone": "phone",
    "owner": "user",
    "made": "datetime",
}


def reader(language: str) -> SimpleNamespace:
    locale = Locale(language=language, currency="CNY")
    return SimpleNamespace(actor=SimpleNamespace(language=language), locale=locale)


def columns(*names: str) -> list[FieldDef]:
    return [FieldDef(id=n, entity="x", type=TYPES[n], label=Label({})) for n in names]


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        ("9999", "¥9,999", "¥9,999"),
        ("12.50", "¥12.50", "¥12.50"),
        ("368400", "¥36.8\u00a0万", "¥368.4k"),
        ("-10000", "-¥1.0\u00a0万", "-¥10.0k"),
        ("1234567", "¥123.5\u00a0万", "¥1.2M"),
        ("250000000", "¥2.5\u00a0亿", "¥250.0M"),
    ],
)
def test_an_amount_in_short(amount: str, zh: str, en: str) -> None:
    assert short_amount(reader("zh"), Decimal(amount)) == zh
    assert short_amount(reader("en"), Decimal(amount)) == en


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Lead", "lead"),
        ("SLA policy", "SLA policy"),
        ("iPad", "iPad"),
        ("X", "X"),
        ("线索", "线索"),
    ],
)
def test_a_label_within_a_sentence(label: str, shown: str) -> None:
    assert in_phrase(Label({"en": label}), "en") == shown


def test_a_card_shows_state_and_money_on_the_right() -> None:
    shown = columns("name", "company", "status", "level", "phone", "budget", "owner", "made")
    places = card_places(shown)
    assert places == {"name": 0, "status": 1, "company": 2, "budget": 3, "phone": 4, "owner": 5}


def test_what_is_left_over_fills_a_card() -> None:
    assert card_places(columns("name", "level", "made")) == {"name": 0, "level": 1, "made": 2}
