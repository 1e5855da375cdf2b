"""The clocks that run on a record, for the card beside it."""

from loopline.access.context import Context
from loopline.services.clock_showing import ShownClock, shown_clocks
from loopline.store.rows import Record
from loopline.web.contexts.cells import Tone
from loopline.web.contexts.records import RecordClock
from loopline.web.pages.cells import when


def clock_cards(ctx: Context, record: Record) -> tuple[RecordClock, ...]:
    """Answer the clocks that run on a record, the one that ends first before the others."""
    found = shown_clocks(ctx, record.entity, record.id, ended=False)
    return tuple(_card(ctx, one) for one in sorted(found, key=lambda one: one.row.due_at))


def _card(ctx: Context, one: ShownClock) -> RecordClock:
    say, language = ctx.messages.say, ctx.actor.language
    state, tone = _state(ctx, one)
    reason = one.reason.to(language) if one.reason else ""
    return RecordClock(
        label=one.definition.label.to(language),
        due=when(ctx, one.row.due_at),
        machine=one.row.due_at.isoformat(),
        state=say(f"ui.clocks.{state}", language, reason=reason),
        tone=tone,
        told=one.told,
    )


def _state(ctx: Context, one: ShownClock) -> tuple[str, Tone]:
    """Answer how a running clock stands: paused, late, past a mark, or in time."""
    if one.row.paused_at is not None:
        return "paused", ""
    if one.row.due_at <= ctx.now:
        return "late", "danger"
    return ("marked", "warn") if one.row.passed else ("running", "ok")
