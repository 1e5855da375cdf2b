"""Documents of kind approval: who must agree before a record goes on, read and checked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from loopline.calendars.limits import Limit, parse_limit
from loopline.errors import NotValid, Problem
from loopline.language import Label
from loopline.meta.approval_effects import BeforeDef, Outcome, Sets, build_before, build_sets
from loopline.meta.body import Body

Mode = Literal["sequence", "any", "all", "count"]
SelfApproval = Literal["allow", "skip", "refuse"]
Source = Literal["role", "field", "department", "users"]
TargetOf = Callable[[tuple[str, ...]], str | None]
"""Answers which entity a path of links leads to; None where there is no such field."""
_SOURCES: Final[tuple[Source, ...]] = ("role", "field", "department", "users")
_LEADS_TO: Final[Mapping[str, str]] = {"field": "user", "department": "department"}


@dataclass(frozen=True, kw_only=True, slots=True)
class ApproverDef:
    """Whom a step asks: holders of a role, the end of a path, or users by e-mail address."""

    id: str
    source: Source
    value: str = ""
    users: tuple[str, ...] = ()

    @property
    def path(self) -> tuple[str, ...]:
        """The path of a field or department."""
        return tuple(self.value.split("."))

    @property
    def told(self) -> str:
        """What the document says, for people who have to mend it."""
        return ", ".join(self.users) or self.value


@dataclass(frozen=True, kw_only=True, slots=True)
class StepDef:
    """A step. ``kind`` names a plugin's, else ``approvers`` are asked; ``count`` is of a mode.

    ``due`` is how long it may take, ``remind`` how long before that people are reminded; a step
    that ``escalates`` goes to managers then.
    """

    id: str
    label: Label
    mode: Mode
    count: int
    when: str
    clock: str
    due: Limit | None
    remind: Limit | None
    escalates: bool
    approvers: tuple[ApproverDef, ...]
    kind: str
    settings: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalDef:
    """An approval: of which records, over which fields, in which steps.

    ``calendar`` is what limits of steps are counted on; ``sets`` what it writes at each outcome;
    ``before`` what it keeps back until it is given.
    """

    id: str
    label: Label
    entity: str
    when: str
    locks: tuple[str, ...]
    refuses_changes: bool
    self_approval: SelfApproval
    calendar: str
    before: BeforeDef | None
    sets: Mapping[Outcome, Sets]
    steps: tuple[StepDef, ...]

    def step(self, name: str) -> StepDef | None:
        """Answer a step by id; None for one that is no more."""
        return next((step for step in self.steps if step.id == name), None)


def build_approval(name: str, body: Body) -> ApprovalDef:
    """Build an approval from its resolved document."""
    return ApprovalDef(
        id=name,
        label=body.named(name),
        entity=body.text("entity"),
        when=body.text("when"),
        locks=body.texts("locks"),
        refuses_changes=body.text("while_pending") == "refuse",
        self_approval=body.text("self_approval", "refuse"),  # type: ignore[arg-type]
        calendar=body.text("calendar"),
        before=build_before(body),
        sets=build_sets(body),
        steps=tuple(body.build("steps", _build_step).values()),
    )


def approval_problems(body: Body, target_of: TargetOf) -> Iterator[Problem]:
    """Yield what is wrong with an approval that its schema cannot tell."""
    for name, step in body.elements("steps"):
        place = f"steps.{name}"
        approvers = list(step.elements("approvers"))
        if bool(step.text("kind")) == bool(approvers):
            yield Problem(place, "approval.step_choice", {"step": name})
        if (step.text("mode", "any") == "count") != ("count" in step):
            yield Problem(place, "approval.step_count", {"step": name})
        for approver, one in approvers:
            yield from _of_approver(f"{place}.approvers.{approver}", one, target_of)
        yield from _of_limits(name, place, step)


def _of_limits(name: str, place: str, step: Body) -> Iterator[Problem]:
    for key in ("due", "remind"):
        try:
            _limit(step, key)
        except NotValid as error:
            yield from (Problem(f"{place}.{key}", one.code, one.params) for one in error.problems)
    if not step.text("due") and (step.text("remind") or step.flag("escalate")):
        yield Problem(place, "approval.due_missing", {"step": name})


def _of_approver(place: str, body: Body, target_of: TargetOf) -> Iterator[Problem]:
    named = [source for source in _SOURCES if source in body]
    if len(named) != 1:
        yield Problem(place, "approval.approver_choice", {"known": ", ".join(_SOURCES)})
        return
    wanted = _LEADS_TO.get(named[0])
    path = body.text(named[0])
    if wanted and target_of(tuple(path.split("."))) != wanted:
        params = {"path": path, "target": wanted}
        yield Problem(f"{place}.{named[0]}", "approval.path", params)


def _build_step(name: str, body: Body) -> StepDef:
    return StepDef(
        id=name,
        label=body.named(name),
        mode=body.text("mode", "any"),  # type: ignore[arg-type]
        count=body.integer("count", 1),
        when=body.text("when"),
        clock=body.text("clock"),
        due=_limit(body, "due"),
        remind=_limit(body, "remind"),
        escalates=body.flag("escalate"),
        approvers=tuple(body.build("approvers", _build_approver).values()),
        kind=body.text("kind"),
        settings=dict(body.raw("settings")),
    )


def _build_approver(name: str, body: Body) -> ApproverDef:
    source = next(one for one in _SOURCES if one in body)
    return ApproverDef(
        id=name,
        source=source,
        value="" if source == "users" else body.text(source),
        users=body.texts("users"),
    )


def _limit(body: Body, key: str) -> Limit | None:
    text = body.text(key)
    return parse_limit(text) if text else None
