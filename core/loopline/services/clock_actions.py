"""What clocks can have done: the kernel's mail, webhooks and notifications, and what plugins do."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from loopline.access.context import Context
from loopline.hooks.boundary import boundary
from loopline.hooks.declarations import Action
from loopline.jobs.mail import Mail, enqueue_mail
from loopline.jobs.webhooks import announce
from loopline.language import Label
from loopline.services.approvals.deadlines import deadline_performers
from loopline.services.clock_jobs import Passed, Performer
from loopline.services.notifications import notify
from loopline.store.rows import Record, fetch
from loopline.store.titles import read_titles

OWNER: Final = "owner"
MANAGER: Final = "manager"


def find_performer(ctx: Context, name: str, entity: str) -> Performer | None:
    """Answer what performs an action on an entity: the kernel's own, else an enabled plugin's."""
    own: Mapping[str, Performer] = {
        "mail": send_mail,
        "notify": notify_people,
        "webhook": tell_webhooks,
        **deadline_performers(),
    }
    if name in own:
        return own[name]
    for plugin, action in ctx.calls.declared(ctx.calls.plugins.actions):
        if action.id == name and action.entity in {None, entity}:
            return partial(_run, plugin, action)
    return None


def send_mail(ctx: Context, passed: Passed) -> None:
    """Tell people by mail: ``to`` is owner, manager (the owner's), or an address.

    Each is told in their own language how the time was computed, once a mark.
    """
    definition = ctx.snapshot.catalog.clock(passed.clock.clock)
    mark = definition.mark(passed.mark)
    for address, language in _recipients(ctx, passed):
        title = _title(ctx, passed.record)
        params = {
            "clock": definition.label,
            "mark": mark.label if mark else Label({}),
            "title": title,
            "told": passed.clock.told.get(language, ""),
        }
        kind = "mark" if mark else "due"
        message = Mail(
            to=[address],
            subject=" ".join(ctx.messages.say(f"clock.mail.{kind}", language, **params).split()),
            text=ctx.messages.say("clock.mail.text", language, **params),
        )
        key = f"clock:{passed.clock.id}:{passed.mark}:{address}"
        enqueue_mail(ctx.connection, message, ctx.now, key=key)


def notify_people(ctx: Context, passed: Passed) -> None:
    """Tell people in their notifications: ``to`` is owner or manager (the owner's), once a mark."""
    definition = ctx.snapshot.catalog.clock(passed.clock.clock)
    mark = definition.mark(passed.mark)
    person = _person(ctx, passed, str(passed.settings.get("to", OWNER)))
    if person is None:
        return
    params = {"clock": dict(definition.label), "mark": dict(mark.label) if mark else {}}
    key = "notify.clock_mark" if mark else "notify.clock_due"
    event = f"clock:{passed.clock.id}:{passed.mark}"
    notify(ctx, [person.id], key, params, passed.record, event=event)


def tell_webhooks(ctx: Context, passed: Passed) -> None:
    """Tell the receivers of the event ``clock.<id>`` which mark was passed on which record."""
    body = {
        "clock": passed.clock.clock,
        "mark": passed.mark,
        "entity": passed.record.entity,
        "id": passed.record.id,
        "due_at": passed.clock.due_at,
        "told": dict(passed.clock.told),
    }
    event, key = f"clock.{passed.clock.clock}", f"clock:{passed.clock.id}:{passed.mark}"
    announce(ctx.connection, event, body, ctx.now, key)


def _run(plugin: str, action: Action, ctx: Context, passed: Passed) -> None:
    with boundary(plugin, f"action {action.id}"):
        action.run(ctx.contexts(plugin), [passed.record], passed.settings)


def _recipients(ctx: Context, passed: Passed) -> Iterator[tuple[str, str]]:
    """Yield address and language of whoever is to be told and can be."""
    to = str(passed.settings.get("to", OWNER))
    if "@" in to:
        yield to, ctx.locale.language
        return
    person = _person(ctx, passed, to)
    if person is not None and person.value("email"):
        yield str(person.value("email")), str(person.value("language") or ctx.locale.language)


def _person(ctx: Context, passed: Passed, to: str) -> Record | None:
    """Answer the owner of the record, or their manager; None for nobody who can be told."""
    person = _user(ctx, passed.record.value(OWNER))
    if to == MANAGER and person is not None:
        person = _user(ctx, person.value(MANAGER))
    return person


def _user(ctx: Context, number: object) -> Record | None:
    if not isinstance(number, int):
        return None
    found = fetch(ctx.connection, ctx.snapshot.table("user"), [number]).get(number)
    return found if found and found.deleted_at is None and found.value("active") else None


def _title(ctx: Context, record: Record) -> str:
    one = ctx.snapshot.table(record.entity)
    return read_titles(ctx.connection, one, [record.id]).get(record.id, f"#{record.id}")
