"""What people do to the ownership of leads: claim, give back, assign, keep, pass on."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from loopline.sdk import Action, Context, Label, NotValid, Problem, Record, Result
from loopline_leads.follow_up import pass_on
from loopline_leads.leads import LEAD, POOL
from loopline_leads.moves import CAUSE, Move
from loopline_leads.people import Roster
from loopline_leads.pools import Pools
from loopline_leads.texts import told

_REASON: Final = {
    "type": "string",
    "maxLength": 300,
    "x-label": {"zh": "原因", "en": "Reason"},
    "x-widget": "textarea",
}
_NOBODYS: Final = "!is_blank(pool) && is_blank(owner)"
_OWNED: Final = "!is_blank(owner)"
Changes = Mapping[str, object]


def actions() -> Iterable[Action]:
    """Yield the actions of leads."""
    yield Action(
        id="claim",
        label=Label({"zh": "领取", "en": "Claim"}),
        entity=LEAD,
        run=claim,
        shown_if=_NOBODYS,
        tone="accent",
    )
    yield Action(
        id="assign",
        label=Label({"zh": "分配", "en": "Assign"}),
        entity=LEAD,
        run=assign,
        settings=_settings(["owner"], owner=_of("user", "负责人", "Owner", "active == true")),
    )
    yield Action(
        id="release",
        label=Label({"zh": "退回", "en": "Give back"}),
        entity=LEAD,
        run=release,
        settings=_settings([], pool=_of(POOL, "退回到（空白为原来的池）", "To which pool")),
        shown_if=_OWNED,
    )
    yield Action(
        id="keep",
        label=Label({"zh": "锁定", "en": "Keep"}),
        entity=LEAD,
        run=keep,
        shown_if=f"{_OWNED} && !(kept == true)",
    )
    yield Action(
        id="unkeep",
        label=Label({"zh": "解除锁定", "en": "Stop keeping"}),
        entity=LEAD,
        run=unkeep,
        shown_if="kept == true",
    )
    yield Action(
        id="pass_on",
        label=Label({"zh": "改派", "en": "Pass on"}),
        entity=LEAD,
        run=pass_on,
        shown_if=_OWNED,
    )


def claim(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Take leads out of their pools for oneself. Raises NotValid naming the rule that forbids."""
    if ctx.actor.id is None:
        raise _refused("action", told("no.person"))
    pools, who = Pools(ctx.elevated("claim")), Roster(ctx).name(ctx.actor.id)
    for pool, some in _by_pool(records, [_id(one.value("pool")) for one in records]).items():
        why = told("why.claim", who=who, pool=pools.name(pool))
        changes: dict[int, Changes] = {one.id: {"owner": ctx.actor.id} for one in some}
        _move(ctx, changes, Move(move="claim", why=why), "done.claim")
    return Result(told("done.claim", count=len(records)))


def assign(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give leads to somebody. Raises NotValid for nobody, or where only a pool's admins may."""
    whole = ctx.elevated("assign")
    owner = int(settings["owner"])
    if not whole.find("user", f"id == {owner} && active == true", limit=1):
        raise _refused("settings.owner", told("no.user"))
    pools = Pools(whole)
    for one in records:
        pool = one.value("pool")
        pooled = one.value("owner") is None and pool is not None
        if pooled and not (ctx.actor.administrator or pools.is_admin(pool, ctx.actor.id)):
            raise _refused("action", told("no.admin", pool=pools.name(pool)))
    who = Roster(ctx).name(owner)
    why = told("why.assign", actor=_actor(ctx), who=who, reason=_because(settings))
    changes: dict[int, Changes] = {one.id: {"owner": owner} for one in records}
    return _move(ctx, changes, Move(move="assign", why=why), "done.assign", who=who)


def release(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Give leads back, into their pool or the one that is named. Raises NotValid for none."""
    pools = Pools(ctx.elevated("release"))
    homes = pools.homes([one.values for one in records])
    wanted = settings.get("pool")
    if wanted is not None and not ctx.elevated("release").find(POOL, f"id == {int(wanted)}"):
        raise _refused("settings.pool", told("no.pool"))
    for pool, some in _by_pool(records, [wanted or home for home in homes]).items():
        params = {"actor": _actor(ctx), "pool": pools.name(pool), "reason": _because(settings)}
        move = Move(move="release", why=told("why.release", **params))
        changes: dict[int, Changes] = {one.id: {"owner": None, "pool": pool} for one in some}
        _move(ctx, changes, move, "done.release")
    return Result(told("done.release", count=len(records)))


def keep(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Keep leads from being recycled. Raises NotValid naming the rule whose cap is reached."""
    return _move(ctx, {one.id: {"kept": True} for one in records}, Move(move="keep"), "done.keep")


def unkeep(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Let leads be recycled again."""
    changes: dict[int, Changes] = {one.id: {"kept": False} for one in records}
    return _move(ctx, changes, Move(move="keep"), "done.unkeep")


def _move(
    ctx: Context, changes: Mapping[int, Changes], move: Move, done: str, **params: object
) -> Result:
    """Write the new state of leads by the one path, all or none.

    Raises NotValid naming the rule that forbids.
    """
    whole = ctx.elevated(move.move).because(**{CAUSE: move})
    wrong = whole.update_many(LEAD, changes)
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
