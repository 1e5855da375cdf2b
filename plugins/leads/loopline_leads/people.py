"""Who a rule's receivers are, who is away, and how much each of them has."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from loopline.sdk import Context, quoted
from loopline_leads.leads import LEAD, LOG, OPEN, day_of, moment, start_of
from loopline_leads.rules import AssignmentRule, Receiver

WEIGHED_DAYS = 30
"""Over how many days the method ``weighted`` looks back."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whom a rule may choose, in the rule's order."""

    user: int
    weight: int


class Roster:
    """The people of a site as one transaction finds them, each answer read once."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._candidates: dict[str, tuple[Candidate, ...]] = {}
        self._names: dict[int, str] = {}
        self._absences: list[tuple[int, date, date]] | None = None

    def candidates(self, rule: AssignmentRule) -> tuple[Candidate, ...]:
        """Answer everybody a rule names who is active; who is named twice counts once."""
        if rule.id not in self._candidates:
            found: dict[int, Candidate] = {}
            for receiver in rule.to:
                for user in self._users(receiver):
                    found.setdefault(user, Candidate(user, receiver.weight))
            self._candidates[rule.id] = tuple(found.values())
        return self._candidates[rule.id]

    def name(self, user: int | None) -> str:
        """Answer what people call a user."""
        if user is None:
            return ""
        if user not in self._names:
            self._names[user] = self._ctx.title("user", user)
        return self._names[user]

    def is_away(self, user: int, day: date) -> bool:
        """Whether a user is absent on a day."""
        if self._absences is None:
            self._absences = list(self._read_absences())
        return any(who == user and first <= day <= last for who, first, last in self._absences)

    def _read_absences(self) -> Iterator[tuple[int, date, date]]:
        if self._ctx.has("entity", "absence"):
            for one in self._ctx.every("absence"):
                user, first, last = (one.value(name) for name in ("user", "from", "until"))
                if isinstance(user, int) and isinstance(first, date) and isinstance(last, date):
                    yield user, first, last

    def _users(self, receiver: Receiver) -> Iterable[int]:
        emails = [f"email == {quoted(email)}" for email in receiver.users]
        for one in emails:
            yield from self._active(one)
        if receiver.role:
            holders = frozenset(self._ctx.holders(receiver.role))
            yield from (user for user in self._active("") if user in holders)
        if receiver.department:
            for department in self._tree(receiver.department):
                yield from self._active(f"department == {department}")

    def _active(self, condition: str) -> Iterator[int]:
        parts = ["active == true", *([condition] if condition else [])]
        return (one.id for one in self._ctx.every("user", " && ".join(parts)))

    def _tree(self, code: str) -> list[int]:
        """Answer a department and all below it, the top first."""
        below: dict[object, list[int]] = {}
        top: list[int] = []
        for one in self._ctx.every("department"):
            below.setdefault(one.value("parent"), []).append(one.id)
            top += [one.id] if one.value("code") == code else []
        found: dict[int, None] = {}
        waiting = top
        while waiting:
            department = waiting.pop(0)
            if department not in found:
                found[department] = None
                waiting += below.get(department, [])
        return list(found)


class Loads:
    """How much everybody has: what is stored, and what was given since without being stored."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._open: dict[int, int] = {}
        self._days: dict[tuple[int, date], int] = {}
        self._recent: dict[tuple[str, int], int] = {}
        self._last: dict[str, int | None] = {}

    def open(self, user: int) -> int:
        """Answer how many open leads a user has."""
        if user not in self._open:
            self._open[user] = self._count_open(user)
        return self._open[user]

    def on_day(self, user: int, day: date) -> int:
        """Answer how many leads rules gave a user on a day."""
        if (user, day) not in self._days:
            self._days[user, day] = self._count_day(user, day)
        return self._days[user, day]

    def recent(self, rule: AssignmentRule, user: int, at: datetime) -> int:
        """Answer how many leads a rule gave a user lately."""
        if (rule.id, user) not in self._recent:
            self._recent[rule.id, user] = self._count_recent(rule, user, at)
        return self._recent[rule.id, user]

    def last(self, rule: AssignmentRule) -> int | None:
        """Answer whom a rule chose last."""
        if rule.id not in self._last:
            self._last[rule.id] = self._read_last(rule)
        return self._last[rule.id]

    def took(self, rule: AssignmentRule, user: int, at: datetime) -> None:
        """Note that a user was given a lead by a rule."""
        day = day_of(at, self._ctx.site_zone)
        counted = self.open(user), self.on_day(user, day), self.recent(rule, user, at)
        self._open[user], self._days[user, day] = counted[0] + 1, counted[1] + 1
        self._recent[rule.id, user] = counted[2] + 1
        self._last[rule.id] = user

    def _count_open(self, user: int) -> int:
        return self._ctx.count(LEAD, f"owner == {user} && {OPEN}")

    def _count_day(self, user: int, day: date) -> int:
        begins = start_of(day, self._ctx.site_zone)
        ends = start_of(day + timedelta(days=1), self._ctx.site_zone)
        within = f"at >= {moment(begins)} && at < {moment(ends)}"
        return self._ctx.count(LOG, f'to_owner == {user} && move == "rule" && {within}')

    def _count_recent(self, rule: AssignmentRule, user: int, at: datetime) -> int:
        since = moment(at - timedelta(days=WEIGHED_DAYS))
        text = f"to_owner == {user} && rule == {quoted(rule.id)} && at >= {since}"
        return self._ctx.count(LOG, text)

    def _read_last(self, rule: AssignmentRule) -> int | None:
        text = f"rule == {quoted(rule.id)} && !is_blank(to_owner)"
        found: Sequence[object] = [
            one.value("to_owner") for one in self._ctx.find(LOG, text, sort=["-id"], limit=1)
        ]
        return found[0] if found and isinstance(found[0], int) else None


class EmptyLoads(Loads):
    """Nobody has anything: where a trial begins."""

    def _count_open(self, user: int) -> int:
        return 0

    def _count_day(self, user: int, day: date) -> int:
        return 0

    def _count_recent(self, rule: AssignmentRule, user: int, at: datetime) -> int:
        return 0

    def _read_last(self, rule: AssignmentRule) -> int | None:
        return None
