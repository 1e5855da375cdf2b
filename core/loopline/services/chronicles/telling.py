"""Telling a chronicle: the steps of each span are written as of then, through the one door.

Records come in by the door of seeds, so what they were is not argued with; whatever follows from a
write follows here too: ledgers, roll-ups, stages, clocks, the trail. Actions are done as people do
them. What observers are told is gathered, for whoever tells to pass on from time to time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

from loopline.access.accounts import find_user
from loopline.access.context import SYSTEM, Actor, Context
from loopline.errors import NotValid, Problem
from loopline.fields.definition import FieldDef
from loopline.hooks.chronicle import Acted, Changed, Found, Made, Named, Step
from loopline.services.actions import actions_of, run_action
from loopline.services.chronicles.order import batches
from loopline.services.editing import update_many
from loopline.services.links import find
from loopline.services.records import create_many
from loopline.services.values import read_bodies
from loopline.store import rows as store

ActorOf = Callable[[Context, int], Actor | None]
_MADE: Final = "created_at"
_ANY: Final = "any_link"
Values = Mapping[str, object]


@dataclass(slots=True)
class Chronicler:
    """Writes the steps of a chronicle and remembers which records they name."""

    actor_of: ActorOf
    known: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    _people: dict[str, Actor] = field(default_factory=dict)
    _found: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

    def tell(self, ctx: Context, steps: Iterable[Step]) -> None:
        """Write the steps of one span. Raises NotValid naming the first that is not taken.

        Steps about entities, fields and actions that the site has not got are left out.
        """
        entity_of = {name: entity for name, (entity, _) in self.known.items()}
        now = datetime.min.replace(tzinfo=UTC)
        for batch in batches(steps, entity_of):
            first = batch[0]
            now = max(now, *(step.at for step in batch))  # time does not go back
            here = self._as(ctx, first.by, now)
            if isinstance(first, Made):
                self._make(here, [one for one in batch if isinstance(one, Made)])
            elif isinstance(first, Changed):
                self._change(here, [one for one in batch if isinstance(one, Changed)])
            elif isinstance(first, Found):
                self._find(here, first)
            else:
                self._act(here, first)

    def _as(self, ctx: Context, by: str, now: datetime) -> Context:
        """Answer the context of whoever did it, at that moment."""
        return replace(ctx, now=now, actor=replace(self._person(ctx, by), administrator=True))

    def _person(self, ctx: Context, by: str) -> Actor:
        if not by:
            return SYSTEM
        if by not in self._people:
            user = find_user(ctx.connection, ctx.snapshot.table("user"), by)
            self._people[by] = (None if user is None else self.actor_of(ctx, user)) or SYSTEM
        return self._people[by]

    def _make(self, ctx: Context, steps: Sequence[Made]) -> None:
        entity = steps[0].entity
        if not _takes(ctx, entity):
            return
        bodies = [{**self._body(ctx, entity, s.values), _MADE: s.at} for s in steps]
        orphans = [self._is_orphan(ctx, entity, body) for body in bodies]
        ready = [step for step, alone in zip(steps, orphans, strict=True) if not alone]
        bodies = [body for body, alone in zip(bodies, orphans, strict=True) if not alone]
        read = read_bodies(ctx, entity, bodies)
        rows = [_sound(step, *one) for step, one in zip(ready, read, strict=True)]
        for step, made in zip(ready, create_many(ctx, entity, rows), strict=True):
            if isinstance(made, tuple):
                raise _unfit(step, made)
            self.known[step.name] = (entity, made)
        self.counts[entity] = self.counts.get(entity, 0) + len(ready)

    def _find(self, ctx: Context, step: Found) -> None:
        there = _takes(ctx, step.entity)
        number = self._linked(ctx, step.entity, step.field, step.value) if there else None
        if number is not None:
            self.known[step.name] = (step.entity, number)

    def _change(self, ctx: Context, steps: Sequence[Changed]) -> None:
        there = [step for step in steps if step.name in self.known]
        if not there:
            return
        entity = self.known[there[0].name][0]
        bodies = [self._body(ctx, entity, step.values) for step in there]
        read = read_bodies(ctx, entity, bodies)
        changes = {
            self.known[step.name][1]: _sound(step, *one)
            for step, one in zip(there, read, strict=True)
        }
        done = update_many(ctx, entity, changes)
        for step in there:
            outcome = done[self.known[step.name][1]]
            if isinstance(outcome, tuple):
                raise _unfit(step, outcome)

    def _act(self, ctx: Context, step: Acted) -> None:
        if step.name not in self.known:
            return
        entity, number = self.known[step.name]
        if not any(one.action.id == step.action for one in actions_of(ctx, entity)):
            return
        here = ctx.through("page")
        settings = {name: self._value(ctx, None, one) for name, one in step.settings.items()}
        try:
            done = run_action(here, entity, [number], step.action, settings)
        except NotValid as error:
            raise _unfit(step, error.problems) from error
        if isinstance(step.made, Mapping):
            for name, called in step.made.items():
                if name in done.data:
                    self.known[called] = (done.data[name]["entity"], done.data[name]["id"])
        elif step.made and done.record is not None:
            self.known[step.made] = done.record

    def _body(self, ctx: Context, entity: str, values: Values) -> dict[str, object]:
        """Answer the values that the site has fields for, links as numbers."""
        fields = ctx.snapshot.catalog.entity(entity).fields
        return {
            name: self._value(ctx, fields[name], value)
            for name, value in values.items()
            if name in fields and not fields[name].inert
        }

    def _value(self, ctx: Context, of: FieldDef | None, value: object) -> object:
        if isinstance(value, Named):
            return self._named(ctx, of, value)
        if of is not None and of.to and isinstance(value, Mapping):
            (by, text), *_ = value.get("by", {"": ""}).items()
            return self._linked(ctx, of.to, str(by), str(text))
        if isinstance(value, list | tuple):
            return [self._value(ctx, of, one) for one in value]
        return value

    def _named(self, ctx: Context, of: FieldDef | None, value: Named) -> object:
        if value.name not in self.known:
            return None
        entity, number = self.known[value.name]
        if value.field:
            one = ctx.snapshot.table(entity)
            return store.fetch(ctx.connection, one, [number])[number].value(value.field)
        whole = of is not None and of.type == _ANY
        return {"entity": entity, "id": number} if whole else number

    def _linked(self, ctx: Context, entity: str, by: str, text: str) -> int | None:
        key = (entity, by, text)
        if key not in self._found:
            self._found[key] = next(iter(find(ctx, entity, by, [text])[text]), None)
        return self._found[key]

    def _is_orphan(self, ctx: Context, entity: str, body: Values) -> bool:
        """Whether a record needs another that the site has not got."""
        fields = ctx.snapshot.catalog.entity(entity).fields
        return any(
            value is None and fields[name].required and (fields[name].to or fields[name].many)
            for name, value in body.items()
            if name in fields
        )


def _takes(ctx: Context, entity: str) -> bool:
    """Whether a site has an entity and its plugin is enabled."""
    catalog = ctx.snapshot.catalog
    return catalog.has("entity", entity) and not catalog.entity(entity).traits.closed


def _sound(step: Made | Changed, values: dict[str, object], wrong: Sequence[Problem]) -> Values:
    if wrong:
        raise _unfit(step, wrong)
    return values


def _unfit(step: Step, problems: Sequence[Problem]) -> NotValid:
    return NotValid(*problems, code="chronicle.failed", step=step.name, at=step.at.isoformat())
