"""How values and related records are shown: units, addresses, and what comes first."""

import re

import pytest

from loopline.bootstrap import Platform
from loopline.services.records import get
from loopline.testing import publish_documents
from web.visitor import Visitor

FIELDS = """
kind: entity
id: x_thing
extend: true
fields:
  x_weight: {type: decimal, scale: 1, label: {zh: 重量, en: Weight}, unit: {zh: 公斤, en: kg}}
  x_water:  {type: integer, label: {zh: 含水, en: Water}, unit: "%"}
  x_site:   {type: url, label: {zh: 网站, en: Site}}
---
kind: entity
id: x_part
extend: true
fields:
  x_spare: {type: link, to: x_thing, label: {zh: 备用于, en: Spare for}}
"""

WET = """
kind: form
id: x_wet
format: 1
entity: x_thing
use: [edit]
sections:
  all:
    fields: {name: {}, x_water: {}, x_site: {show_if: "x_water > 0"}}
"""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer one kind of database: nothing here depends on it."""
    return sqlite_url


@pytest.fixture
def someone(platform: Platform, ada: Visitor) -> Visitor:
    """Answer somebody on a site with a few more fields."""
    publish_documents(platform, FIELDS)
    return ada


def _panels(page: str) -> list[str]:
    return re.findall(r'<h2><a class="plain" href="[^"]+">([^<]+)</a></h2>', page)


def test_a_unit_follows_its_number_and_a_word_stands_apart(someone: Visitor) -> None:
    someone.send("/records/x_thing/new", name="Pump", x_weight="12.5", x_water="3")
    for path in (
        "/records/x_thing/1",
        "/records/x_thing?columns=name&columns=x_weight&columns=x_water",
    ):
        page = someone.get(path).text
        assert (">12.5\u00a0公斤<" in page, ">3%<" in page) == (True, True)


def test_a_blank_field_that_the_form_would_not_show_is_left_out(
    platform: Platform, someone: Visitor
) -> None:
    publish_documents(platform, WET)
    for water, shown in (("0", False), ("3", True)):
        made = someone.send("/records/x_thing/new", name="Pump", x_water=water)
        page = someone.get(made.headers["location"]).text
        assert (">网站</dt>" in page, ">含水</dt>" in page) == (shown, True)


@pytest.mark.parametrize(("water", "hidden"), [("", False), ("3", True)])
def test_a_field_called_as_its_section_keeps_its_label_while_blank(
    platform: Platform, someone: Visitor, water: str, hidden: bool
) -> None:
    sections = "  wet: {label: {zh: 含水}, fields: {x_water: {}}}\n  all:\n    fields: {name: {}}\n"
    publish_documents(platform, WET.partition("  all:")[0] + sections)
    made = someone.send("/records/x_thing/new", name="Pump", x_water=water)
    page = someone.get(made.headers["location"]).text
    assert ('<dt class="vh">含水</dt>' in page) is hidden


def test_a_unit_stands_beside_its_input_and_may_be_typed(
    platform: Platform, someone: Visitor
) -> None:
    form = someone.get("/records/x_thing/new").text
    assert re.findall(r'<span class="unit">([^<]+)</span>', form) == ["公斤", "%"]
    someone.send("/records/x_thing/new", name="Pump", x_weight="12.5 kg", x_water="3%")
    with platform.read() as ctx:
        values = get(ctx, "x_thing", 1).values
    assert (str(values["x_weight"]), values["x_water"]) == ("12.5", 3)


def test_an_address_is_shown_short_and_opened_whole(someone: Visitor) -> None:
    someone.send("/records/x_thing/new", name="Pump", x_site="Pumps.cn")
    someone.send("/records/x_thing/new", name="Fan", x_site="http://fans.cn/a/")
    away = '<a href="{0}" rel="noopener noreferrer">{1}</a>'
    assert away.format("https://pumps.cn", "pumps.cn") in someone.get("/records/x_thing/1").text
    shown = someone.get("/records/x_thing/2").text
    assert away.format("http://fans.cn/a/", "http://fans.cn/a/") in shown


@pytest.mark.parametrize("typed", ["javascript:alert(1)", " JavaScript:alert(1)", "java\tscript:x"])
def test_an_address_that_would_run_something_is_refused(someone: Visitor, typed: str) -> None:
    answer = someone.send("/records/x_thing/new", name="Pump", x_site=typed)
    assert answer.status_code == 422
    assert 'href="java' not in answer.text.lower()
    assert someone.get("/records/x_thing/1").status_code == 404


def test_related_lists_stand_in_the_order_of_entities_and_their_fields(someone: Visitor) -> None:
    someone.send("/records/x_thing/new", name="Pump")
    for path, field in (("x_lock", "thing"), ("x_part", "x_spare")):
        someone.send(f"/records/{path}/new", name="A", **{field: "1"})
    panels = _panels(someone.get("/records/x_thing/1").text)
    assert panels == ["物品 (上级)", "零件 (物品)", "零件 (备用于)", "锁"]


def test_related_records_come_newest_first(someone: Visitor) -> None:
    someone.send("/records/x_thing/new", name="Pump")
    for name in ("first", "second", "third", "fourth"):
        someone.send("/records/x_part/new", name=name, thing="1")
    page = someone.get("/records/x_thing/1").text
    brief = re.findall(r'<a class="clip plain" href="/records/x_part/\d+">(\w+)</a>', page)
    assert brief == ["fourth", "third", "second"]
    table = someone.get("/records/x_thing/1?tab=x_part.thing").text
    rows = re.findall(r'<th scope="row" class="stick"><a href="[^"]+">(\w+)</a>', table)
    assert rows == ["fourth", "third", "second", "first"]
