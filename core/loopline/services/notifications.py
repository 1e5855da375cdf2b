"""Notifications: what people are told of, once an event, in their language when they read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import loopline.store.notifications as store
from loopline.access.accounts import load_actor
from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.jobs.queue import enqueue
from loopline.language import Label
from loopline.query.titles import titles
from loopline.services.mentions import with_names
from loopline.services.permits import permitted
from loopline.store.comments import read_comments
from loopline.store.notifications import StoredNotification
from loopline.store.rows import Record

KINDS: Final = ("mention", "assigned", "clock", "notice", "approval")
MAILABLE: Final = ("mention", "assigned", "clock", "notice")
"""Kinds that a person may also have by mail; approvals write mails of their own."""
MAIL: Final = "notification.mail"
MOST_COUNTED: Final = 100
_EXCERPT: Final = 160


@dataclass(frozen=True, kw_only=True, slots=True)
class Notification:
    """What somebody is told, in their words; ``excerpt`` is what was said, if anything was.

    ``record`` is blank where it is about several records of the entity.
    """

    id: int
    kind: str
    text: str
    excerpt: str
    entity: str
    record: int | None
    by: int | None
    at: datetime
    read: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Notifications:
    """Newest first, and where to go on."""

    items: tuple[Notification, ...]
    next: int | None


def notify(
    ctx: Context,
    users: Iterable[int],
    key: str,
    params: Mapping[str, Any],
    about: Record | str = "",
    *,
    event: str = "",
) -> frozenset[int]:
    """Tell people of what happened; answer who of them may be told of it at all.

    ``key`` is a message key ``notify.<kind>`` or ``notify.<kind>_…``; ``params``, plain values or
    texts by language, fill it beside ``who`` and ``title``. It is ``about`` a record, or several of
    an entity: who may not sign in or not read it is not told, nor is who did it. ``event`` names
    what happened, by default the record's present version: nobody is told of it twice.
    """
    record = about if isinstance(about, Record) else None
    entity = about.entity if isinstance(about, Record) else about
    version = f"{key}:{entity}:{record.id}:{record.version}" if record is not None else key
    reached: set[int] = set()
    for user in dict.fromkeys(users):
        reader = as_reader(ctx, user)
        if reader is None or not _may_know(reader, entity, record):
            continue
        reached.add(user)
        if user == ctx.actor.id:
            continue
        one = StoredNotification(
            user_id=user,
            kind=kind_of(key),
            key=key,
            params=dict(params),
            entity=entity or None,
            record=record.id if record is not None else None,
            by_user=ctx.actor.id,
            event=event or version,
            at=ctx.now,
        )
        _add(ctx, one)
    return frozenset(reached)


def _add(ctx: Context, one: StoredNotification) -> None:
    number = store.insert_notification(ctx.connection, one)
    if number is None or one.kind not in MAILABLE:
        return
    if one.kind in store.mailed_kinds(ctx.connection, one.user_id):
        payload = {"notification": number}
        enqueue(ctx.connection, MAIL, payload, ctx.now, unique_key=f"{MAIL}:{number}")


def kind_of(key: str) -> str:
    """Answer the kind of a notification by its message key."""
    return key.removeprefix("notify.").split("_")[0]


def as_reader(ctx: Context, user: int) -> Context | None:
    """Answer the context of somebody else who reads, None where they may not sign in."""
    actor = load_actor(ctx.connection, ctx.snapshot.table("user"), user, ctx.site_zone)
    if actor is None:
        return None
    locale = replace(ctx.locale, language=actor.language, zone=actor.zone)
    return replace(ctx, actor=actor, locale=locale)


def _may_know(reader: Context, entity: str, record: Record | None) -> bool:
    if not entity:
        return True
    if not reader.snapshot.catalog.has("entity", entity):
        return False
    if record is not None:
        return permitted(reader, entity, "read", [record])[0]
    return reader.rights.allows(reader.snapshot.catalog.entity(entity), "read")


def notifications(
    ctx: Context, *, limit: int = 30, before: int | None = None, unread: bool = False
) -> Notifications:
    """Answer what the actor was told, without what is about records they may not read."""
    if ctx.actor.id is None:
        return Notifications(items=(), next=None)
    rows = store.read_notifications(
        ctx.connection, ctx.actor.id, limit + 1, before=before, unread=unread
    )
    following = rows[limit - 1].id if len(rows) > limit else None
    return Notifications(items=tuple(told(ctx, rows[:limit])), next=following)


def unread_count(ctx: Context) -> int:
    """Answer how many notifications the actor has not read, no further than MOST_COUNTED."""
    if ctx.actor.id is None:
        return 0
    rows = store.read_notifications(ctx.connection, ctx.actor.id, MOST_COUNTED, unread=True)
    return len(_readable(ctx, rows)[0])


def told(ctx: Context, rows: Sequence[StoredNotification]) -> list[Notification]:
    """Answer stored notifications in the actor's words, those they may still read."""
    seen, names = _readable(ctx, rows)
    people = titles(ctx, "user", {one.by_user for one in seen if one.by_user is not None})
    excerpts = _excerpts(ctx, seen)
    return [_told(ctx, one, names, people, excerpts) for one in seen]


def _told(
    ctx: Context,
    one: StoredNotification,
    names: Mapping[tuple[str, int], str],
    people: Mapping[int, str],
    excerpts: Mapping[int, str],
) -> Notification:
    language, say = ctx.actor.language, ctx.messages.say
    who = say("ui.system", language) if one.by_user is None else f"#{one.by_user}"
    entity = one.entity or ""
    label = ctx.catalog.entity(entity).plural if entity else ""
    params = {name: Label(v) if isinstance(v, dict) else v for name, v in one.params.items()}
    standing: dict[str, object] = {
        "who": people.get(one.by_user or 0, who),
        "title": names.get((entity, one.record or 0), ""),
        "entity": label,
    }
    return Notification(
        id=one.id,
        kind=one.kind,
        text=say(one.key, language, **{**standing, **params}),
        excerpt=excerpts.get(one.id, ""),
        entity=entity,
        record=one.record,
        by=one.by_user,
        at=one.at,
        read=one.read_at is not None,
    )


def _readable(
    ctx: Context, rows: Sequence[StoredNotification]
) -> tuple[list[StoredNotification], dict[tuple[str, int], str]]:
    """Answer the rows about what the actor may read, and the titles of their records."""
    wanted: dict[str, set[int]] = {}
    for one in rows:
        if one.entity and one.record is not None:
            wanted.setdefault(one.entity, set()).add(one.record)
    names = {
        (entity, number): title
        for entity, ids in wanted.items()
        for number, title in titles(ctx, entity, ids).items()
    }

    def seen(one: StoredNotification) -> bool:
        if one.entity and one.record is not None:
            return (one.entity, one.record) in names
        return not one.entity or ctx.catalog.has("entity", one.entity)

    return [one for one in rows if seen(one)], names


def _excerpts(ctx: Context, rows: Sequence[StoredNotification]) -> Mapping[int, str]:
    """Answer, by notification, the beginning of the comment it is about, as it now stands."""
    about = {one.id: int(one.params["comment"]) for one in rows if "comment" in one.params}
    held = read_comments(ctx.connection, set(about.values())) if about else {}
    people = titles(ctx, "user", {user for one in held.values() for user in one.mentions})
    shown = {n: with_names(one.text, one.mentions, people) for n, one in held.items()}
    texts = {number: " ".join(shown.get(about[number], "").split()) for number in about}
    return {
        number: text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
        for number, text in texts.items()
    }


def mark_read(ctx: Context, ids: Sequence[int] | None = None) -> int:
    """Mark the actor's notifications read, all if none are named; answer how many were unread."""
    return (
        0 if ctx.actor.id is None else store.mark_read(ctx.connection, ctx.actor.id, ctx.now, ids)
    )


def own_notification(ctx: Context, number: int) -> Notification:
    """Answer a notification of the actor's own. Raises NotFound."""
    held = store.notification_by_id(ctx.connection, number)
    mine = held is not None and held.user_id == ctx.actor.id
    found = told(ctx, [held]) if held is not None and mine else []
    if not found:
        raise NotFound(code="notification.not_found", id=number)
    return found[0]


def mailed_kinds(ctx: Context) -> frozenset[str]:
    """Answer the kinds that the actor also wants by mail."""
    return frozenset() if ctx.actor.id is None else store.mailed_kinds(ctx.connection, ctx.actor.id)


def choose_mailed_kinds(ctx: Context, kinds: Iterable[str]) -> None:
    """Say which kinds the actor also wants by mail; those that never go by mail are passed over."""
    if ctx.actor.id is not None:
        chosen = frozenset(kinds) & frozenset(MAILABLE)
        store.write_mailed_kinds(ctx.connection, ctx.actor.id, chosen)
