"""People of an approval: who can decide, whom an approver of a document comes to."""

from collections.abc import Iterator
from dataclasses import replace

from loopline.access.accounts import find_user, load_actor
from loopline.access.context import Actor, Context
from loopline.access.roles import holders_of
from loopline.meta.approvals import ApproverDef
from loopline.services.approvals.case import row_of
from loopline.services.expressions import followed, linked_records, values_of
from loopline.services.permits import permitted
from loopline.store.rows import Record, fetch

_USER, _DEPARTMENT, _MANAGER = "user", "department", "manager"


def actor_of(ctx: Context, user: int) -> Actor | None:
    """Answer a user as an actor; None where they may not sign in."""
    return load_actor(ctx.connection, ctx.snapshot.table(_USER), user, ctx.site_zone)


def can_decide(ctx: Context, record: Record, user: int) -> bool:
    """Whether a user may sign in and read the record, without which they cannot decide."""
    actor = actor_of(ctx, user)
    if actor is None:
        return False
    return permitted(replace(ctx, actor=actor), record.entity, "read", [record])[0]


def people_of(ctx: Context, record: Record, approver: ApproverDef) -> list[int]:
    """Answer the users that an approver comes to, each once, able to decide or not."""
    return list(dict.fromkeys(_people(ctx, record, approver)))


def _people(ctx: Context, record: Record, approver: ApproverDef) -> Iterator[int]:
    if approver.source == "role":
        yield from holders_of(ctx.connection, approver.value)
    elif approver.source == "users":
        users = ctx.snapshot.table(_USER)
        found = (find_user(ctx.connection, users, address) for address in approver.users)
        yield from (one for one in found if one is not None)
    else:
        end = end_of(ctx, record, approver.path)
        if end is not None and approver.source == "department":
            yield from _manager(ctx, _DEPARTMENT, end)
        elif end is not None:
            yield end


def end_of(ctx: Context, record: Record, path: tuple[str, ...]) -> int | None:
    """Answer the record to which a path of links leads from a record."""
    row = row_of(record)
    linked = linked_records(ctx, record.entity, followed([path]), [row])
    found = values_of(row, linked)(path)
    return found if isinstance(found, int) else None


def manager_of(ctx: Context, user: int) -> int | None:
    """Answer the manager of a user."""
    return next(_manager(ctx, _USER, user), None)


def _manager(ctx: Context, entity: str, number: int) -> Iterator[int]:
    held = fetch(ctx.connection, ctx.snapshot.table(entity), [number]).get(number)
    found = held.values.get(_MANAGER) if held is not None and held.deleted_at is None else None
    if isinstance(found, int):
        yield found
