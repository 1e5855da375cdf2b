"""Asking: a response is made and a link to it sent, after a change or by hand."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from loopline.sdk import Action, Context, NotFound, Record, RecordsChanged, Result
from loopline_loyalty.entries import HISTORIC
from loopline_loyalty.found import not_valid, only, text, whole
from loopline_loyalty.questions import Survey, surveys
from loopline_loyalty.reaching import CONTACT, reachable
from loopline_loyalty.texts import texts

RESPONSE: Final = "survey_response"
PURPOSE: Final = "survey"
"""What links to a response are for."""
_ASKING: Final = {
    "type": "object",
    "properties": {
        "survey": {
            "type": "string",
            "maxLength": 60,
            "x-label": {"zh": "问卷编码（留空用第一份）", "en": "Survey id (blank: the first)"},
        }
    },
    "additionalProperties": False,
}


def actions() -> Iterable[Action]:
    """Yield the action that asks a contact by hand."""
    yield Action(id="ask", label=texts("action.ask"), entity=CONTACT, run=ask, settings=_ASKING)


def ask(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Ask a contact; answers the link. Raises NotValid where there is no such survey."""
    contact, wanted = only(records), str(settings.get("survey") or "")
    found = [one for one in surveys(ctx) if one.active and wanted in {"", one.id}]
    if not found:
        raise not_valid("settings.survey", "survey.none", survey=wanted)
    moves = ctx.elevated("survey")
    values = {"customer": contact.value("customer"), "owner": ctx.actor.id}
    response, link = _make(moves, found[0], contact, values)
    if contact in reachable(moves, [contact]):
        _mail(moves, found[0], contact, response, link)
    return Result(texts("survey.asked", link=link), (RESPONSE, response.id), {"link": link})


def observe(ctx: Context, event: RecordsChanged) -> None:
    """Ask the contacts of records that changed into what a survey waits for, not of the past."""
    if event.action not in {"create", "update"} or event.via in HISTORIC:
        return
    moves = ctx.elevated("survey")
    for survey in surveys(ctx):
        if survey.active and survey.ask is not None and survey.ask.entity == event.entity:
            found = moves.by_id(event.entity, [one.id or 0 for one in event.changes])
            _ask_about(moves, survey, list(found.values()))


def _ask_about(ctx: Context, survey: Survey, records: Sequence[Record]) -> None:
    """Ask about the records that are as the survey waits for, each once."""
    asking = survey.ask
    if asking is None:
        return
    holds = ctx.matches(asking.entity, asking.when, [one.values for one in records])
    ready = [one for one, fits in zip(records, holds, strict=True) if fits]
    keys = {one.id: f"{survey.id}:{one.entity}:{one.id}" for one in ready}
    known = {text(one, "key") for one in ctx.among(RESPONSE, "key", keys.values())}
    contacts = ctx.by_id(CONTACT, [whole(one, CONTACT) for one in ready])
    open_to = {one.id: one for one in reachable(ctx, contacts.values())}
    for one in ready:
        contact = open_to.get(whole(one, CONTACT))
        if (
            contact is None
            or keys[one.id] in known
            or _asked_lately(ctx, contact, asking.every_days)
        ):
            continue
        about = {"entity": one.entity, "id": one.id}
        customer = one.value("customer") or contact.value("customer")
        values = {"customer": customer, "about": about, "key": keys[one.id]}
        response, link = _make(ctx, survey, contact, values | {"owner": one.value("owner")})
        _mail(ctx, survey, contact, response, link)


def _asked_lately(ctx: Context, contact: Record, days: int) -> bool:
    since = (ctx.now - timedelta(days=days)).isoformat()
    return ctx.count(RESPONSE, f'contact == {contact.id} && asked_at > "{since}"') > 0


def _make(
    ctx: Context, survey: Survey, contact: Record, values: Mapping[str, object]
) -> tuple[Record, str]:
    """Answer the response that was asked for and the link on which it is answered."""
    asked = {
        "name": survey.label.to(ctx.language),
        "survey": survey.id,
        "contact": contact.id,
        "asked_at": ctx.now,
    }
    response = ctx.create(RESPONSE, {**asked, **values})
    secret = ctx.portal.share(PURPOSE, RESPONSE, response.id, days=survey.valid_days)
    return response, f"{ctx.portal.address}/survey/{secret}"


def _mail(ctx: Context, survey: Survey, contact: Record, response: Record, link: str) -> None:
    said = {"name": text(contact, "name"), "site": ctx.portal.site, "link": link}
    subject = survey.subject.to(ctx.language).format(**said)
    body = survey.text.to(ctx.language).format(**said)
    ctx.messages.mail(text(contact, "email"), subject, body, key=f"survey:{response.id}")


def survey_of(ctx: Context, response: Record) -> Survey:
    """Answer the survey that a response belongs to. Raises NotFound where it is no more."""
    for one in surveys(ctx):
        if one.id == response.value("survey"):
            return one
    raise NotFound
