"""What people do to whose leads and customers are: claim, give back, assign, keep, pass on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Label, NotValid, Problem, Record, Result
from loopline_leads.follow_up import pass_on
from loopline_leads.leads import LEAD, POOL
from loopline_leads.moves import CAUSE, Move
from loopline_leads.people import Roster
from loopline_leads.pooled import LEADS, POOLED, Pooled, both
from loopline_leads.pools import Pools
from loopline_leads.texts import told

_REASON: Final = {
    "type": "string",
    "maxLength": 300,
    "x-label": {"zh": "原因", "en": "Reason"},
    "x-widget": "textarea",
}
Changes = Mapping[str, object]


def actions() -> Iterable[Action]:
    """Yield the actions of leads and customers: alike, but that rules pass on only leads."""
    for what in POOLED.values():
        yield from _giving(what)
        yield from _keeping(what)
    yield Action(
        id="pass_on",
        label=Label({"zh": "改派", "en": "Pass on"}),
        entity=LEAD,
        run=pass_on,
        shown_if="!is_blank(owner)",
    )


def _giving(what: Pooled) -> Iterable[Action]:
    yield Action(
        id="claim",
        label=Label({"zh": "领取", "en": "Claim"}),
        entity=what.entity,
        run=claim,
        shown_if=what.unowned(),
        tone="accent",
    )
    yield Action(
        id="assign",
        label=Label({"zh": "分配", "en": "Assign"}),
        entity=what.entity,
        run=assign,
        settings=_settings(["owner"], owner=_of("user", "负责人", "Owner", "active == true")),
    )
    pool = _of(POOL, "退回到（空白为原来的池）", "To which pool")
    yield Action(
        id="release",
        label=Label({"zh": "退回", "en": "Give back"}),
        entity=what.entity,
        run=release,
        settings=_settings([], pool=pool),
        shown_if=_given_back(what),
    )


def _given_back(what: Pooled) -> str:
    """Answer when a record can be given back; a customer only where it came from a pool."""
    return both("!is_blank(owner)", "" if what is LEADS else f"!is_blank({what.field('pool')})")


def _keeping(what: Pooled) -> Iterable[Action]:
    kept = f"{what.field('kept')} == true"
    yield Action(
        id="keep",
        label=Label({"zh": "锁定", "en": "Keep"}),
        entity=what.entity,
        run=keep,
        shown_if=both(_given_back(what), f"!({kept})"),
    )
    yield Action(
        id="unkeep",
        label=Label({"zh": "解除锁定", "en": "Stop keeping"}),
        entity=what.entity,
        run=unkeep,
        shown_if=kept,
    )


def claim(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Take records out of their pools for oneself. Raises NotValid naming the rule that forbids."""
    if ctx.actor.id is None:
        raise _refused("action", told("no.person"))
    what = _what(records)
    pools, who = Pools(ctx.elevated("claim"), what=what), Roster(ctx).name(ctx.actor.id)
    for pool, some in _by_pool(records, [_id(what.value(one, "pool")) for one in records]).items():
        why = told("why.claim", who=who, pool=pools.name(pool))
        changes: dict[int, Changes] = {one.id: {"owner": ctx.actor.id} for one in some}
        _move(ctx, what, changes, Move(move="claim", why=why), "done.claim")
    return Result(told("done.claim", count=len(records)))


def assign(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give records to somebody. Raises NotValid for nobody, or where only a pool's admins may."""
    whole = ctx.elevated("assign")
    owner = int(settings["owner"])
    if not whole.find("user", f"id == {owner} && active == true", limit=1):
        raise _refused("settings.owner", told("no.user"))
    what = _what(records)
    pools = Pools(whole, what=what)
    for one in records:
        pool = what.value(one, "pool")
        pooled = one.value("owner") is None and pool is not None
        if pooled and not (ctx.actor.administrator or pools.is_admin(pool, ctx.actor.id)):
            raise _refused("action", told("no.admin", pool=pools.name(pool)))
    who = Roster(ctx).name(owner)
    why = told("why.assign", actor=_actor(ctx), who=who, reason=_because(settings))
    changes: dict[int, Changes] = {one.id: {"owner": owner} for one in records}
    return _move(ctx, what, changes, Move(move="assign", why=why), "done.assign", who=who)


def release(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give records back, into their pool or the one that is named. Raises NotValid for none."""
    what = _what(records)
    pools = Pools(ctx.elevated("release"), what=what)
    homes = pools.homes([one.values for one in records])
    wanted = settings.get("pool")
    if wanted is not None and not ctx.elevated("release").find(POOL, f"id == {int(wanted)}"):
        raise _refused("settings.pool", told("no.pool"))
    for pool, some in _by_pool(records, [wanted or home for home in homes]).items():
        params = {"actor": _actor(ctx), "pool": pools.name(pool), "reason": _because(settings)}
        move = Move(move="release", why=told("why.release", **params))
        freed = {"owner": None, what.field("pool"): pool}
        _move(ctx, what, {one.id: freed for one in some}, move, "done.release")
    return Result(told("done.release", count=len(records)))


def keep(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Keep records from being recycled. Raises NotValid naming the rule whose cap is reached."""
    return _keep(ctx, records, "done.keep", kept=True)


def unkeep(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Let records be recycled again."""
    return _keep(ctx, records, "done.unkeep", kept=False)


def _keep(ctx: Context, records: Sequence[Record], done: str, *, kept: bool) -> Result:
    what = _what(records)
    changes: dict[int, Changes] = {one.id: {what.field("kept"): kept} for one in records}
    return _move(ctx, what, changes, Move(move="keep"), done)


def _what(records: Sequence[Record]) -> Pooled:
    """Answer what the records of one act are; for none it does not matter."""
    return POOLED[records[0].entity] if records else LEADS


def _move(
    ctx: Context,
    what: Pooled,
    changes: Mapping[int, Changes],
    move: Move,
    done: str,
    **params: object,
) -> Result:
    """Write the new state of records by the one path, all or none.

    Raises NotValid naming the rule that forbids.
    """
    whole = ctx.elevated(move.move).because(**{CAUSE: move})
    wrong = whole.update_many(what.entity, changes)
    if wrong:
        raise NotValid(*(problem for problems in wrong.values() for problem in problems))
    return Result(told(done, count=len(changes), **params))


def _by_pool(
    records: Sequence[Record], pools: Sequence[int | None]
) -> Mapping[int | None, list[Record]]:
    found: dict[int | None, list[Record]] = {}
    for one, pool in zip(records, pools, strict=True):
        found.setdefault(pool, []).append(one)
    return found


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _actor(ctx: Context) -> Label | str:
    return Roster(ctx).name(ctx.actor.id) if ctx.actor.id is not None else told("system")


def _because(settings: Mapping[str, Any]) -> Label | str:
    reason = str(settings.get("reason") or "").strip()
    return told("reason", reason=reason) if reason else ""


def _refused(path: str, message: Label) -> NotValid:
    return NotValid(Problem(path, "plugin.refused", {"plugin": "leads", "message": message}))


def _settings(required: Sequence[str], **properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(required),
        "properties": {**properties, "reason": _REASON},
    }


def _of(entity: str, zh: str, en: str, condition: str = "") -> Mapping[str, Any]:
    """Answer the setting that names a record of an entity."""
    return {
        "type": "integer",
        "minimum": 1,
        "x-record": entity,
        "x-filter": condition,
        "x-label": {"zh": zh, "en": en},
    }
