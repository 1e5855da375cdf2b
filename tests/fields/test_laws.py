"""Laws of every field type: what is written can be read back as the same value."""

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loopline.fields.address import Address
from loopline.fields.base import Locale, Unreadable
from loopline.fields.cleaning import clean_line, clean_lines, narrow
from loopline.fields.credit_code import check_character
from loopline.fields.definition import FieldDef, Option
from loopline.fields.links import record_ids
from loopline.fields.registry import kernel_field_types
from loopline.fields.time import clock_text
from loopline.language import Label

TYPES = kernel_field_types()
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
OPTIONS = {
    option.code: option
    for option in (
        Option(code="web", label=Label({"zh": "官网", "en": "Website"}), pos=2),
        Option(code="expo", label=Label({"zh": "展会、论坛", "en": "Exhibition, forum"}), pos=1),
        Option(code="other", label=Label({"zh": "web", "en": "Website"}), pos=3),
        Option(code="old", label=Label({"zh": "旧", "en": " "}), pos=4, retired=True),
    )
}
LOCALES = st.builds(
    Locale,
    language=st.sampled_from(["zh", "en"]),
    zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"]),
    region=st.sampled_from(["CN", "US", "DE"]),
    currency=st.sampled_from(["CNY", "USD", "JPY"]),
)


def scaled(scale: int) -> st.SearchStrategy[Decimal]:
    return st.integers(1 - 10**18, 10**18 - 1).map(lambda n: Decimal(n).scaleb(-scale))


def credit_code(body: str) -> str:
    return body + check_character(body)


def cleaned_html(text: str) -> object:
    return TYPES["rich_text"].from_json(definition("rich_text"), text)


MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<b>", "<br>", "<ul>", "<li>", "<td>", "<a href='http://x.cn'>",
                     "<script>", "</script>", "<style>", "<!--", "&amp;", "<hr>", "<h2>", "\n"])
    | ANY_TEXT
).map("".join)  # fmt: skip
CREDIT_CHARACTERS = "[0-9A-HJ-NPQRTUWXY]"
JSON = st.recursive(
    st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
    | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
MOMENTS = st.datetimes(datetime(1000, 1, 3), datetime(9999, 12, 30), timezones=st.just(UTC))
WHOLE_SECONDS = MOMENTS.map(lambda moment: moment.replace(microsecond=0))
VALUES: dict[str, st.SearchStrategy[object]] = {
    "text": ANY_TEXT.map(clean_line).filter(bool),
    "long_text": ANY_TEXT.map(clean_lines).filter(bool),
    "code": ANY_TEXT.map(narrow).filter(bool),
    "integer": st.integers(1 - 10**18, 10**18 - 1),
    "decimal": scaled(2),
    "percent": scaled(4),
    "money": scaled(2),
    "boolean": st.booleans(),
    "date": st.dates(date(1000, 1, 1)),
    "datetime": MOMENTS | WHOLE_SECONDS,
    "choice": st.sampled_from(sorted(OPTIONS)),
    "multi_choice": st.sets(st.sampled_from(sorted(OPTIONS)), min_size=1).map(
        lambda codes: tuple(sorted(codes, key=lambda code: OPTIONS[code].pos))
    ),
    "email": st.from_regex(r"[a-zA-Z0-9_+]{1,9}(\.[a-z]{1,9})?@([a-z0-9]{1,9}\.){1,2}[a-z]{2,6}",
                           fullmatch=True),
    "phone": st.from_regex(r"\+861[3-9][0-9]{9}|\+8621[6][0-9]{7};ext=[1-9][0-9]{0,3}"
                           r"|\+1415[2-9][0-9]{6}", fullmatch=True),
    "url": st.from_regex(r"https?://([a-z0-9]{1,9}\.){1,2}[a-z]{2,5}(:[1-9][0-9]{0,3})?"
                         r"(/[A-Za-z0-9%+.,=_~-]{0,9}){0,3}(\?[a-z0-9=&]{1,9})?", fullmatch=True),
    "credit_code": st.from_regex(
        f"{CREDIT_CHARACTERS}{{2}}[0-9]{{6}}{CREDIT_CHARACTERS}{{9}}", fullmatch=True
    ).map(credit_code),
    "rating": st.integers(1, 5),
    "json": JSON.filter(lambda value: value != ""),
    "tags": st.sets(st.sampled_from(sorted(OPTIONS)), min_size=1).map(
        lambda codes: tuple(sorted(codes, key=lambda code: OPTIONS[code].pos))
    ),
    "links": st.sets(st.integers(1, 2**63 - 1), min_size=1, max_size=9).map(record_ids),
    "files": st.sets(st.integers(1, 2**63 - 1), min_size=1, max_size=9).map(record_ids),
    "file": st.integers(1, 2**63 - 1),
    "image": st.integers(1, 2**63 - 1),
    "region": st.sampled_from(["11", "3301", "110101", "330106"]),
    "time": st.times().map(lambda at: clock_text(at.replace(microsecond=0))),
    "duration": st.integers(0, 10**9 - 1),
    "color": st.from_regex(r"#[0-9a-f]{6}", fullmatch=True),
    "rich_text": (ANY_TEXT | MARKUP).map(cleaned_html).filter(bool),
    "any_link": st.from_regex(r"[a-z][a-z0-9_]{0,9}:[1-9][0-9]{0,9}", fullmatch=True),
    "address": st.builds(
        Address,
        st.sampled_from(["", "11", "3301", "110101"]),
        ANY_TEXT.map(clean_line) | st.sampled_from(["[11] 长安街", "12 Main St", "[] x", "[x]"]),
    ).filter(lambda address: address.region or address.street),
}  # fmt: skip
LINKS = {type_id: st.integers(1, 2**63 - 1) for type_id in ("link", "user", "department")}


def definition(type_id: str) -> FieldDef:
    return FieldDef(
        id="f",
        entity="thing",
        type=type_id,
        label=Label({}),
        scale=TYPES[type_id].default_scale,
        options=OPTIONS,
    )


def test_every_type_has_laws() -> None:
    assert {*VALUES, *LINKS} == {one.id for one in TYPES.values() if not one.held_elsewhere}


@pytest.mark.parametrize("type_id", VALUES)
@given(data=st.data(), locale=LOCALES)
def test_what_is_exported_reads_back(type_id: str, data: st.DataObject, locale: Locale) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    value = data.draw(VALUES[type_id])

    exported = field_type.export(field, value, locale)

    assert field_type.parse(field, exported, locale) == value


@pytest.mark.parametrize("type_id", VALUES)
@given(data=st.data(), locale=LOCALES)
def test_export_as_text_reads_back(type_id: str, data: st.DataObject, locale: Locale) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    value = data.draw(VALUES[type_id])

    written = str(field_type.export(field, value, locale))

    assert field_type.parse(field, written, locale) == value


@pytest.mark.parametrize("type_id", sorted(set(VALUES) - {"address", "datetime"}))
@given(data=st.data(), locale=LOCALES)
def test_a_form_sends_back_what_it_was_given(
    type_id: str, data: st.DataObject, locale: Locale
) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    value = data.draw(VALUES[type_id])

    sent = field_type.input_text(field, value, locale)

    assert field_type.parse(field, sent, locale) == value
    assert field_type.typed(field, sent, locale) == value


@pytest.mark.parametrize("type_id", [*VALUES, *LINKS])
@given(data=st.data())
def test_json_reads_back(type_id: str, data: st.DataObject) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    value = data.draw({**VALUES, **LINKS}[type_id])

    assert field_type.from_json(field, field_type.to_json(field, value)) == value


@pytest.mark.parametrize("type_id", [*VALUES, *LINKS])
@given(data=st.data())
def test_what_is_stored_loads_back(type_id: str, data: st.DataObject) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    value = data.draw({**VALUES, **LINKS}[type_id])

    stored = field_type.dump(field, value)

    assert field_type.load(field, stored) == value
    assert len(stored) == sum(not column.derived for column in field_type.columns(field))


@pytest.mark.parametrize("type_id", [*VALUES, *LINKS])
@pytest.mark.parametrize("blank", ["", "  ", "　", None])
def test_blank_reads_as_none(type_id: str, blank: object) -> None:
    assert TYPES[type_id].parse(definition(type_id), blank, Locale()) is None


@pytest.mark.parametrize("type_id", [*VALUES, *LINKS])
def test_blank_is_stored_as_null(type_id: str) -> None:
    stored = TYPES[type_id].dump(definition(type_id), None)

    assert set(stored) == {None}
    assert TYPES[type_id].load(definition(type_id), stored) is None


@pytest.mark.parametrize("type_id", [*VALUES, *LINKS])
@given(
    raw=JSON | st.integers() | st.floats() | st.datetimes() | st.dates() | st.decimals(),
    locale=LOCALES,
)
def test_nothing_but_unreadable_is_raised(type_id: str, raw: object, locale: Locale) -> None:
    field_type, field = TYPES[type_id], definition(type_id)
    with suppress(Unreadable):
        field_type.parse(field, raw, locale)
    with suppress(Unreadable):
        field_type.from_json(field, raw)
