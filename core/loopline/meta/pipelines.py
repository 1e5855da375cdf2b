"""Documents of kind pipeline: the stages that records go through, and what each asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

from loopline.language import Label
from loopline.meta.body import Body

Closing = Literal["", "won", "lost", "done"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StageDef:
    """A stage, named by the code of an option. ``closes`` is blank for one that goes on.

    ``probability`` is in hundredths, ``days`` how long records usually stay. ``origins`` are the
    stages it may be entered from, none for any. ``sets`` maps fields to the expressions that are
    written on entering. A ``hidden`` one is not offered to anyone.
    """

    code: str
    label: Label
    probability: Decimal | None
    days: int | None
    enter_if: str
    message: Label
    require: tuple[str, ...]
    origins: tuple[str, ...]
    closes: Closing
    sets: Mapping[str, str]
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class PipelineDef:
    """A pipeline: whose records, over which choice, for which of them, and its stages in order.

    The fields named besides are blank where nothing is to be kept in one.
    """

    id: str
    label: Label
    entity: str
    field: str
    when: str
    pos: float
    amount_field: str
    probability_field: str
    since_field: str
    closed_field: str
    stages: tuple[StageDef, ...]

    @cached_property
    def by_code(self) -> Mapping[str, StageDef]:
        """The stages by code."""
        return {stage.code: stage for stage in self.stages}

    def stage(self, code: object) -> StageDef | None:
        """Answer a stage; None for a code of another pipeline, and for blank."""
        return self.by_code.get(code) if isinstance(code, str) else None

    def next_after(self, code: str) -> StageDef | None:
        """Answer the stage that usually follows: the next offered one that may be entered."""
        codes = [stage.code for stage in self.stages]
        if code not in codes or self.by_code[code].closes:
            return None
        following = self.stages[codes.index(code) + 1 :]
        return next((one for one in following if _follows(one, code)), None)


def _follows(stage: StageDef, code: str) -> bool:
    reached = not stage.origins or code in stage.origins
    return reached and not stage.hidden and stage.closes != "lost"


def build_pipeline(name: str, body: Body) -> PipelineDef:
    """Build a pipeline from its resolved document."""
    return PipelineDef(
        id=name,
        label=body.named(name),
        entity=body.text("entity"),
        field=body.text("field"),
        when=body.text("when"),
        pos=body.pos,
        amount_field=body.text("amount_field"),
        probability_field=body.text("probability_field"),
        since_field=body.text("since_field"),
        closed_field=body.text("closed_field"),
        stages=tuple(body.build("stages", _build_stage).values()),
    )


def _build_stage(code: str, body: Body) -> StageDef:
    return StageDef(
        code=code,
        label=body.label("label"),
        probability=body.number("probability"),
        days=body.size("days"),
        enter_if=body.text("enter_if"),
        message=body.label("message"),
        require=body.texts("require"),
        origins=body.texts("from"),
        closes=body.text("closes"),  # type: ignore[arg-type]
        sets={field: str(text) for field, text in body.raw("set").items()},
        hidden=body.flag("hidden"),
    )


def by_field(pipelines: Iterable[PipelineDef]) -> Mapping[str, tuple[PipelineDef, ...]]:
    """Answer the pipelines of one entity by the choice they are over, each in order."""
    found: dict[str, tuple[PipelineDef, ...]] = {}
    for one in sorted(pipelines, key=lambda one: one.pos):
        found[one.field] = (*found.get(one.field, ()), one)
    return found
