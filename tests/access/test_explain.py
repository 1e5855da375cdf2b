"""Explanations: twelve prepared cases, each with its sentence and its smallest change."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from kit.worlds import DOCUMENTS
from loopline.access.accounts import disable
from loopline.access.context import SYSTEM, Actor
from loopline.bootstrap import Platform
from loopline.errors import Forbidden, NotFound
from loopline.services.editing import update
from loopline.services.explain_access import explain_access
from loopline.services.planning import make_plan
from loopline.services.publishing import publish
from loopline.services.sources import plugin_layers
from loopline.testing.fixtures import AsUser, MakeRecord
from loopline.testing.publishing import publish_documents

ROLES = """
---
kind: entity
id: x_log
format: 1
label: {zh: 日志, en: Log entry}
title_field: name
traits: {append_only: true}
fields: {name: {type: text, label: {zh: 名称, en: Name}}}
---
kind: role
id: seller
format: 1
label: {zh: 销售, en: Sales}
grants:
  cases: {entity: x_case, actions: [read, update], scope: own}
  logs: {entity: x_log, actions: [read]}
---
kind: role
id: leader
format: 1
label: {zh: 主管, en: Team lead}
grants:
  cases: {entity: x_case, actions: [read, update, delete, assign], scope: tree}
---
kind: role
id: auditor
format: 1
label: {zh: 审计, en: Auditor}
grants:
  large: {entity: x_case, actions: [read], scope: "amount > 50 && kind == 'big'"}
  blind: {entity: x_case, actions: [update]}
  logs: {entity: x_log, actions: ["*"]}
"""
CHIEF = """
---
kind: role
id: chief
format: 1
label: {zh: 组长, en: Chief}
grants: {cases: {entity: x_case, actions: [read], scope: reports}}
"""
CASES = {
    "administrator": ("boss", "delete", "x_case", "anna"),
    "everything": ("member", "update", "x_case", "anna"),
    "own": ("anna", "update", "x_case", "anna"),
    "not own": ("anna", "update", "x_case", "bert"),
    "no grant": ("anna", "delete", "x_case", "anna"),
    "not at all": ("anna", "create", "x_note", ""),
    "tree": ("lead", "delete", "x_case", "anna"),
    "condition": ("audit", "read", "x_case", "anna"),
    "not readable": ("audit", "update", "x_case", "anna"),
    "anywhere": ("audit", "read", "x_case", ""),
    "append only": ("audit", "update", "x_log", ""),
    "disabled": ("gone", "read", "x_case", ""),
}
TOLD = YAML(typ="safe").load(Path(__file__).with_name("explained.yaml"))
Site = tuple[Mapping[str, Actor], Mapping[str, int]]


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS + ROLES + CHIEF


@pytest.fixture
def world(platform: Platform, as_user: AsUser, make_record: MakeRecord) -> Site:
    """Answer people by name, and the case of each who has one."""
    people = {
        "boss": as_user("Boss", administrator=True, roles=()),
        "member": as_user("Mary"),
        "anna": as_user("Anna", roles=("seller",)),
        "bert": as_user("Bert", roles=("seller",)),
        "lead": as_user("Lea", roles=("leader",)),
        "audit": as_user("Odo", roles=("auditor",)),
        "gone": as_user("Gus"),
    }
    north = make_record("department", name="North", code="north")
    east = make_record("department", name="East", code="east", parent=north.id)
    cases = {
        name: make_record("x_case", name=f"Case of {name}", owner=people[name].id, amount=10).id
        for name in ("anna", "bert")
    }
    with platform.write() as ctx:
        update(ctx, "user", int(str(people["lead"].id)), {"department": north.id})
        update(ctx, "x_case", cases["anna"], {"department": east.id})
        disable(ctx.connection, int(str(people["gone"].id)), ctx.now)
    return people, cases


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("case", CASES)
def test_a_case_is_explained(platform: Platform, world: Site, case: str, language: str) -> None:
    people, cases = world
    who, action, entity, record = CASES[case]
    with platform.read(replace(SYSTEM, language=language)) as ctx:
        user = int(str(people[who].id))
        found = explain_access(ctx, user, action, entity, cases.get(record))
    assert [found.sentence, found.change] == TOLD[case][language]


def test_handing_over_within_the_team_is_not_said_to_turn_it(
    platform: Platform, world: Site, as_user: AsUser
) -> None:
    (people, cases), chief = world, as_user("Cleo", roles=("chief",))
    with platform.write(replace(SYSTEM, language="en")) as ctx:
        update(ctx, "user", int(str(people["anna"].id)), {"manager": chief.id})
    with platform.read(replace(SYSTEM, language="en")) as ctx:
        found = explain_access(ctx, int(str(chief.id)), "read", "x_case", cases["anna"])
    assert found.allowed
    assert found.change == "Hand the record over to somebody who does not report to Cleo."


def test_a_plugin_that_demands_more_is_named(platform: Platform, world: Site, narrow: Path) -> None:
    narrow.write_text('{"x_case": "amount > 50"}', encoding="utf-8")
    with platform.write() as ctx:
        layers = plugin_layers(platform.plugins, ["narrow"], platform.schemas, "en")
        publish(ctx, make_plan(ctx, layers, platform.schemas, frozenset()))
    people, cases = world
    with platform.read(replace(SYSTEM, language="en")) as ctx:
        found = explain_access(ctx, int(str(people["anna"].id)), "read", "x_case", cases["anna"])
    assert not found.allowed
    assert "the plugin Narrow demands that Amount is greater than 50" in found.sentence
    assert found.change == "Change what the plugin Narrow demands, or disable it."


def test_handing_over_is_not_told_where_another_grant_allows_it_whoever_owns(
    platform: Platform, world: Site, narrow: Path
) -> None:
    narrow.write_text('{"x_case": "!is_blank(owner)"}', encoding="utf-8")
    with platform.write() as ctx:
        layers = plugin_layers(platform.plugins, ["narrow"], platform.schemas, "en")
        publish(ctx, make_plan(ctx, layers, platform.schemas, frozenset()))
    people, cases = world
    with platform.read(replace(SYSTEM, language="en")) as ctx:
        mary = int(str(people["member"].id))
        found = explain_access(ctx, mary, "update", "x_case", cases["anna"])
    assert found.change == "Take the role Staff from Mary."


@pytest.mark.parametrize("record", ["anna", ""])
def test_a_plugin_whose_demand_cannot_be_read_is_named(
    platform: Platform, world: Site, narrow: Path, record: str
) -> None:
    narrow.write_text('{"x_case": "nowhere > 50"}', encoding="utf-8")
    with platform.write() as ctx:
        layers = plugin_layers(platform.plugins, ["narrow"], platform.schemas, "en")
        publish(ctx, make_plan(ctx, layers, platform.schemas, frozenset()))
    people, cases = world
    with platform.read(replace(SYSTEM, language="en")) as ctx:
        found = explain_access(
            ctx, int(str(people["anna"].id)), "read", "x_case", cases.get(record)
        )
    assert not found.allowed
    assert "the plugin Narrow failed at saying which records are left" in found.sentence
    assert found.change == "Change what the plugin Narrow demands, or disable it."


def test_an_action_that_nobody_declares_is_refused(platform: Platform, world: Site) -> None:
    people, _ = world
    with platform.read() as ctx, pytest.raises(NotFound, match=r"action\.not_found"):
        explain_access(ctx, int(str(people["anna"].id)), "frobnicate", "x_case")


def test_a_token_that_only_reads_is_told(platform: Platform, world: Site) -> None:
    people, cases = world
    reading = replace(people["anna"], language="en", scopes=frozenset({"read"}))
    with platform.read(reading) as ctx:
        found = explain_access(ctx, int(str(reading.id)), "update", "x_case", cases["anna"])
    assert "only reads" in found.sentence
    assert found.change == "Use a token with the scope write."


def test_only_administrators_ask_about_others(platform: Platform, world: Site) -> None:
    people, _ = world
    with platform.read(people["anna"]) as ctx, pytest.raises(Forbidden, match=r"access\.others"):
        explain_access(ctx, int(str(people["bert"].id)), "read", "x_case")


def test_what_one_may_not_read_is_not_explained_either(platform: Platform, world: Site) -> None:
    people, cases = world
    own = int(str(people["anna"].id))
    with platform.read(people["anna"]) as ctx:
        assert explain_access(ctx, own, "read", "x_case", cases["anna"]).allowed
        with pytest.raises(NotFound):
            explain_access(ctx, own, "read", "x_case", cases["bert"])


def test_no_fact_is_told_that_one_may_not_read(
    platform: Platform, world: Site, as_user: AsUser
) -> None:
    _, cases = world
    blind = "kind: role\nid: blind\nformat: 1\nlabel: Blind\ngrants:\n  all: {entity: x_case,"
    publish_documents(platform, f"{blind} actions: [read], fields: {{amount: mask}}}}")
    publish_documents(
        platform,
        "{kind: role, id: blind, format: 1, extend: true, grants: {few: {entity: x_case,"
        " actions: [delete], scope: amount > 50, fields: {amount: mask}}}}",
    )
    reader = replace(as_user("Ray", roles=("blind",)), language="en")
    with platform.read(reader) as ctx:
        found = explain_access(ctx, int(str(reader.id)), "delete", "x_case", cases["anna"])
    assert not found.allowed
    assert "a condition on what you may not read, which is false." in found.sentence
    assert "10" not in found.sentence


def test_giving_the_role_that_is_named_turns_the_answer(platform: Platform, world: Site) -> None:
    people, cases = world
    with platform.write(replace(SYSTEM, language="en")) as ctx:
        lead = replace(people["anna"], roles=people["anna"].roles | {"leader"})
        user = int(str(lead.id))
        before = explain_access(ctx, user, "delete", "x_case", cases["anna"])
        after = explain_access(replace(ctx, actor=lead), user, "delete", "x_case", cases["anna"])
    assert (before.allowed, after.allowed) == (False, True)
    assert before.change == "Give Anna the role Team lead."
