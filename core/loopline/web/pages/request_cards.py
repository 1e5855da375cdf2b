"""Cards of requests for approval, drawn for the inbox, the record's page and a link in a mail."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from loopline.access.context import Context
from loopline.query.titles import titles
from loopline.services import records
from loopline.services.approvals.case import definition_of
from loopline.services.approvals.inbox import Item, of_record, seats_by_request, waiting
from loopline.services.approvals.wording import in_words
from loopline.services.naming import names_for
from loopline.store.approvals import Seat
from loopline.store.rows import Record
from loopline.web.contexts.approvals import Card, Person
from loopline.web.contexts.cells import Tone
from loopline.web.pages.cells import text_of, when
from loopline.web.pages.line_cells import sums_of_lines
from loopline.web.pages.shell import entity_href

_TONES: Final[dict[str, Tone]] = {
    "pending": "accent",
    "waiting": "accent",
    "approved": "ok",
    "rejected": "danger",
    "returned": "warn",
    "voided": "warn",
    "stuck": "danger",
}
_PEOPLE: Final = "user"
_ROUNDS: Final = 10
"""Requests of one record that its page tells of, the newest first."""
_MORE: Final = ("forward", "add_signer", "delegate")
"""Acts that ask for more than a comment: each has a form of its own."""


def cards_of(ctx: Context, items: Sequence[Item], *, decides: bool) -> tuple[Card, ...]:
    """Answer the cards of an inbox; those on which the actor ``decides`` carry a form."""
    seats = seats_by_request(ctx, items)
    names = _names(ctx, items, [seat for some in seats.values() for seat in some])
    return tuple(
        card_of(ctx, one, seats.get(one.request.id, ()), names, decides=decides) for one in items
    )


def card_of(
    ctx: Context, item: Item, seats: Iterable[Seat], names: dict[int, str], *, decides: bool
) -> Card:
    """Answer the card of one request."""
    say, language = ctx.messages.say, ctx.actor.language
    request, base = item.request, f"{entity_href(item.request.entity)}/{item.request.record}"
    asker = names.get(request.submitted_by or 0) or say("ui.system", language)
    form = decides and item.seat is not None
    return Card(
        title=item.title,
        href=base,
        label=_label(ctx, item),
        asked=say(
            "ui.approvals.asked_by", language, who=asker, when=when(ctx, request.submitted_at)
        ),
        state=say(f"approval.state.{_state(item)}", language),
        tone=_TONES.get(_state(item), ""),
        waits=request.state == "pending",
        note=_note(ctx, item, names),
        comment=request.comment or "",
        covers=_covers(ctx, item) if form else (),
        people=tuple(_person(ctx, item, one, names) for one in seats),
        ahead=_ahead(ctx, item),
        due=_due(ctx, item),
        late=item.due is not None and item.due <= ctx.now,
        action=f"/approvals/{item.seat.id}" if form and item.seat else "",
        more=tuple((say(f"approval.act.{one}", language), f"{base}/actions/{one}") for one in _MORE)
        if form
        else (),
    )


def record_requests(ctx: Context, record: Record) -> tuple[Card, ...]:
    """Answer how each approval of a record stands, with the form of who may decide on it now."""
    if record.entity not in ctx.snapshot.catalog.approvals:
        return ()
    mine = {one.request.id: one for one in waiting(ctx)}
    found = of_record(ctx, record.entity, record.id, whole=True)[:_ROUNDS]
    items = [mine.get(one.request.id, one) for one in found]
    rounds: dict[str, list[Card]] = defaultdict(list)
    for item, card in zip(items, cards_of(ctx, items, decides=True), strict=True):
        rounds[item.request.document].append(replace(card, title=card.label, href=""))
    return tuple(replace(newest, earlier=tuple(rest)) for newest, *rest in rounds.values())


def _state(item: Item) -> str:
    pending = item.request.state == "pending"
    return "stuck" if pending and item.step and item.step.state == "stuck" else item.request.state


def _label(ctx: Context, item: Item) -> str:
    language = ctx.actor.language
    found = definition_of(ctx, item.request).label.to(language)
    if item.request.round > 1:
        found += " · " + ctx.messages.say("ui.approvals.round", language, n=item.request.round)
    return found


def _note(ctx: Context, item: Item, names: dict[int, str]) -> str:
    say, language = ctx.messages.say, ctx.actor.language
    if _state(item) == "stuck" and item.step and item.step.reason:
        code, params = item.step.reason
        step = item.definition.step(item.step.step) if item.definition else None
        who = in_words(ctx, item.request.entity, step, params.get("who", ""))
        return say(code, language, **{**params, **({"who": who} if who else {})})
    if item.for_user is not None:
        return say("ui.approvals.in_name_of", language, whom=names.get(item.for_user, ""))
    return ""


def _ahead(ctx: Context, item: Item) -> str:
    """Answer the steps behind the one that is open; each may be left out by its condition."""
    steps = item.definition.steps if item.definition else ()
    names = [one.id for one in steps]
    if item.request.state != "pending" or item.step is None or item.step.step not in names:
        return ""
    language = ctx.actor.language
    rest = [one.label.to(language) for one in steps[names.index(item.step.step) + 1 :]]
    told = ctx.messages.say("ui.semicolon", language).join(rest)
    return ctx.messages.say("ui.approvals.ahead", language, steps=told) if rest else ""


def _due(ctx: Context, item: Item) -> str:
    if item.due is None:
        return ""
    key = "late" if item.due <= ctx.now else "due"
    return ctx.messages.say(f"ui.approvals.{key}", ctx.actor.language, when=when(ctx, item.due))


def _step(ctx: Context, item: Item, seat: Seat) -> str:
    """Answer the step of a seat, where the document has several."""
    found = item.definition.step(item.steps.get(seat.step, "")) if item.definition else None
    several = item.definition is not None and len(item.definition.steps) > 1
    return found.label.to(ctx.actor.language) if found is not None and several else ""


def _person(ctx: Context, item: Item, seat: Seat, names: dict[int, str]) -> Person:
    say, language = ctx.messages.say, ctx.actor.language
    who = seat.decided_by or seat.user_id
    whom = seat.user_id if seat.user_id != who else seat.for_user
    name = names.get(who, f"#{who}")
    if whom is not None and whom != who:
        name = say("approval.for", language, who=name, whom=names.get(whom, f"#{whom}"))
    return Person(
        name=name,
        state=say(f"approval.seat.{seat.state}", language),
        tone=_TONES.get(seat.state, ""),
        comment=seat.comment or "",
        step=_step(ctx, item, seat),
        when=when(ctx, seat.decided_at) if seat.decided_at else "",
        done=seat.decided_at is not None,
    )


def _covers(ctx: Context, item: Item) -> tuple[tuple[str, str], ...]:
    """Answer the locked fields that the actor may read, as the record has them now."""
    entity = ctx.catalog.entity(item.request.entity)
    locks = item.definition.locks if item.definition else ()
    fields = [entity.fields[name] for name in locks if name in entity.fields]
    added = sums_of_lines(ctx, entity, locks)
    sums = [one for one in entity.fields.values() if one.id in added]
    fields = [one for one in (*fields, *sums) if one.type != "lines" and not one.masked]
    record = records.get(ctx, item.request.entity, item.request.record)
    names = names_for(ctx, [record], fields)
    language = ctx.actor.language
    shown = ((one, text_of(ctx, one, record.values.get(one.id), names)) for one in fields)
    return tuple((one.label.to(language), text) for one, text in shown)


def _names(ctx: Context, items: Collection[Item], seats: Collection[Seat]) -> dict[int, str]:
    people = {one.request.submitted_by for one in items} | {one.for_user for one in items}
    for seat in seats:
        people |= {seat.user_id, seat.for_user, seat.decided_by}
    return titles(ctx, _PEOPLE, {one for one in people if one is not None})
