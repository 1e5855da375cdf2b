"""Mail in: each new message of a mailbox becomes a record, once, by a job."""

import logging
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from email.utils import parseaddr
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid
from loopline.fields.base import Unreadable
from loopline.hooks.events import MailArrived
from loopline.jobs.imap import open_mailbox
from loopline.jobs.mail import keys_of
from loopline.jobs.queue import Job
from loopline.jobs.schedule import Every, Recurring
from loopline.jobs.worker import Handler
from loopline.meta.capture import MAIL
from loopline.meta.screens import FormDef
from loopline.services.capture.accepting import write
from loopline.services.capture.messages import MailIn, message_key, read_message
from loopline.services.capture.values import Origin
from loopline.settings import MailInSettings, Settings
from loopline.store import capture as store

FETCH: Final = "mail_in.fetch"
_MINUTES: Final = 5
_MOST: Final = 200
"""Messages that one job takes; the next goes on."""
_BACK: Final = timedelta(days=1)
Opener = Callable[..., AbstractContextManager[Context]]
_log = logging.getLogger(__name__)


def mail_in_recurring(settings: Settings) -> tuple[Recurring, ...]:
    """Answer the job of a site that reads a mailbox; none where none is named."""
    if settings.mail_in is None:
        return ()
    return (Recurring(name=FETCH, kind=FETCH, rhythm=Every(_MINUTES)),)


def mail_in_handlers(opener: Opener, settings: Settings) -> Mapping[str, Handler]:
    """Answer the job. A folder that is new, or numbered anew, is read from the day before on."""
    mailbox = settings.mail_in
    if mailbox is None:
        return {}
    name = f"{mailbox.user}@{mailbox.host}/{mailbox.folder}"
    own = {parseaddr(one)[1].lower() for one in _own_addresses(settings)} - {""}

    def fetch(_job: Job) -> None:
        with opener(via="mail") as ctx:
            _form(ctx, mailbox)
            validity, last = store.read_mailbox(ctx.connection, name)
            day = (ctx.now - _BACK).date()
        with open_mailbox(mailbox) as box:
            known = box.validity == validity
            for uid in (box.beyond(last) if known else box.since(day))[:_MOST]:
                raw = box.read(uid)
                with opener(via="mail", source=f"mail:{mailbox.form}") as ctx:
                    if raw:
                        take(ctx, _form(ctx, mailbox), read_message(raw), own)
                    store.note_mailbox(ctx.connection, name, box.validity, uid)

    return {FETCH: fetch}


def take(ctx: Context, form: FormDef, message: MailIn, own: set[str]) -> None:
    """Let a plugin take a message for a record there is, or make one of it.

    Not of one that was seen before, or that nobody wrote.
    """
    if not store.note_mail(ctx.connection, message.key, ctx.now):
        return
    if message.automatic or not message.address or message.address.lower() in own:
        return
    taken = ctx.calls.on_mail(ctx.contexts, _arrived(ctx, message), ctx.connection.begin_nested)
    if taken is not None:
        store.settle_mail(ctx.connection, message.key, "answer", (taken.entity, taken.id))
        return
    try:
        done = write(ctx, form, _values(ctx, form, message), Origin())
    except NotValid as error:
        _log.warning("a message was not taken: %s", error)
        store.settle_mail(ctx.connection, message.key, "refused", reason=str(error)[:1000])
        return
    store.settle_mail(ctx.connection, message.key, done.outcome, done.about)


def _arrived(ctx: Context, message: MailIn) -> MailArrived:
    """Answer what plugins are told of a message: with what was sent and taken in its thread."""
    names = [one.strip("<>").rpartition("@")[0] for one in message.thread]
    return MailArrived(
        name=message.name,
        address=message.address,
        subject=message.subject,
        text=message.text,
        answers=tuple(keys_of(ctx.connection, names)),
        about=tuple(store.seen_as(ctx.connection, [message_key(one) for one in message.thread])),
        attachments=message.attachments,
    )


def _values(ctx: Context, form: FormDef, message: MailIn) -> Mapping[str, object]:
    """Answer the fields that the form maps the parts of a message to."""
    entity = ctx.snapshot.catalog.entity(form.entity)
    parts = {
        "from_name": message.name,
        "from_address": message.address,
        "subject": message.subject,
        "text": message.text,
    }
    values: dict[str, object] = {}
    for part, name in form.capture.mail.items():
        definition = entity.fields.get(name)
        if definition is None:
            continue
        kind = ctx.snapshot.types[definition.type]
        text = parts[part][: definition.max_length or None]
        try:
            values[name] = kind.parse(definition, text, ctx.locale)
        except Unreadable:
            continue  # an odd address is no reason to lose a message
    return values


def _form(ctx: Context, settings: MailInSettings) -> FormDef:
    """Answer the form of the mailbox. Raises NotValid where the release has none such."""
    try:
        return ctx.snapshot.catalog.form_for(settings.form, MAIL)
    except NotFound:
        raise NotValid(code="mail_in.form", form=settings.form) from None


def _own_addresses(settings: Settings) -> list[str]:
    sender = settings.mail.sender if settings.mail else ""
    return [sender, settings.mail_in.user if settings.mail_in else ""]
