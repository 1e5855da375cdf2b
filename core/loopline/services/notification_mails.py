"""The mails of notifications: made by a job, in the language of whoever is told."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Final

import loopline.store.notifications as store
from loopline.access.context import Context
from loopline.jobs.mail import Mail, enqueue_mail
from loopline.jobs.queue import Job
from loopline.jobs.worker import Handler
from loopline.services.notifications import MAIL, as_reader, told
from loopline.settings import Settings
from loopline.store.rows import fetch

Opener = Callable[..., AbstractContextManager[Context]]
_USER: Final = "user"


def notification_handlers(opener: Opener, settings: Settings) -> Mapping[str, Handler]:
    """Answer what mails notifications; where the site sends no mail, the pages tell alone."""

    def send(job: Job) -> None:
        number = int(job.payload["notification"])
        if settings.mail is None:
            return
        with opener(via="job", source=f"notification:{number}") as ctx:
            message = _message(ctx, number, settings.url)
            if message is not None:
                enqueue_mail(ctx.connection, message, ctx.now, key=f"{MAIL}:{number}")

    return {MAIL: send}


def _message(ctx: Context, number: int, site: str) -> Mail | None:
    """Answer the mail; None for what was read meanwhile, or may not be read any more."""
    held = store.notification_by_id(ctx.connection, number)
    if held is None or held.read_at is not None:
        return None
    reader = as_reader(ctx, held.user_id)
    people = fetch(ctx.connection, ctx.snapshot.table(_USER), [held.user_id])
    address = str(people[held.user_id].values.get("email") or "") if people else ""
    found = told(reader, [held]) if reader is not None else []
    if not found or not address:
        return None
    one = found[0]
    page = f"/records/{one.entity}/{one.record}" if one.record is not None else "/notifications"
    lines = [one.text, one.excerpt, f"{site}{page}" if site else ""]
    subject = " ".join(one.text.split())
    return Mail(to=[address], subject=subject, text="\n\n".join(filter(None, lines)) + "\n")
