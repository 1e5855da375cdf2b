"""Tags and links: values of several members, and lines, which are no value."""

import pytest

from loopline.fields.definition import Option
from loopline.fields.links import RecordIds
from loopline.language import Label

TAGS = {
    one.code: one
    for one in (
        Option(code="vip", label=Label({"zh": "贵宾"}), pos=0, group="worth", exclusive=True),
        Option(code="plain", label=Label({"zh": "普通"}), pos=1, group="worth", exclusive=True),
        Option(code="gym", label=Label({"zh": "健身房"}), pos=2, group="place"),
        Option(code="studio", label=Label({"zh": "工作室"}), pos=3, parent="gym", group="place"),
    )
}


def test_tags_are_read_in_the_order_of_their_groups(parse, from_json) -> None:
    assert parse("tags", "工作室、贵宾", options=TAGS) == ("vip", "studio")
    assert from_json("tags", ["gym", "vip"], options=TAGS) == ("vip", "gym")


def test_two_tags_of_an_exclusive_group_are_refused(problems) -> None:
    assert problems("tags", ("vip", "plain", "gym"), options=TAGS) == ["tags.exclusive"]
    assert problems("tags", ("vip", "gym", "studio"), options=TAGS) == []


@pytest.mark.parametrize("text", ["#3, #1，1", "3 1", "Room #9, big #1\nplain #3"])
def test_several_links_are_read_by_number(parse, text) -> None:
    assert parse("links", text, many="thing") == (1, 3)


@pytest.mark.parametrize("text", ["Ada", "#1, Ada", "0"])
def test_names_are_not_links_yet(refusal, text) -> None:
    assert refusal("links", text, many="thing") == "link.needs_lookup"


@pytest.mark.parametrize("raw", [[True], ["1"], [0], [2**63], "1"])
def test_what_are_no_links(from_json, raw) -> None:
    with pytest.raises(ValueError, match=r"links?\.\w+"):
        from_json("links", raw, many="thing")


def test_ids_are_found_as_expressions_write_them() -> None:
    ids = RecordIds((1, 12))

    assert "12" in ids
    assert 12 in ids
    assert "2" not in ids
    assert "x" not in ids


def test_too_many_links_are_refused(problems) -> None:
    assert problems("links", RecordIds(range(1, 1002)), many="thing") == ["links.too_many"]


def test_lines_are_no_value(refusal) -> None:
    assert refusal("lines", "a", many="thing") == "lines.unreadable"
