"""The mails of approvals: made by a job, in the language of whoever is told."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any, Final

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.jobs.mail import Mail, enqueue_mail
from loopline.jobs.queue import Job
from loopline.jobs.worker import Handler
from loopline.query.titles import titles
from loopline.services.approvals.case import definition_of
from loopline.services.approvals.mail_links import make_link
from loopline.services.approvals.people import actor_of
from loopline.services.approvals.telling import TELL
from loopline.settings import Settings
from loopline.store.approvals import Request
from loopline.store.rows import fetch
from loopline.store.titles import read_titles

Opener = Callable[..., AbstractContextManager[Context]]
_INSIDE: Final = "approval.mail.inside"


def telling_handlers(opener: Opener, settings: Settings) -> Mapping[str, Handler]:
    """Answer what tells people; where the site sends no mail, the page of approvals tells alone."""

    def tell(job: Job) -> None:
        if settings.mail is None:
            return
        with opener(via="job", source=f"approval:{job.payload['request']}") as ctx:
            message = _message(ctx, job.payload, settings.url)
            if message is not None:
                enqueue_mail(ctx.connection, message, ctx.now, key=f"{TELL}:{job.id}")

    return {TELL: tell}


def _message(ctx: Context, told: Mapping[str, Any], site: str) -> Mail | None:
    """Answer the mail for somebody; None where they cannot be reached or it is too late to ask."""
    request = store.request_by_id(ctx.connection, int(told["request"]))
    actor = actor_of(ctx, int(told["user"]))
    address = _address(ctx, int(told["user"]))
    if request is None or actor is None or not address:
        return None
    reader = replace(ctx, actor=actor)
    link = ""
    if told["seat"] is not None:
        seat = store.seat_by_id(ctx.connection, int(told["seat"]))
        if seat is None or seat.state != "waiting" or not _reads(reader, request):
            return None
        link = f"{site}/approve/{make_link(ctx, seat.id, int(told['user']))}" if site else ""
    return _written(reader, request, str(told["what"]), address, link)


def _reads(ctx: Context, request: Request) -> bool:
    """Whether somebody may read the record, without which they cannot decide."""
    return request.record in titles(ctx, request.entity, [request.record])


def _written(ctx: Context, request: Request, what: str, address: str, link: str) -> Mail:
    say, language = ctx.messages.say, ctx.actor.language
    shown = titles(ctx, request.entity, [request.record]).get(request.record, f"#{request.record}")
    params = {
        "title": " ".join(shown.split()),
        "approval": label_of(ctx, request),
        "who": _name(ctx, request.submitted_by),
        "reason": _last_comment(ctx, request),
    }
    where = say("approval.mail.link", language, link=link) if link else say(_INSIDE, language)
    text = say(f"approval.mail.{what}_text", language, **params)
    subject = " ".join(say(f"approval.mail.{what}", language, **params).split())
    return Mail(to=[address], subject=subject, text=f"{text}\n\n{where}\n")


def label_of(ctx: Context, request: Request) -> str:
    """Answer what the approval of a request is called."""
    return definition_of(ctx, request).label.to(ctx.actor.language)


def _address(ctx: Context, user: int) -> str:
    held = fetch(ctx.connection, ctx.snapshot.table("user"), [user]).get(user)
    return str(held.values.get("email") or "") if held else ""


def _name(ctx: Context, user: int | None) -> str:
    if user is None:
        return ctx.messages.say("ui.system", ctx.actor.language)
    return read_titles(ctx.connection, ctx.snapshot.table("user"), [user]).get(user, f"#{user}")


def _last_comment(ctx: Context, request: Request) -> str:
    said = [one.comment for one in store.events_of(ctx.connection, [request.id]) if one.comment]
    return said[-1] if said else ""
