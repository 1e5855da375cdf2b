"""Text, long text and code: what is kept and what is mended."""

from datetime import date, datetime

import pytest

from loopline.fields.base import Locale
from loopline.fields.definition import FieldDef
from loopline.fields.pinyin import pinyin_key
from loopline.fields.registry import kernel_field_types
from loopline.language import Label


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Acme  ", "Acme"),
        ("\u3000 \u30001-000000\u3000 ", "1-000000"),
        ("a\r\n  b\tc", "a b c"),
        ("x\x01y\x7f", "xy"),
        ("e\u0301", "é"),
        ("Ａ１", "Ａ１"),
        (60610.0, "60610"),
        (54398267125.00001, "54398267125"),
        (0.1, "0.1"),
        (True, "true"),
        (date(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31), "2026-01-31"),
        (datetime(2026, 1, 31, 14, 30), "2026-01-31 14:30:00"),
    ],
)
def test_text_is_one_trimmed_line(parse, typed, kept) -> None:
    assert parse("text", typed) == kept


@pytest.mark.parametrize("typed", ["a\0b", "a\ud800b"])
@pytest.mark.parametrize("type_id", ["text", "long_text", "code"])
def test_what_no_database_stores_is_refused(refusal, type_id, typed) -> None:
    assert refusal(type_id, typed) == "text.control"


def test_long_text_keeps_its_lines(parse) -> None:
    assert parse("long_text", "\n一\r\n\r\n  二\x0b三 \n") == "一\n\n  二\n三"


def test_code_takes_full_width_signs_as_ascii(parse) -> None:
    assert parse("code", " ＨＴ－２０２６ ") == "HT-2026"


@pytest.mark.parametrize(
    ("type_id", "limit"), [("text", 255), ("long_text", 100_000), ("code", 64)]
)
def test_length_is_counted_in_characters(problems, type_id, limit) -> None:
    assert problems(type_id, "长" * limit) == []
    assert problems(type_id, "长" * (limit + 1)) == ["text.too_long"]


def test_length_of_the_definition_goes_before(problems) -> None:
    assert problems("text", "abcd", max_length=3) == ["text.too_long"]


@pytest.mark.parametrize("raw", [5, True, ["a"], {"a": 1}])
def test_json_must_be_a_text(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"text\.unreadable"):
        from_json("text", raw)


def test_names_sort_by_pinyin() -> None:
    names = ["先锋", "Acme", "张三", "北京", "章四", "西安", "张五", "ZTE"]

    assert sorted(names, key=pinyin_key) == [
        "Acme", "北京", "西安", "先锋", "张三", "张五", "章四", "ZTE",
    ]  # fmt: skip


def test_key_is_folded() -> None:
    text = kernel_field_types()["text"]
    definition = FieldDef(id="f", entity="e", type="text", label=Label({}))

    assert text.key(definition, "ＡＣＭＥ  Co.") == "acme co."
    assert text.format(definition, "Acme", Locale()) == "Acme"
