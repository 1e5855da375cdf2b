"""A site with offers that need approval, and the people who decide on them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import orjson
import pytest
import sqlalchemy as sa

import loopline.store.approvals as store
from kit.kernel_site import blocked_plugins
from loopline.access.context import Actor
from loopline.bootstrap import Platform
from loopline.jobs.queue import job
from loopline.jobs.schedule import Schedule
from loopline.services.actions import run_action
from loopline.services.approvals.telling import TELL
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.store.approvals import Request, Seat
from loopline.store.rows import Record

__all__ = ["blocked_plugins"]

OFFER = """
kind: entity
id: x_offer
format: 1
label: {zh: 报价, en: Offer}
title_field: name
traits: {owned: true, audited: true, searchable: true}
fields:
  name:     {type: text, label: {zh: 名称, en: Name}, required: true}
  discount: {type: decimal, scale: 2, label: {zh: 折扣, en: Discount}}
  note:     {type: text, label: {zh: 备注, en: Note}}
  status:
    type: choice
    label: {zh: 状态, en: Status}
    default: draft
    options:
      draft:    {label: {zh: 草稿, en: Draft}}
      asked:    {label: {zh: 审批中, en: Asked}}
      approved: {label: {zh: 已批, en: Approved}}
      sent:     {label: {zh: 已发送, en: Sent}}
  approved_on: {type: date, label: {zh: 批准日期, en: Approved on}}
  approved_by: {type: user, label: {zh: 批准人, en: Approved by}}
  total:
    type: rollup
    label: {zh: 合计, en: Total}
    of: x_offer_line
    via: offer
    aggregate: sum
    field: count
  lines:    {type: lines, to: x_offer_line, label: {zh: 明细, en: Lines}}
---
kind: entity
id: x_offer_line
format: 1
label: {zh: 报价明细, en: Offer line}
parent: x_offer
title_field: what
fields:
  what:  {type: text, label: {zh: 内容, en: What}}
  count: {type: integer, label: {zh: 数量, en: Count}}
  offer: {type: link, to: x_offer, label: {zh: 报价, en: Offer}, on_delete: cascade}
---
kind: role
id: x_chief
format: 1
label: {zh: 主管, en: Chief}
grants: {offers: {entity: x_offer, actions: [read]}}
---
kind: role
id: x_seller
format: 1
label: {zh: 销售, en: Seller}
grants: {offers: {entity: x_offer, actions: [read, create, update, delete]}}
"""
HEAD = """
---
kind: approval
id: x_discount
format: 1
label: {zh: 折扣审批, en: Discount}
entity: x_offer
when: "CONDITION"
locks: [discount, lines]
"""
ONE_STEP = "steps: {chief: {mode: any, approvers: {a: {role: x_chief}}}}"


@pytest.fixture
def approval() -> str:
    """Answer what the approval says besides what it is about; override it."""
    return ONE_STEP


@pytest.fixture
def condition() -> str:
    """Answer which offers need the approval; override it."""
    return "discount > 0.1"


@pytest.fixture
def site_documents(approval: str, condition: str) -> str:
    """Answer the documents of the site."""
    return OFFER + HEAD.replace("CONDITION", condition) + approval


@dataclass
class Desk:
    """Everything happens here: people act on an offer, and one looks at what became of it."""

    platform: Platform
    make: Callable[..., Actor]
    people: dict[str, Actor] = field(default_factory=dict)
    offer: int = 0

    def seat(self, *names: str, role: str = "x_chief") -> None:
        """Let people come who hold a role."""
        for name in names:
            self.people[name] = self.make(name, roles=(role,))

    def id(self, name: str) -> int:
        """Answer the number of a person."""
        found = self.people[name].id
        assert found is not None
        return found

    def set(self, entity: str, number: int, **values: object) -> None:
        """Write a record as the system."""
        with self.platform.write(via="cli") as ctx:
            update(ctx, entity, number, values)

    def value(self, name: str) -> object:
        """Answer what the offer holds in a field."""
        with self.platform.read() as ctx:
            return get(ctx, "x_offer", self.offer).value(name)

    def add(self, entity: str, **values: object) -> Record:
        """Create a record as the system."""
        with self.platform.write(via="cli") as ctx:
            return create(ctx, entity, values)

    def act(self, name: str, action: str, **settings: object) -> list[Request]:
        """Let somebody act on the offer; answer its requests, the newest first."""
        with self.platform.write(self.people[name]) as ctx:
            run_action(ctx, "x_offer", [self.offer], action, settings)
        return self.requests()

    def requests(self) -> list[Request]:
        """Answer the requests of the offer, the newest first."""
        with self.platform.read() as ctx:
            return store.requests_of(ctx.connection, "x_offer", self.offer)

    @property
    def state(self) -> str:
        """How the newest request stands."""
        return self.requests()[0].state

    def seats(self, *states: str) -> list[Seat]:
        """Answer the seats of the newest request that are in one of the states."""
        with self.platform.read() as ctx:
            found = store.seats_of(ctx.connection, [self.requests()[0].id])
        return [one for one in found if not states or one.state in states]

    def waiting(self) -> list[str]:
        """Answer who is asked now."""
        names = {actor.id: name for name, actor in self.people.items()}
        return [names[one.user_id] for one in self.seats("waiting")]

    def acts(self) -> list[str]:
        """Answer what the trail of all requests says was done."""
        with self.platform.read() as ctx:
            numbers = [one.id for one in self.requests()]
            return [one.act for one in store.events_of(ctx.connection, numbers)]

    def work(self) -> None:
        """Let a worker do what is due at this moment."""
        now = self.platform.clock.now()
        Schedule(self.platform.database, self.platform.recurring).enqueue_due(now)
        self.platform.worker().run_due()

    def told(self) -> list[tuple[str, str]]:
        """Answer who will be told what."""
        names = {actor.id: name for name, actor in self.people.items()}
        with self.platform.read() as ctx:
            query = sa.select(job.c.payload).where(job.c.kind == TELL).order_by(job.c.id)
            rows = ctx.connection.execute(query)
            found = [orjson.loads(row.payload) for row in rows]
        return [(names.get(one["user"], "?"), one["what"]) for one in found]


@pytest.fixture
def desk(platform: Platform, as_user) -> Desk:
    """Answer a desk with Sam, who sells and has made an offer that needs approval."""
    made = Desk(platform, as_user)
    made.seat("Sam", role="x_seller")
    with platform.write(made.people["Sam"]) as ctx:
        made.offer = create(ctx, "x_offer", {"name": "Pumps", "discount": Decimal("0.2")}).id
    return made
