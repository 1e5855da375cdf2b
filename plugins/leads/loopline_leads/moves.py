"""The one path of ownership: whatever changes whose a record is goes through here, by any door.

Pages, the API, imports, bulk acts, jobs and conversions all write records; the guard below stands
before each write. It decides about new leads, refuses what pool rules do not allow, starts the
clock of the new owner, and writes down which rule moved it and why. Customers go the same way as
soon as a rule or a pool concerns them; assignment rules are for leads only.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import Final

from loopline.sdk import Add, Change, Context, Label, RecordsChanging, Refuse, Set
from loopline_leads.assignment import Assigner, Decision
from loopline_leads.leads import LOG
from loopline_leads.people import Roster
from loopline_leads.pooled import LEADS, POOLED, Pooled
from loopline_leads.pools import Claims, Pools
from loopline_leads.rules import pool_rules
from loopline_leads.texts import told

Answer = Set | Refuse | Add
CAUSE: Final = "leads"
"""The key under which the plugin's own writes say which move they are."""
_COMPUTED: Final = ("owned_since", "protected_until", "kept")
_LIFTED: Final = frozenset({"rule", "assign", "claim", "reassign"})
"""Moves that make a new lead an assigned one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """How a record changes hands: what it is called in the log, by which rule, and why."""

    move: str
    why: Label | None = None
    rule: str = ""


def guard(ctx: Context, event: RecordsChanging) -> Iterable[Answer]:
    """Answer what else is written with records made or changing hands, and what is refused."""
    what = POOLED.get(event.entity)
    if what is None:
        return ()
    if event.action == "create":
        return _Arrivals(ctx, event, what).answers()
    return _Moves(ctx, event, what).answers() if event.action == "update" else ()


class _Desk:
    """What both paths share: the pools, the people, and writing a move down."""

    def __init__(self, ctx: Context, event: RecordsChanging, what: Pooled) -> None:
        self.actor = ctx.actor
        self.ctx = ctx.elevated("ownership")
        self.event = event
        self.what = what
        self.ruled = what is LEADS or bool(pool_rules(ctx, what.entity))
        self.computed = {name: what.field(name) for name in _COMPUTED}

    @cached_property
    def pools(self) -> Pools:
        """The pools, read when they are asked for first."""
        return Pools(self.ctx, what=self.what)

    @cached_property
    def roster(self) -> Roster:
        """The people, read when they are asked for first."""
        return Roster(self.ctx)

    def concerned(self) -> list[Change]:
        """Answer the changes that rules are about: all, or where there are none those of pools."""
        pool = self.what.field("pool")
        return [
            one
            for one in self.event.changes
            if self.ruled or one.new.get(pool) is not None or one.old.get(pool) is not None
        ]

    def pool_of(self, values: Mapping[str, object]) -> object:
        """Answer the pool that values name."""
        return self.what.value(values, "pool")

    def own(self, change: Change, owner: object, pool: object) -> Iterator[Set]:
        """Yield what a new owner means: their clock starts, or nobody's runs."""
        now, rule = self.ctx.now, self.pools.rule_of(pool)
        days = timedelta(days=rule.protect_days if rule else 0)
        wanted: dict[str, object] = {
            "owner": owner,
            self.what.field("pool"): pool,
            self.computed["owned_since"]: now if owner is not None else None,
            self.computed["protected_until"]: now + days if owner is not None else None,
            self.computed["kept"]: False,
        }
        for name, value in wanted.items():
            if change.new.get(name) != value:
                yield Set(change, name, value)

    def log(self, change: Change, owner: object, pool: object, move: Move) -> Add:
        """Answer the row that says which move it was and why."""
        why = move.why or Label({"zh": "", "en": ""})
        values = {
            "name": why.to("zh")[:500],
            "name_en": why.to("en")[:500],
            "move": move.move,
            "entity": self.what.entity,
            "rule": move.rule or None,
            "from_owner": change.old.get("owner"),
            "to_owner": owner,
            "from_pool": self.pool_of(change.old),
            "to_pool": pool,
            "at": self.ctx.now,
        }
        return Add(change, LOG, values, "record")

    def name(self, user: object) -> str:
        """Answer what people call a user."""
        return self.roster.name(user if isinstance(user, int) else None)

    def actor_name(self) -> Label | str:
        """Answer what people call whoever acts."""
        return self.name(self.actor.id) if self.actor.id is not None else told("system")


class _Arrivals(_Desk):
    """New records: the owner who was named, else whom the rules choose, else whoever made them."""

    def answers(self) -> Iterator[Answer]:
        """Yield owner, pool, clock and log row of each new record."""
        changes = self.concerned()
        if not changes:
            return
        homes = self.pools.homes([change.new for change in changes])
        decisions = self._decide([change for change in changes if self._is_open(change)])
        for change, home in zip(changes, homes, strict=True):
            yield from self._place(change, home, decisions.get(change.index))

    def _is_open(self, change: Change) -> bool:
        """Whether nobody said whose the lead is, so that the rules are asked."""
        asked = self.event.cause.get("assign", True) and self.event.via != "seed"
        named = _named(change, "owner") or _named(change, self.what.field("pool"))
        return self.what is LEADS and bool(asked) and not named

    def _decide(self, changes: Sequence[Change]) -> Mapping[int, Decision | None]:
        rows = [{**change.new, "created_at": self.ctx.now} for change in changes]
        decided = Assigner(self.ctx, pools=self.pools).decide(rows, [self.ctx.now] * len(rows))
        return {change.index: found for change, found in zip(changes, decided, strict=True)}

    def _place(
        self, change: Change, home: int | None, decision: Decision | None
    ) -> Iterator[Answer]:
        owner, pool, move = self._whose(change, home, decision)
        for answer in self.own(change, owner, pool):
            historic = self.event.via in {"seed", "import", "cli"}
            computed = answer.field in self.computed.values()
            if not (historic and computed and _named(change, answer.field)):
                yield answer
        if move is not None and move.move in _LIFTED and self._is_new(change):
            yield Set(change, "status", "assigned")
        if move is not None and self.event.via != "seed":
            yield self.log(change, owner, pool, move)

    def _is_new(self, change: Change) -> bool:
        return bool(self.what.statuses) and change.new.get("status") == "new"

    def _whose(
        self, change: Change, home: int | None, decision: Decision | None
    ) -> tuple[object, object, Move | None]:
        """Answer owner, pool and move of a new record; no move where nothing is worth telling."""
        if decision is not None and decision.owner is not None:
            return decision.owner, home, Move(move="rule", rule=decision.rule, why=decision.why)
        if decision is not None:
            move = Move(move="pooled", rule=decision.rule, why=decision.why)
            return None, decision.pool, move
        owner = change.new.get("owner")
        if _named(change, self.what.field("pool")) and not _named(change, "owner"):
            params = {"actor": self.actor_name(), "pool": self.pools.name(home), "reason": ""}
            return None, home, Move(move="pooled", why=told("why.pooled", **params))
        if owner is None:
            return None, home, None
        ruled = self.what is LEADS and not _named(change, "owner")
        key = "why.maker" if ruled else "why.named"
        return owner, home, Move(move="named", why=told(key, who=self.name(owner)))


class _Moves(_Desk):
    """Records that change hands, or whose computed fields somebody wants to write."""

    def answers(self) -> Iterator[Answer]:
        """Yield what refuses a change, or the clock and log row of the new state."""
        self._claims: dict[int, Claims] = {}
        about = {"owner", self.what.field("pool")}
        moving = [one for one in self.concerned() if about & one.fields]
        homes = self.pools.homes([one.new for one in moving]) if moving else []
        home_of = {one.index: home for one, home in zip(moving, homes, strict=True)}
        for change in self.event.changes:
            refusal = self._forged(change) or self._refusal(change)
            if refusal is not None:
                yield refusal
            elif change.index in home_of:
                yield from self._moved(change, home_of[change.index])

    def _forged(self, change: Change) -> Refuse | None:
        """Answer the refusal of a computed field written by hand."""
        given = change.fields & change.given
        written = [name for name in self.computed.values() if name in given]
        if not written or {CAUSE, "undo"} & self.event.cause.keys() or self.event.via == "seed":
            return None
        return Refuse(change, told("no.hand"), written[0])

    def _refusal(self, change: Change) -> Refuse | None:
        """Answer why the rules of a pool do not allow a change; None where they do."""
        owner, pool = change.new.get("owner"), self.pool_of(change.old)
        kept = self.computed["kept"]
        if self._kind(change).move == "claim" and change.id is not None and isinstance(pool, int):
            why = self._claims_of(owner).refusal(change.id, pool)
        elif kept in change.fields and change.new.get(kept) and isinstance(pool, int):
            why = self._claims_of(owner).keep_refusal(pool)
        elif self._takes_for_others(change) and not self._may_give(pool):
            why = told("no.admin", pool=self.pools.name(pool))
        else:
            return None
        return Refuse(change, why, "owner") if why else None

    def _takes_for_others(self, change: Change) -> bool:
        unowned = change.old.get("owner") is None and self.pool_of(change.old) is not None
        return unowned and change.new.get("owner") not in {None, self.actor.id}

    def _may_give(self, pool: object) -> bool:
        return self.actor.administrator or self.pools.is_admin(pool, self.actor.id)

    def _claims_of(self, owner: object) -> Claims:
        user = owner if isinstance(owner, int) else 0
        if user not in self._claims:
            self._claims[user] = Claims(self.ctx, self.pools, user)
        return self._claims[user]

    def _moved(self, change: Change, home: int | None) -> Iterator[Answer]:
        owner, move = change.new.get("owner"), self._kind(change)
        own = self.pool_of(change.new)
        pool = own if own is not None else home
        if "owner" in change.fields:
            wanted = [*self.own(change, owner, pool), *self._status(change, move)]
            kept = change.given if self.event.cause.get("undo") else ()  # as if it had never moved
            yield from (one for one in wanted if one.field not in kept)
        elif pool != own:
            yield Set(change, self.what.field("pool"), pool)
        if "owner" in change.fields or owner is None:
            told_move = move if move.why else replace(move, why=self._why(change, pool, move))
            yield self.log(change, owner, pool, told_move)

    def _status(self, change: Change, move: Move) -> Iterator[Set]:
        status = change.new.get("status") if self.what.statuses else None
        if move.move in _LIFTED and status == "new" and change.new.get("owner") is not None:
            yield Set(change, "status", "assigned")
        elif change.new.get("owner") is None and status == "assigned":
            yield Set(change, "status", "new")

    def _kind(self, change: Change) -> Move:
        """Answer which move a change is: what the plugin's own write says, else what it looks like.

        Taking a record out of a pool for oneself is a claim by whichever door.
        """
        said = self.event.cause.get(CAUSE)
        if isinstance(said, Move):
            return said
        old, new = change.old.get("owner"), change.new.get("owner")
        if "owner" not in change.fields:
            return Move(move="pooled")
        if new is None:
            return Move(move="release")
        pooled = old is None and self.pool_of(change.old) is not None
        return Move(move="claim" if pooled and new == self.actor.id else "assign")

    def _why(self, change: Change, pool: object, move: Move) -> Label:
        left = self.pool_of(change.old) if move.move == "claim" else pool
        return told(
            f"why.{move.move}",
            who=self.name(change.new.get("owner")),
            actor=self.actor_name(),
            pool=self.pools.name(left),
            reason="",
        )


def _named(change: Change, field: str) -> bool:
    """Whether whoever writes named a value of a field."""
    return field in change.given and change.new.get(field) is not None
