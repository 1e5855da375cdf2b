"""What entering a stage asks: that it is one, from where, which fields, on which condition."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.prose import Prose
from loopline.language import LANGUAGES, Label
from loopline.meta.entities import EntityDef
from loopline.meta.naming import EntityNames
from loopline.meta.pipelines import PipelineDef, StageDef
from loopline.meta.scope import EntityScope
from loopline.services.expressions import Path
from loopline.services.historic import HISTORIC_DOORS
from loopline.services.pipelines.moves import Holding, Move, Values


def refusals(
    ctx: Context, entity: EntityDef, moves: Sequence[Move], rows: Mapping[int, Values]
) -> dict[int, list[Problem]]:
    """Answer, by index, why records may not enter their stages, as they will be.

    A record of the past may enter any stage there is.
    """
    historic = ctx.via in HISTORIC_DOORS
    entered = [move for move in moves if move.pipeline is not None and move.after is not None]
    texts = () if historic else {one.stage.enter_if for one in entered if one.stage}
    holding = Holding(ctx, entity.id, texts, [rows[one.index] for one in entered])
    found: dict[int, list[Problem]] = {}
    for at, move in enumerate(entered):
        problems = found.setdefault(move.index, [])
        problems += _no_way(entity, move, historic=historic)
        stage = move.stage
        if problems or stage is None or historic:
            continue
        missing = missing_fields(entity, stage, rows[move.index])
        problems += (_required(entity, move, name) for name in missing)
        if not holding.holds(stage.enter_if, at) and not _reads(stage.enter_if, missing):
            path = f"fields.{move.field}"
            message = {"message": _condition(ctx, entity, move)}
            problems.append(Problem(path, "pipeline.enter_if", message))
    return found


def missing_fields(entity: EntityDef, stage: StageDef, row: Values) -> list[str]:
    """Answer the fields that a stage requires and a record has not got."""
    known = (entity.fields[name] for name in stage.require if name in entity.fields)
    return [one.id for one in known if not one.inert and row.get(one.id) in (None, ())]


def stage_label(entity: EntityDef, pipeline: PipelineDef, code: str) -> Label:
    """Answer what a stage is called: by the pipeline, else as the option."""
    stage, field = pipeline.stage(code), entity.fields.get(pipeline.field)
    if stage is not None and stage.label:
        return stage.label
    option = field.options.get(code) if field is not None else None
    return option.label if option is not None else Label({"en": code})


def _no_way(entity: EntityDef, move: Move, *, historic: bool) -> Iterator[Problem]:
    """Yield why a record cannot get to a stage from where it is."""
    pipeline, stage = move.pipeline, move.stage
    if pipeline is None or move.after is None:
        return
    path, called = f"fields.{move.field}", stage_label(entity, pipeline, move.after)
    if stage is None:
        known = (stage_label(entity, pipeline, one.code) for one in pipeline.stages)
        params = {"stage": called, "pipeline": pipeline.label, "known": Label.join(known)}
        yield Problem(path, "pipeline.no_stage", params)
    elif stage.origins and move.before not in stage.origins and not historic:
        known = (stage_label(entity, pipeline, one) for one in stage.origins)
        params = {"stage": called, "known": Label.join(known)}
        if move.before is None:
            yield Problem(path, "pipeline.from_nowhere", params)
        else:
            origin = stage_label(entity, pipeline, move.before)
            yield Problem(path, "pipeline.from", {**params, "origin": origin})


def _required(entity: EntityDef, move: Move, name: str) -> Problem:
    stage = _called(entity, move)
    params = {"label": entity.fields[name].label, "stage": stage}
    return Problem(f"fields.{name}", "pipeline.required", params)


def _called(entity: EntityDef, move: Move) -> Label:
    if move.pipeline is None or move.after is None:
        return Label({})
    return stage_label(entity, move.pipeline, move.after)


def _reads(text: str, names: Iterable[str]) -> bool:
    """Whether a condition reads what is missing, so that it cannot be judged yet."""
    wanted = set(names)
    return bool(wanted) and any(path[0] in wanted for path in references(parse(text)))


def _condition(ctx: Context, entity: EntityDef, move: Move) -> Label:
    """Answer the condition of a stage as the pipeline tells it, else in words."""
    stage = move.stage
    if stage is None or stage.message:
        return Label({}) if stage is None else stage.message
    scope = EntityScope(ctx.snapshot.catalog, ctx.snapshot.types, entity.id)
    node, called = check(parse(stage.enter_if), scope), _called(entity, move)
    open_ = _may_be_told(ctx, entity, references(node))

    def told(language: str) -> str:
        say = ctx.messages.say
        if not open_:
            return say("pipeline.enter_if_hidden", language, stage=called)
        words = Prose(EntityNames(scope), language, ctx.messages).tell(node)
        return say("pipeline.enter_if_plain", language, stage=called, condition=words)

    return Label({language: told(language) for language in LANGUAGES})


def _may_be_told(ctx: Context, entity: EntityDef, paths: Iterable[Path]) -> bool:
    """Whether a condition names nothing that whoever moves may not read."""
    rights = ctx.rights
    return rights.unrestricted or all(
        len(path) == 1 and rights.level(entity, path[0]) in {"read", "write"} for path in paths
    )
