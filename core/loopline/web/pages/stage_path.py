"""The stages of a record's pipeline as a line: passed, reached with its days, and the way on."""

from collections.abc import Mapping, Sequence
from typing import Final

from loopline.access.context import Context
from loopline.meta.pipelines import PipelineDef, StageDef
from loopline.services.permits import may
from loopline.services.pipelines.asking import stage_label
from loopline.services.pipelines.moves import pipeline_of
from loopline.services.pipelines.reading import StageEntry, stages
from loopline.store.rows import Record
from loopline.web.contexts.board import NextStage, StagePath
from loopline.web.contexts.metro import Metro, Stop
from loopline.web.pages.shell import entity_href

_DAY: Final = 86_400


def stage_paths(ctx: Context, record: Record) -> tuple[StagePath, ...]:
    """Answer a path for each choice of a record that a pipeline is over and that may be read."""
    entity = ctx.catalog.entity(record.entity)
    over = [name for name in ctx.catalog.pipelines.get(entity.id, ()) if name in entity.fields]
    if not over:
        return ()
    history = stages(ctx, entity.id, record.id)
    free = record.deleted_at is None and may(ctx, record, "update")
    found = ((name, pipeline_of(ctx, record, name)) for name in over)
    return tuple(
        _path(ctx, record, pipeline, [one for one in history if one.field == name], free=free)
        for name, pipeline in found
        if pipeline is not None and not entity.fields[name].masked
    )


def _path(
    ctx: Context,
    record: Record,
    pipeline: PipelineDef,
    history: Sequence[StageEntry],
    *,
    free: bool,
) -> StagePath:
    entity = ctx.catalog.entity(record.entity)
    movable = free and not entity.fields[pipeline.field].read_only
    now = record.values.get(pipeline.field)
    code = "" if now is None else str(now)
    following = pipeline.next_after(code) if code else None
    language = ctx.actor.language
    onward = None
    if following is not None and movable:
        label = stage_label(entity, pipeline, following.code).to(language)
        onward = NextStage(label=label, code=following.code)
    return StagePath(
        metro=Metro(label=pipeline.label.to(language), stops=_stops(ctx, pipeline, code, history)),
        field_id=pipeline.field,
        action=f"{entity_href(entity.id)}/{record.id}/stage" if movable else "",
        version=record.version,
        next=onward,
    )


def _stops(
    ctx: Context, pipeline: PipelineDef, now: str, history: Sequence[StageEntry]
) -> tuple[Stop, ...]:
    """Answer the stages on the way: those that end it otherwise are left out unless reached."""
    entity = ctx.catalog.entity(pipeline.entity)
    closed = {stage.code for stage in pipeline.stages if stage.closes == "lost" or stage.hidden}
    shown = [one for one in pipeline.stages if one.code not in closed or one.code == now]
    if any(one.code == now and one.closes == "lost" for one in shown):
        shown = [one for one in shown if one.code == now or not one.closes]
    codes = [one.code for one in shown]
    at = codes.index(now) if now in codes else -1
    stayed, here = _days(ctx, now, history)
    return tuple(
        Stop(
            label=stage_label(entity, pipeline, one.code).to(ctx.actor.language),
            line=entity.line,
            state="now" if place == at else "done" if place < at else "",
            stuck=place == at and _is_late(one, here),
            note=_note(ctx, one, here if place == at else stayed.get(one.code), now=place == at),
        )
        for place, one in enumerate(shown)
    )


def _days(
    ctx: Context, now: str, history: Sequence[StageEntry]
) -> tuple[Mapping[str, int], int | None]:
    """Answer for how many days a record was in each stage before, and is in this one."""
    seconds: dict[str, int] = {}
    for entry in history:
        if entry.before is not None and entry.stay is not None:
            seconds[entry.before] = seconds.get(entry.before, 0) + entry.stay
    last = history[-1] if history and history[-1].after == now else None
    here = None if last is None else int((ctx.now - last.at).total_seconds()) // _DAY
    return {code: stay // _DAY for code, stay in seconds.items()}, here


def _is_late(stage: StageDef, days: int | None) -> bool:
    return days is not None and stage.days is not None and not stage.closes and days > stage.days


def _note(ctx: Context, stage: StageDef, days: int | None, *, now: bool) -> str:
    if days is None or (now and stage.closes):
        return ""
    language, say = ctx.actor.language, ctx.messages.say
    if now and stage.days is not None:
        return say("ui.stage.days_of", language, n=days, usual=stage.days)
    return say("ui.stage.days", language, n=days)
