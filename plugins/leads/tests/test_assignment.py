"""Assignment: which rule takes a new lead, whom it chooses, whom it leaves out, and why."""

import csv
from datetime import date

import pytest

from loopline.services import records
from loopline.services.editing import update
from loopline.services.imports.request import ImportOptions, ImportRequest
from loopline.services.imports.run import run
from loopline.services.imports.start import start
from loopline.testing import publish_documents
from loopline_leads.assignment import trial
from loopline_leads.rules import assignment_rules

CALENDAR = """
kind: calendar
id: x_office
format: 1
label: {zh: 办公, en: Office}
zone: Asia/Shanghai
week: {mon: {ranges: ["09:00-18:00"]}, tue: {ranges: ["09:00-18:00"]}}
"""
ALL = '{all: {users: ["ann@example.com", "bo@example.com", "cy@example.com"]}}'


@pytest.fixture
def rule(platform, house):
    """Answer what publishes an assignment rule."""

    def publish(method: str = "round_robin", to: str = ALL, name: str = "x_rule", **more: str):
        rest = "".join(f"{key}: {value}\n" for key, value in more.items())
        body = f"kind: assignment\nid: {name}\nformat: 1\nlabel: {{zh: 甲, en: One}}\n"
        body += f"entity: lead\nmethod: {method}\nto: {to}\n{rest}"
        publish_documents(platform, body)

    return publish


def _owners(lead, house, count: int, **values: object) -> list[str]:
    names = {house.id(name): name for name in ("Ann", "Bo", "Cy")}
    return [names.get(lead(**values).value("owner"), "-") for _ in range(count)]


def test_in_turn(rule, lead, house) -> None:
    rule()
    assert _owners(lead, house, 4) == ["Ann", "Bo", "Cy", "Ann"]


def test_a_batch_goes_in_turn_as_one_after_the_other_does(rule, house, platform) -> None:
    rule()
    with platform.write(via="api") as ctx:
        ids = records.create_many(ctx, "lead", [{"name": str(n)} for n in range(4)])
        owners = [records.get(ctx, "lead", one).value("owner") for one in ids]
    assert owners == [house.id(name) for name in ("Ann", "Bo", "Cy", "Ann")]


def test_whoever_is_away_is_left_out_and_named(rule, lead, house, make_record, log) -> None:
    rule()
    today = date(2026, 1, 5)
    make_record("absence", reason="x", user=house.id("Ann"), **{"from": today, "until": today})
    one = lead()
    assert one.value("owner") == house.id("Bo")
    assert [(row["name"], row["name_en"]) for row in log(one.id)] == [
        (
            "规则“甲”轮流分配，轮到Bo（2 人可分配；Ann（请假）除外）",
            "Rule “One” goes in turn, it was the turn of Bo (2 available; left out: Ann (away))",
        )
    ]


def test_the_least_busy(rule, lead, house) -> None:
    lead(owner=house.id("Ann"))
    rule("least_busy")
    assert _owners(lead, house, 3) == ["Bo", "Cy", "Ann"]


def test_by_weight(rule, lead, house) -> None:
    rule("weighted", '{a: {users: ["ann@example.com"], weight: 3}, b: {users: ["bo@example.com"]}}')
    found = _owners(lead, house, 8)
    assert (found.count("Ann"), found.count("Bo")) == (6, 2)


def test_the_first_until_the_cap_and_then_the_pool(rule, lead, house, log, later) -> None:
    to = '{a: {users: ["ann@example.com", "bo@example.com"]}, b: {pool: north}}'
    rule("fixed", to, caps="{open: 2, day: 1}")
    assert _owners(lead, house, 3) == ["Ann", "Bo", "-"]
    one = lead()
    assert one.value("pool") == house.pools["north"]
    assert "Ann (got 1 that day)" in str(log(one.id)[0]["name_en"])
    later(days=1)
    assert _owners(lead, house, 3) == ["Ann", "Bo", "-"]
    later(days=1)
    assert "Ann (holds 2)" in str(log(lead().id)[0]["name_en"])


def test_rules_are_asked_in_order_and_only_where_they_fit(rule, lead, house) -> None:
    rule(
        "fixed", '{a: {users: ["cy@example.com"]}}', "x_expo", when="'source == \"expo\"'", pos="1"
    )
    rule("fixed", pos="2")
    assert _owners(lead, house, 1, source="expo") == ["Cy"]
    assert _owners(lead, house, 1, source="web") == ["Ann"]


def test_a_rule_rests_outside_its_hours(rule, lead, house, platform, later) -> None:
    publish_documents(platform, CALENDAR)
    rule("fixed", hours="x_office")
    assert _owners(lead, house, 1) == ["Ann"]
    later(hours=12)
    assert _owners(lead, house, 1) == ["-"]


def test_to_a_role_and_a_department_with_all_below(
    rule, lead, house, make_record, platform
) -> None:
    north = make_record("department", name="North", code="N").id
    city = make_record("department", name="City", code="C", parent=north).id
    with platform.write(via="cli") as ctx:
        update(ctx, "user", house.id("Cy"), {"department": city})
    rule("fixed", "{a: {department: N}}", "x_north", when="'level == \"a\"'")
    rule("fixed", "{a: {role: seller}}")
    assert _owners(lead, house, 1, level="a") == ["Cy"]
    assert _owners(lead, house, 1) == ["Ann"]


def test_who_is_named_keeps_it_and_whoever_makes_it_where_no_rule_fits(
    rule, lead, house, platform, log
) -> None:
    with platform.write(house.people["Bo"], via="api") as ctx:
        own = records.create(ctx, "lead", {"name": "x"})
    assert own.value("owner") == house.id("Bo")
    assert log(own.id)[0]["name_en"] == "No rule fits, so Bo who made it keeps it"
    rule("fixed")
    named = lead(owner=house.id("Cy"))
    assert named.value("owner") == house.id("Cy")
    assert log(named.id)[0]["name_en"] == "Named when it was made: Cy"
    with platform.write(house.people["Bo"], via="page") as ctx:
        given = records.create(ctx, "lead", {"name": "x"})
    assert given.value("owner") == house.id("Ann")


def _import(platform, tmp_path, **options: bool) -> list[object]:
    path = tmp_path / "leads.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["姓名"], ["甲"], ["乙"]])
    asked = ImportRequest(
        entity="lead", file_name=path.name, content=path, options=ImportOptions(**options)
    )
    with platform.write(via="import") as ctx:
        number = start(ctx, asked, platform.settings.files)
    assert run(platform.open_as, platform.settings.files, number).created == 2
    with platform.read() as ctx:
        return [one.value("owner") for one in ctx.contexts("leads").find("lead", sort=["id"])]


def test_an_import_assigns(rule, house, platform, tmp_path) -> None:
    rule()
    assert _import(platform, tmp_path) == [house.id("Ann"), house.id("Bo")]


def test_an_import_that_was_asked_not_to_does_not(rule, house, platform, tmp_path) -> None:
    rule()
    assert _import(platform, tmp_path, assign=False) == [None, None]


def test_a_trial_tells_where_leads_would_have_gone_and_writes_nothing(
    rule, lead, house, platform, log, clock
) -> None:
    made = [lead(owner=house.id("Cy")).id for _ in range(3)]
    rule()
    before = [len(log(one)) for one in made]
    with platform.read(house.people["Root"]) as ctx:
        plain = ctx.contexts("leads")
        tried, _ = trial(plain, assignment_rules(plain), clock.now())
    assert [one.decision.owner for one in tried] == [house.id(n) for n in ("Ann", "Bo", "Cy")]
    assert [one.owner for one in tried] == [house.id("Cy")] * 3
    assert [len(log(one)) for one in made] == before
