"""The recycle forecast: one function says when which rule takes a record, and everybody asks it.

The panel of a record, the warning of owners, the page that tries a changed rule, and the nightly
job all call :func:`forecast`, so that what was shown is what is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Final

from loopline.sdk import Context, Label
from loopline_leads.leads import CHUNK, moment, row_of
from loopline_leads.pooled import LEADS, Pooled, both
from loopline_leads.pools import Pools
from loopline_leads.rules import NO_LEVEL, PoolRule, RecycleRule
from loopline_leads.texts import told

Values = Mapping[str, object]
NIGHT: Final = time(1, 30)
"""When the job runs, in the site's zone."""
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fate:
    """What awaits a record: the pool rule it comes under, and when which entry of it takes it.

    ``due`` is from when on it can be taken, None for never; ``exempt`` says why it is not.
    """

    id: int
    owner: int | None
    pool: PoolRule | None = None
    entry: RecycleRule | None = None
    due: datetime | None = None
    exempt: Label | None = None

    def taken_at(self, at: datetime) -> bool:
        """Whether a job that runs at that moment takes the record."""
        return self.exempt is None and self.due is not None and self.due <= at


def forecast(
    ctx: Context,
    rules: Sequence[PoolRule],
    rows: Sequence[Values],
    now: datetime,
    what: Pooled = LEADS,
) -> list[Fate]:
    """Answer what awaits records under pool rules, their conditions read at a moment.

    ``rows`` hold the values of whole records, ``id`` and ``created_at`` included. Raises NotValid
    for a condition that is none.
    """
    pools = Pools(ctx, rules, what).rules_for(rows, at=now)
    fates = [_standing(what, row, pool) for row, pool in zip(rows, pools, strict=True)]
    for rule in rules:
        mine = [i for i, one in enumerate(fates) if one.pool == rule and one.exempt is None]
        some = [rows[i] for i in mine]
        exempt = (
            ctx.matches(what.entity, rule.exempt, some, at=now)
            if rule.exempt
            else [False] * len(mine)
        )
        dues = _dues(ctx, what, rule, some, now)
        for index, spared, found in zip(mine, exempt, dues, strict=True):
            fates[index] = _fate(fates[index], rule, found, spared=spared)
    return fates


def taken(
    ctx: Context,
    rules: Sequence[PoolRule],
    at: datetime,
    after: int = 0,
    what: Pooled = LEADS,
) -> Iterator[Fate]:
    """Yield what a job that runs at a moment takes, in the order of the records' ids."""
    if not any(rule.recycle for rule in rules):
        return
    until = what.field("protected_until")
    protected = f"is_blank({until}) || {until} <= {moment(at)}"
    found = ctx.every(what.entity, both("!is_blank(owner)", what.open, protected), after=after)
    while some := list(islice(found, CHUNK)):
        fates = forecast(ctx, rules, [row_of(one) for one in some], at, what)
        yield from (fate for fate in fates if fate.taken_at(at))


def _standing(what: Pooled, row: Values, pool: PoolRule | None) -> Fate:
    """Answer a record's fate before any rule is asked."""
    owner = row.get("owner")
    exempt = None
    if not what.is_open(row):
        exempt = told("fate.closed")
    elif what.value(row, "kept"):
        exempt = told("fate.kept")
    elif not isinstance(owner, int):
        exempt = told("fate.never")
    return Fate(
        id=int(str(row["id"])),
        owner=owner if isinstance(owner, int) else None,
        pool=pool,
        exempt=exempt,
    )


def _fate(
    fate: Fate, rule: PoolRule, found: tuple[datetime, RecycleRule] | None, *, spared: bool
) -> Fate:
    if spared:
        exempt = told("fate.exempt", rule=rule.label)
        return Fate(id=fate.id, owner=fate.owner, pool=rule, exempt=exempt)
    if found is None:
        return fate
    return Fate(id=fate.id, owner=fate.owner, pool=rule, entry=found[1], due=found[0])


def _dues(
    ctx: Context, what: Pooled, rule: PoolRule, rows: Sequence[Values], now: datetime
) -> list[tuple[datetime, RecycleRule] | None]:
    """Answer for each record of a rule when the first of its entries takes it; None for never."""
    found: list[tuple[datetime, RecycleRule] | None] = [None] * len(rows)
    for entry in rule.recycle:
        when = ctx.matches(what.entity, entry.when, rows, at=now)
        reached = [False] * len(rows)
        if entry.unless:
            reached = ctx.matches(what.entity, entry.unless, rows, at=now)
        for index, row in enumerate(rows):
            level = str(row.get("level") or NO_LEVEL)
            if not when[index] or reached[index] or (entry.levels and level not in entry.levels):
                continue
            due = _due(what, row, entry)
            before = found[index]
            if before is None or due < before[0]:
                found[index] = (due, entry)
    return found


def _due(what: Pooled, row: Values, entry: RecycleRule) -> datetime:
    """Answer from when on an entry takes a record: days after a start, never while protected."""
    owned = _moment(what.value(row, "owned_since")) or _moment(row["created_at"]) or _EARLIEST
    start = owned
    if entry.reason == "no_follow_up":
        start = max(owned, _moment(what.value(row, "last_follow_up")) or owned)
    protected = _moment(what.value(row, "protected_until"))
    return max(start + timedelta(days=entry.days), protected or start)


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None
