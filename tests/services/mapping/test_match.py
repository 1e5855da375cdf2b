from dataclasses import dataclass, field

import pytest

from loopline.fields.definition import FieldDef
from loopline.language import Label
from loopline.services.mapping.file import ColumnRule, MappingFile
from loopline.services.mapping.match import match_headings
from loopline.services.mapping.result import How


@dataclass
class Entity:
    id: str
    label: Label
    title_field: str = "title"
    fields: dict = field(default_factory=dict)


def entity(entity_id, zh, en, **fields):
    definitions = {
        name: FieldDef(
            id=name, entity=entity_id, type=kind, label=Label({"zh": in_zh, "en": in_en}), **more
        )
        for name, (kind, in_zh, in_en, more) in fields.items()
    }
    return Entity(entity_id, Label({"zh": zh, "en": en}), fields=definitions)


PLANT = entity(
    "plant",
    "工厂",
    "Plant",
    title=("text", "厂名", "Plant name", {}),
    code=("code", "厂号", "Plant code", {}),
    town=("text", "所在镇", "Town", {}),
)
MACHINE = entity(
    "machine",
    "设备",
    "Machine",
    title=("text", "设备名", "Machine name", {}),
    phone=("phone", "服务电话", "Service phone", {}),
    email=("email", "邮箱", "E-mail", {}),
    budget=("money", "预算", "Budget", {"synonyms": ("拨款",)}),
    closed_on=("date", "停用日期", "Close date", {}),
    weight=("decimal", "重量(kg)", "Weight (kg)", {}),
    weight_lb=("decimal", "重量(磅)", "Weight (lb)", {}),
    maintenance=("long_text", "年度保养计划", "Yearly maintenance", {}),
    plant=("link", "工厂", "Plant", {"to": "plant"}),
    owner=("user", "负责人", "Owner", {"to": "user"}),
)


def matched(*headings, **options):
    found = match_headings(headings, MACHINE, linked={"plant": PLANT}, **options)
    return {column.heading: (column.field, column.by) for column in found.matched}


@pytest.mark.parametrize(
    ("heading", "field_id"),
    [
        ("title", "title"),
        ("设备名", "title"),
        ("*姓名（必填）", "title"),
        ("设备名称", "title"),
        ("Full Name *", "title"),
        ("预算(元)", "budget"),
        ("拨款", "budget"),
        ("金额", "budget"),
        ("Close_Date", "closed_on"),
        ("closeDate", "closed_on"),
        ("CLOSED_ON__c", "closed_on"),
        ("手机号", "phone"),
        ("Tel.", "phone"),
        ("E-mail address", "email"),
        ("重量（KG）", "weight"),
        ("Weight (lb)", "weight_lb"),
        ("Yearly maintenence", "maintenance"),
        ("ID", "id"),
        ("创建时间", "created_at"),
    ],
)
def test_a_heading_is_known_by_many_names(heading, field_id):
    assert matched(heading) == {heading: (field_id, "")}


@pytest.mark.parametrize(
    ("heading", "by"),
    [
        ("工厂", "name"),
        ("plant/name", "name"),
        ("Plant.Name", "name"),
        ("工厂名称", "name"),
        ("工厂厂名", "name"),
        ("plant.code", "code"),
        ("工厂编号", "code"),
        ("Plant:Plant-Code", "code"),
        ("plant -> town", "town"),
        ("plant_id", "id"),
        ("plant/External ID", "external_id"),
    ],
)
def test_a_link_is_known_with_the_way_to_its_record(heading, by):
    assert matched(heading) == {heading: ("plant", by)}


@pytest.mark.parametrize("heading", ["[A]", "重量", "工厂所在镇", "颜色", "plant/colour"])
def test_what_is_not_sure_stays_unmatched(heading):
    assert matched(heading) == {}


def test_the_second_heading_for_a_field_is_a_clash():
    found = match_headings(["手机", "服务电话"], MACHINE)
    (loser,) = found.unmatched
    assert found.column_of("phone").heading == "服务电话"
    assert (loser.heading, loser.reason.code) == ("手机", "mapping.clash")
    assert loser.reason.params["other"] == "服务电话"


def test_look_alikes_are_offered():
    (column,) = match_headings(["Owner of it"], MACHINE).unmatched
    assert column.reason.code == "mapping.alike"
    assert column.candidates[0].field == "owner"


def test_a_rule_of_the_file_wins_over_the_name():
    rule = ColumnRule(field="budget", values={"many": 100})
    rules = MappingFile(entity="machine", columns={"E-mail": rule}, ignore=("ID",))
    found = match_headings(["e-mail", "id", "邮箱"], MACHINE, rules=rules)
    assert found.ignored == ("id",)
    assert [(c.field, c.how, c.rule.values) for c in found.matched] == [
        ("budget", How.FILE, {"many": 100}),
        ("email", How.LABEL, {}),
    ]


def test_rules_for_what_is_not_there_are_problems():
    rules = MappingFile(
        entity="machine", columns={"colour": ColumnRule(field="paint")}, constants={"shade": 1}
    )
    found = match_headings(["title"], MACHINE, rules=rules)
    assert [problem.code for problem in found.problems] == [
        "mapping.column_missing",
        "mapping.unknown_field",
        "mapping.unknown_constant",
    ]
