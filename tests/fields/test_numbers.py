"""Integer, decimal, percent, money, rating: numbers as people and files write them."""

from decimal import Decimal

import pytest

from loopline.fields.base import Locale, Unreadable
from loopline.fields.definition import FieldDef
from loopline.fields.money import currency_of
from loopline.fields.registry import kernel_field_types
from loopline.language import Label

ENGLISH = Locale(language="en")
DOLLARS = Locale(language="en", currency="USD", region="US")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,200", 1200),
        ("１２", 12),
        ("12.0", 12),
        (12.0, 12),
        ("1.2万", 12_000),
        ("3亿", 300_000_000),
        ("(1,234)", -1234),
        ("1 234", 1234),
        ("−5", -5),
        ("1e3", 1000),
        ("150 件", 150),
    ],
)
def test_integer_reads(parse, typed, meant) -> None:
    assert parse("integer", typed, unit=Label({"zh": "件"})) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("12.5", "number.whole"),
        ("abc", "number.unreadable"),
        ("1,5", "number.unreadable"),
        ("1 234,50", "number.unreadable"),
        (True, "number.unreadable"),
        (float("nan"), "number.unreadable"),
        ("9" * 19, "number.too_large"),
        (1e30, "number.too_large"),
    ],
)
def test_integer_refuses(refusal, typed, code) -> None:
    assert refusal("integer", typed) == code


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1,234.5", "1234.50"),
        ("125.43999999999998", "125.44"),
        ("60.059999999999945", "60.06"),
        ("0.1亿", "10000000.00"),
        (1.005, "1.01"),
        (2.675, "2.68"),
        (-2.675, "-2.68"),
        ("-0", "0.00"),
        ("12.50000", "12.50"),
    ],
)
def test_decimal_reads_exactly(parse, typed, meant) -> None:
    assert str(parse("decimal", typed)) == meant


@pytest.mark.parametrize("typed", ["1.005", "129.696", "0.123456789012345678"])
def test_typed_decimals_are_never_rounded_away(refusal, typed) -> None:
    assert refusal("decimal", typed) == "number.decimals"


@pytest.mark.parametrize("typed", ["99999999999999999", 1e17, 1e300, "1e99"])
def test_decimal_holds_eighteen_digits(refusal, typed) -> None:
    assert refusal("decimal", typed) == "number.too_large"


def test_stored_decimal_is_a_scaled_integer() -> None:
    definition = FieldDef(id="f", entity="e", type="money", label=Label({}), scale=2)

    assert kernel_field_types()["money"].dump(definition, Decimal("-1234.50")) == (-123450,)


@pytest.mark.parametrize(
    ("typed", "ratio"),
    [("10%", "0.1000"), ("12.5 ％", "0.1250"), ("0.1", "0.1000"), ("10", "10.0000"),
     ("百分之10", "0.1000"), (0.1, "0.1000"), ("-3%", "-0.0300")],
)  # fmt: skip
def test_percent_is_a_ratio(parse, typed, ratio) -> None:
    assert str(parse("percent", typed)) == ratio


@pytest.mark.parametrize("typed", ["25", "25%", "25 ％", "百分之25", " 25.00 "])
def test_a_percentage_is_typed_with_its_sign_or_without(typed) -> None:
    definition = FieldDef(id="f", entity="e", type="percent", label=Label({}), scale=4)

    assert kernel_field_types()["percent"].typed(definition, typed, Locale()) == Decimal("0.25")


def test_decimals_of_a_percentage_are_told_as_it_was_written(parse) -> None:
    with pytest.raises(Unreadable) as caught:
        parse("percent", "12.345%")

    assert caught.value.params == {"text": "12.345%", "scale": 2}


@pytest.mark.parametrize(
    "typed",
    ["¥1,234.50", "1,234.50元", "CNY 1234.5", "￥1234.5", "人民币1,234.5元整", "1234.50 rmb",
     "0.12345万元", "１２３４．５", "¥ 1 234.50", 1234.5],
)  # fmt: skip
def test_money_reads(parse, typed) -> None:
    assert parse("money", typed) == Decimal("1234.50")


@pytest.mark.parametrize("typed", ["(1,234)", "（1,234）", "-¥1234", "¥-1,234", "(¥1,234)"])
def test_money_may_be_negative(parse, typed) -> None:
    assert parse("money", typed) == Decimal(-1234)


def test_money_follows_the_currency_of_the_locale(parse) -> None:
    assert parse("money", "$1,234.50", DOLLARS) == Decimal("1234.50")
    assert parse("money", "US$5", DOLLARS) == 5


@pytest.mark.parametrize("typed", ["$5", "USD 5", "5欧元", "HK$5", "£5"])
def test_money_of_another_currency_is_refused(refusal, typed) -> None:
    assert refusal("money", typed) == "money.currency"


@pytest.mark.parametrize("typed", ["¥", "五元", "5 苹果", "1 234,50", "5元5角"])
def test_money_refuses_what_is_no_amount(refusal, typed) -> None:
    assert refusal("money", typed) == "number.unreadable"


@pytest.mark.parametrize("raw", ["1234.50", 1234.5, {"amount": "1234.50", "currency": "CNY"}])
def test_money_of_json(from_json, raw) -> None:
    assert from_json("money", raw) == Decimal("1234.50")


@pytest.mark.parametrize("raw", ["1,234", "¥5", " 5", True, [], {"amount": "x"}])
def test_json_takes_plain_numbers_only(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"number\.unreadable"):
        from_json("money", raw)


def test_currency_of_json() -> None:
    assert currency_of({"amount": "1", "currency": "USD"}) == "USD"
    assert currency_of("1.00") is None
    with pytest.raises(ValueError, match=r"money\.currency_code"):
        currency_of({"amount": "1", "currency": "usd"})


@pytest.mark.parametrize(
    ("type_id", "value", "locale", "text"),
    [
        ("integer", 1234567, Locale(), "1,234,567"),
        ("decimal", Decimal("1234.50"), ENGLISH, "1,234.50"),
        ("percent", Decimal("0.1250"), Locale(), "12.5%"),
        ("percent", Decimal("0.1000"), Locale(), "10%"),
        ("money", Decimal("1234.50"), Locale(), "¥1,234.50"),
        ("money", Decimal("-1234.50"), Locale(), "-¥1,234.50"),
        ("money", Decimal("1234.50"), ENGLISH, "¥1,234.50"),
        ("money", Decimal("1234.50"), DOLLARS, "$1,234.50"),
        ("rating", 3, Locale(), "★★★☆☆"),
    ],
)
def test_numbers_are_shown(shown, type_id, value, locale, text) -> None:
    assert shown(type_id, value, locale) == text


@pytest.mark.parametrize("type_id", ["integer", "decimal", "percent", "money"])
def test_bounds_are_inclusive(problems, type_id) -> None:
    bounds = {"min": Decimal(0), "max": Decimal(10)}

    assert problems(type_id, 0, **bounds) == problems(type_id, 10, **bounds) == []
    assert problems(type_id, -1, **bounds) == ["number.below"]
    assert problems(type_id, 11, **bounds) == ["number.above"]


def test_bounds_of_percentages_are_told_as_they_are_typed() -> None:
    ratio = FieldDef(
        id="f", entity="thing", type="percent", label=Label({"en": "F"}), max=Decimal("0.5")
    )
    (told,) = kernel_field_types()["percent"].check(ratio, Decimal(15))
    assert told.params == {"max": "50%"}


@pytest.mark.parametrize("typed", ["4", "4星", "4/5", "4 stars", "★★★★☆", 4.0])
def test_rating_reads(parse, typed) -> None:
    assert parse("rating", typed) == 4


def test_rating_lies_between_one_and_the_maximum(problems) -> None:
    assert problems("rating", 5) == []
    assert problems("rating", 0) == problems("rating", 6) == ["rating.range"]
    assert problems("rating", 6, max=Decimal(10)) == []
