"""A site with two pools, their rules, and people who get leads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from loopline.access.context import Actor, Context
from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.services import records
from loopline.services.actions import run_action
from loopline.store.rows import Record

RULES = """
kind: role
id: seller
format: 1
label: {zh: 销售, en: Seller}
grants:
  leads: {entity: lead, actions: ["*"]}
  pools: {entity: lead_pool, actions: [read]}
---
kind: pool_rule
id: north_rule
format: 1
label: {zh: 北区, en: North}
entity: lead
pool: north
pos: 1
when: 'source == "expo"'
protect_days: 5
claim: {day: 2, holding: 3, kept: 1}
cool_down_days: 4
recycle:
  idle:
    label: {zh: 十天未跟进, en: Ten days idle}
    reason: no_follow_up
    days: 10
    levels: [b, c, "-"]
  hot: {label: {zh: 七天, en: Seven days}, reason: no_follow_up, days: 7, levels: [a], to: public}
  slow:
    label: {zh: 二十天未转化, en: Twenty days}
    reason: no_opportunity
    days: 20
    unless: 'status == "qualified"'
exempt: 'name == "VIP"'
warn_days: 2
"""


@dataclass(frozen=True)
class House:
    """The pools by code and the people by name."""

    pools: Mapping[str, int]
    people: Mapping[str, Actor]

    def id(self, name: str) -> int:
        """Answer the id of somebody."""
        user = self.people[name].id
        assert user is not None
        return user


@pytest.fixture
def site_documents() -> str:
    return RULES


@pytest.fixture
def house(platform: Platform, as_user: Callable[..., Actor], make_record) -> House:
    people = {name: as_user(name, roles=("seller",)) for name in ("Ann", "Bo", "Cy")}
    people["Root"] = as_user("Root", administrator=True)
    pools = {
        code: make_record("lead_pool", name=code, code=code, open=code == "public").id
        for code in ("north", "public")
    }
    for name, role in (("Ann", "member"), ("Bo", "member"), ("Cy", "admin")):
        member = {"pool": pools["north"], "user": people[name].id, "role": role}
        make_record("lead_pool_member", **member)
    return House(pools, people)


@pytest.fixture
def act(platform: Platform) -> Callable[..., Any]:
    """Answer what does an action to leads as somebody."""

    def do(actor: Actor, action: str, *leads: int, **settings: object) -> Any:
        with platform.write(actor, via="api") as ctx:
            return run_action(ctx, "lead", leads, action, settings)

    return do


@pytest.fixture
def lead(platform: Platform) -> Callable[..., Record]:
    """Answer what makes a lead as the system, through the API's door."""

    def make(**values: object) -> Record:
        with platform.write(via="api") as ctx:
            return records.create(ctx, "lead", {"name": "Lead", **values})

    return make


@pytest.fixture
def read(platform: Platform) -> Callable[[int], Record]:
    """Answer what reads a lead as it stands."""

    def get(number: int) -> Record:
        with platform.read() as ctx:
            return records.get(ctx, "lead", number)

    return get


@pytest.fixture
def log(platform: Platform) -> Callable[[int], list[Mapping[str, object]]]:
    """Answer what reads the moves of a lead, the oldest first."""

    def moves(number: int) -> list[Mapping[str, object]]:
        with platform.read() as ctx:
            found = plain(ctx).find("assignment_log", f'record == "lead:{number}"', sort=["id"])
        return [one.values for one in found]

    return moves


def plain(ctx: Context) -> Any:
    """Answer the plugin's own context."""
    return ctx.contexts("leads")


@pytest.fixture
def later(clock: FixedClock) -> Callable[..., None]:
    """Answer what moves the clock on."""
    from datetime import timedelta

    def move(**span: float) -> None:
        clock.at += timedelta(**span)

    return move
