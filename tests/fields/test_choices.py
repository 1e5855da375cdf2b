"""Boolean, choice, multi-choice, region, address, link, JSON."""

import pytest

from loopline.fields.address import Address
from loopline.fields.base import Locale, Unreadable
from loopline.fields.definition import FieldDef, Option
from loopline.fields.link import DepartmentType, LinkType, UserType
from loopline.fields.registry import kernel_field_types
from loopline.language import Label

OPTIONS = {
    "web": Option(
        code="web", label=Label({"zh": "官网", "en": "Website"}), pos=2, synonyms=("网站",)
    ),
    "expo": Option(code="expo", label=Label({"zh": "展会", "en": "Expo"}), pos=1),
    "old": Option(code="old", label=Label({"zh": "官网", "en": "Fax"}), pos=3, retired=True),
}


@pytest.mark.parametrize(
    "typed", ["是", "有", "对", "√", "✓", "TRUE", "Yes", "y", "1", 1, 1.0, True]
)
def test_yes(parse, typed) -> None:
    assert parse("boolean", typed) is True


@pytest.mark.parametrize("typed", ["否", "无", "错", "×", "FALSE", "No", "n", "0", 0, 0.0, False])
def test_no(parse, typed) -> None:
    assert parse("boolean", typed) is False


def test_neither_yes_nor_no(refusal, from_json) -> None:
    assert refusal("boolean", "也许") == "boolean.unreadable"
    with pytest.raises(Unreadable, match=r"boolean\.unreadable"):
        from_json("boolean", "true")


@pytest.mark.parametrize("typed", ["web", "WEB", "ｗｅｂ", "官网", " website ", "网站"])
def test_choice_reads_code_label_and_synonym(parse, typed) -> None:
    assert parse("choice", typed, options=OPTIONS) == "web"


def test_unknown_choice_names_the_options(parse) -> None:
    with pytest.raises(Unreadable) as caught:
        parse("choice", "电话", options=OPTIONS)

    assert caught.value.code == "choice.unknown"
    assert caught.value.params["options"] == {"zh": "展会、官网", "en": "Expo, Website"}


def test_json_choice_is_the_code(from_json) -> None:
    assert from_json("choice", "web", options=OPTIONS) == "web"
    with pytest.raises(Unreadable, match=r"choice\.unknown"):
        from_json("choice", "官网", options=OPTIONS)


def test_retired_and_removed_options_are_problems(problems) -> None:
    assert problems("choice", "web", options=OPTIONS) == []
    assert problems("choice", "old", options=OPTIONS) == ["choice.retired"]
    assert problems("choice", "gone", options=OPTIONS) == ["choice.unknown"]
    assert problems("multi_choice", ("web", "old"), options=OPTIONS) == ["choice.retired"]


@pytest.mark.parametrize(
    "typed", ["官网，展会", "web;expo", "web、Expo", "官网|expo|web", "web\nexpo,"]
)
def test_multi_choice_reads_in_option_order(parse, typed) -> None:
    assert parse("multi_choice", typed, options=OPTIONS) == ("expo", "web")


def test_multi_choice_is_stored_between_commas() -> None:
    definition = FieldDef(id="f", entity="e", type="multi_choice", label=Label({}))

    assert kernel_field_types()["multi_choice"].dump(definition, ("a", "b")) == (",a,b,",)


def test_multi_choice_of_json(from_json) -> None:
    assert from_json("multi_choice", ["web", "expo", "web"], options=OPTIONS) == ("expo", "web")
    assert from_json("multi_choice", [], options=OPTIONS) is None
    with pytest.raises(Unreadable, match=r"multi_choice\.unreadable"):
        from_json("multi_choice", "web", options=OPTIONS)


def test_labels_are_shown_in_the_language(shown) -> None:
    assert shown("choice", "web", Locale(language="en"), options=OPTIONS) == "Website"
    assert shown("multi_choice", ("expo", "web"), options=OPTIONS) == "展会、官网"
    assert shown("choice", "gone", options=OPTIONS) == "gone"
    assert shown("boolean", False, Locale(language="en")) == "No"


@pytest.mark.parametrize(
    ("typed", "code"),
    [("110101", "110101"), (110101.0, "110101"), ("330100", "3301"), ("110000", "11")],
)
def test_region_codes_lose_idle_zeros(parse, typed, code) -> None:
    assert parse("region", typed) == code


@pytest.mark.parametrize("typed", ["1", "123", "浙江", "1101011", "010101"])
def test_region_refuses(refusal, typed) -> None:
    assert refusal("region", typed) == "region.invalid"


def test_region_may_demand_a_level(problems) -> None:
    assert problems("region", "110101", level="district") == []
    assert problems("region", "11", level="district") == ["region.level"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("[110101] 长安街1号", Address("110101", "长安街1号")),
        ("12 Main St", Address("", "12 Main St")),
        ("[3301]", Address("3301", "")),
    ],
)
def test_address_reads(parse, typed, address) -> None:
    assert parse("address", typed) == address


@pytest.mark.parametrize("raw", ["长安街", {"city": "x"}, {"street": 5}, {"region": "x"}])
def test_address_of_json_is_an_object(from_json, raw) -> None:
    with pytest.raises(Unreadable):
        from_json("address", raw)


def test_empty_address_is_blank(from_json) -> None:
    assert from_json("address", {"region": "", "street": " "}) is None


@pytest.mark.parametrize("type_id", ["link", "user", "department"])
def test_links_are_looked_up_elsewhere(refusal, from_json, type_id) -> None:
    assert refusal(type_id, "Acme") == "link.needs_lookup"
    assert from_json(type_id, 7) == 7


@pytest.mark.parametrize("raw", ["7", 0, -1, True, 1.0, 2**63])
def test_link_of_json_is_an_id(from_json, raw) -> None:
    with pytest.raises(Unreadable, match=r"link\.invalid"):
        from_json("link", raw)


def test_links_know_their_target() -> None:
    definition = FieldDef(id="f", entity="e", type="link", label=Label({}), to="customer")

    assert LinkType().target(definition) == "customer"
    assert UserType().target(definition) == "user"
    assert DepartmentType().target(definition) == "department"


def test_json_reads(parse) -> None:
    assert parse("json", '{"a": [1, null]}') == {"a": [1, None]}


@pytest.mark.parametrize("typed", ["hello", "[NaN]", "{'a': 1}", float("nan")])
def test_json_refuses(refusal, typed) -> None:
    assert refusal("json", typed) == "json.invalid"


def test_json_refuses_what_no_database_stores(refusal, parse) -> None:
    assert refusal("json", '["\\u0000"]') == "text.control"
    assert parse("json", '["\\\\u0000"]') == ["\\u0000"]
