"""A year of a small company in every entity that stock reports look at, the same on each run."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from loopline.bootstrap import Platform
from loopline.clock import FixedClock
from loopline.services.plugin_context import plugin_context

MOMENTS = (datetime(2025, 2, 3, 2, tzinfo=UTC), datetime(2025, 11, 28, 17, tzinfo=UTC))
"""When the older records are made; the others on the day at which the clock stood."""
SOURCES = ("expo", "web", "referral", None)
STAGES = ("talk", "won", "confirmed", "lost", "solution", "won", "negotiation", "lost")


def make_company(platform: Platform, clock: FixedClock, owners: tuple[int, int]) -> None:
    """Make the records, the clock being moved meanwhile and put back."""
    end = clock.at
    for at, moment in enumerate((*MOMENTS, end - timedelta(hours=1))):
        clock.at = moment
        with platform.write(via="cli") as opened:
            _Season(plugin_context(opened, "reports"), at, moment.date(), owners).make()
    clock.at = end


class _Season:
    def __init__(self, ctx: Any, at: int, day: date, owners: tuple[int, int]) -> None:
        self._ctx, self._at, self._day, self._owners = ctx, at, day, owners
        group = self._make("product_category", code=f"P{at}", name=f"Pumps {at}")
        named = (("Pump", group), ("Seal", None))
        self._products = [
            self._make("product", code=f"{name}-{at}", name=f"{name} {at}", category=category)
            for name, category in named
        ]

    def make(self) -> None:
        """Make what came in at this moment."""
        customers = [self._customer(n) for n in range(4)]
        for n in range(6):
            self._lead(n)
        for n, stage in enumerate(STAGES):
            self._deal(n, stage, customers[n % 4])
        for n, customer in enumerate(customers[:3]):
            self._sale(n, customer)
            self._member(n, customer)
        for n in range(4):
            self._ticket(n, customers[n])
        for measure in ("won", "signed", "received"):
            self._make(
                "target",
                measure=measure,
                month=self._day.replace(day=1),
                person=self._owner(0),
                value="100000",
            )

    def _make(self, entity: str, **values: object) -> int:
        given = {name: one for name, one in values.items() if one is not None}
        return int(self._ctx.create(entity, given).id)

    def _owner(self, n: int) -> int:
        return self._owners[n % 2]

    def _on(self, days: int) -> date:
        return self._day + timedelta(days=days)

    def _customer(self, n: int) -> int:
        return self._make(
            "customer",
            name=f"Mill {self._at}{n}",
            owner=self._owner(n),
            source=SOURCES[n],
            level=("a", "b", None, "c")[n],
            lifecycle=("active", "prospect", "active", "lost")[n],
            last_deal_at=self._on(-20 * n) if n else None,
        )

    def _lead(self, n: int) -> None:
        statuses = ("new", "assigned", "contacted", "qualified", "converted", "invalid")
        self._make(
            "lead",
            name=f"Lead {n}",
            source=SOURCES[n % 4],
            status=statuses[n],
            owner=self._owner(n),
            next_follow_up=self._on(n - 3) if n % 2 else None,
        )

    def _deal(self, n: int, stage: str, customer: int) -> None:
        closed = stage in {"won", "lost"}
        self._make(
            "opportunity",
            name=f"Deal {self._at}{n}",
            customer=customer,
            owner=self._owner(n),
            product=self._products[n % 2],
            source=SOURCES[n % 4],
            stage=stage,
            need="yes",
            amount=f"{1000 * (n + 1)}.{n}5",
            probability="0.35",
            forecast=("commit", "best", None)[n % 3],
            expected_close=self._on(9 * n),
            closed_at=self._on(-n) if closed else None,
            lost_reason=("price", "delivery")[n % 2] if stage == "lost" else None,
        )

    def _sale(self, n: int, customer: int) -> None:
        owner, amount = self._owner(n), f"{5000 * (n + 1)}.50"
        self._make(
            "contract",
            name=f"Contract {self._at}{n}",
            customer=customer,
            owner=owner,
            amount=amount,
            signed_at=self._on(-n),
        )
        line = {"product": self._products[n % 2], "quantity": "2", "price": "300.25"}
        order = self._make(
            "order",
            name=f"Order {self._at}{n}",
            customer=customer,
            owner=owner,
            placed_at=f"{self._on(-n)}T08:00:00Z",
            lines=[line, {**line, "quantity": "3", "discount": "0.1"}],
            instalments=[{"due": str(self._on(30 * n - 20)), "amount": amount}],
        )
        plan = self._ctx.find("instalment", f"order.id == {order}")[0]
        paid = "1200.00" if n else amount
        self._make(
            "receipt",
            customer=customer,
            amount=paid,
            received_at=self._on(-n),
            method=("transfer", "cash")[n % 2],
            allocations=[{"instalment": plan.id, "amount": paid}],
        )
        self._make("invoice", order=order, amount="200", kind=("special", "ordinary")[n % 2])

    def _member(self, n: int, customer: int) -> None:
        self._make("member", name=f"Member {self._at}{n}", customer=customer, joined=self._day)

    def _ticket(self, n: int, customer: int) -> None:
        moment = f"{self._on(1)}T01:00:00Z"
        self._make(
            "ticket",
            subject=f"Help {n}",
            customer=customer,
            owner=self._owner(n),
            product=self._products[n % 2],
            kind=("complaint", "question", "fault", "complaint")[n],
            priority=("low", "normal")[n % 2],
            first_responded_at=moment if n else None,
            solved_at=moment if n > 1 else None,
            satisfaction=n + 2 if n else None,
            compensation="80" if n == 3 else None,
        )
