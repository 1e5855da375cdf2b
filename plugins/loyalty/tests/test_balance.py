"""The law of the ledger: whatever happens in whatever order, the balance is the sum of entries."""

import random
from decimal import Decimal

import pytest

from loopline.errors import NotFound, NotValid
from loopline.jobs.queue import enqueue
from loopline.services.actions import run_action
from loopline.services.records import create, get

STEPS = 40


@pytest.fixture
def shop(platform) -> None:
    with platform.write(via="cli") as ctx:
        for name in ("Mill", "Yard"):
            customer = create(ctx, "customer", {"name": name}).id
            create(ctx, "member", {"name": name, "customer": customer})
        create(ctx, "reward", {"name": "Mug", "points": 7, "stock": 30})


class Chance:
    """Steps that may be taken, chosen by chance; refusals are part of the game."""

    def __init__(self, platform, clock, seed: int) -> None:
        self._platform, self._clock, self._random = platform, clock, random.Random(seed)  # noqa: S311 - repeatable, no secret

    def step(self) -> None:
        chosen = self._random.choice([self.pay, self.pay, self.refund, self.redeem, self.adjust])
        try:
            with self._platform.write(via="api") as ctx:
                chosen(ctx)
        except (NotValid, NotFound):
            return

    def pay(self, ctx) -> None:
        amount, customer = self._random.randint(1, 90000), self._random.choice([1, 2])
        day = self._clock.now().date()
        values = {"customer": customer, "amount": Decimal(amount), "received_at": day}
        create(ctx, "receipt", values)

    def refund(self, ctx) -> None:
        receipt = self._random.randint(1, 8)
        values = {"amount": self._random.randint(1, 50000), "reason": "x"}
        run_action(ctx, "receipt", [receipt], "refund", values)

    def redeem(self, ctx) -> None:
        settings = {"reward": 1, "quantity": self._random.randint(1, 4)}
        run_action(ctx, "member", [self._random.choice([1, 2])], "redeem", settings)

    def adjust(self, ctx) -> None:
        settings = {"points": self._random.randint(-40, 40), "reason": "chance"}
        run_action(ctx, "member", [self._random.choice([1, 2])], "adjust", settings)


@pytest.mark.timeout(120)
def test_the_balance_is_the_sum_of_entries_whatever_happens(platform, clock, shop) -> None:
    chance = Chance(platform, clock, seed=7)
    for number in range(STEPS):
        chance.step()
        if number % 8 == 0:
            with platform.write() as ctx:
                enqueue(ctx.connection, "loyalty.catch_up", {}, ctx.now)
                enqueue(ctx.connection, "loyalty.expire", {}, ctx.now)
            platform.worker().run_due()
    platform.worker().run_due()
    with platform.read() as ctx:
        mine = ctx.contexts("loyalty")
        entries = mine.find("points_entry", limit=1000)
        for member in (1, 2):
            of = [one for one in entries if one.value("member") == member]
            balance = sum(one.value("points") for one in of)
            assert get(ctx, "member", member).value("points_balance") == balance
        earned = {one.id: one.value("points") for one in entries if one.value("kind") == "earn"}
        for one in entries:
            if one.value("kind") == "reverse":
                earned[one.value("reverses")] += one.value("points")
        assert min(earned.values()) >= 0
        assert {one.value("kind") for one in entries} >= {"earn", "reverse", "redeem", "adjust"}
