"""Conversion: one record becomes others, in one go; nothing is typed twice, nothing is lost."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import loopline.store.rows as store
from loopline.access.context import Context
from loopline.errors import Conflict, LooplineError, NotValid, Problem
from loopline.hooks.declarations import Result
from loopline.language import LANGUAGES, Label, Messages, listed
from loopline.meta.catalog import Catalog
from loopline.meta.conversions import ConversionDef
from loopline.meta.entities import EntityDef
from loopline.services import lines
from loopline.services.actions import KernelAction
from loopline.services.conversion_plan import (
    CHOSEN,
    Intended,
    find_conversion,
    holds,
    intend,
    is_wanted,
)
from loopline.services.conversion_values import depends_on, give
from loopline.services.permits import permitted
from loopline.services.titles import titles
from loopline.store.changes import Write, write_changes
from loopline.store.conversions import (
    ALREADY,
    DOCUMENT,
    RECORDS,
    Became,
    Conversion,
    conversions_of,
    write_conversion,
)
from loopline.store.keys import existing_ids
from loopline.store.rows import Record

CONVERT: Final = "convert"
_NO_VERSION: Final = 0
_CREATED: Final = "created"
_MATCHED: Final = "matched"
_FIELDS: Final = "fields."
Targets = Mapping[str, object]


def conversion_actions(catalog: Catalog, messages: Messages) -> tuple[KernelAction, ...]:
    """Answer the action of every entity whose records can be converted."""
    return tuple(_action(entity, some, messages) for entity, some in catalog.conversions.items())


def _action(entity: str, some: Sequence[ConversionDef], messages: Messages) -> KernelAction:
    words = {language: messages.say("conversion.act", language) for language in LANGUAGES}
    target = {"type": ["object", "boolean"]}
    return KernelAction(
        id=CONVERT,
        label=some[0].label if len(some) == 1 else Label(words),
        entity=entity,
        run=run,
        right=CONVERT,
        ready=is_ready,
        alone=True,
        tone="accent",
        settings={
            "type": "object",
            "properties": {
                "document": {"type": "string", "enum": [one.id for one in some]},
                "targets": {"type": "object", "additionalProperties": target},
            },
            "additionalProperties": False,
        },
    )


def is_ready(ctx: Context, record: Record) -> bool:
    """Whether a record can be converted now by any conversion."""
    known = ctx.snapshot.catalog.conversions.get(record.entity, ())
    done = {one.document for one in standing(ctx, record)}
    return any(one.id not in done and holds(ctx, record, one.when) for one in known)


def standing(ctx: Context, record: Record) -> list[Conversion]:
    """Answer the conversions of a record of which something still lives."""
    found = conversions_of(ctx.connection, record.entity, [record.id]).get(record.id, [])
    return [one for one in found if any(_lives(ctx, made) for made in one.became.values())]


def _lives(ctx: Context, made: Became) -> bool:
    if not ctx.snapshot.catalog.has("entity", made.entity):
        return False
    return bool(existing_ids(ctx.connection, ctx.snapshot.table(made.entity), [made.id]))


def run(ctx: Context, records: Sequence[Record], settings: Mapping[str, Any]) -> Result:
    """Convert whole, locked records; all of them or none.

    ``document`` names the conversion where there are several; ``targets`` gives, by target, fields
    in place of what the document says. Raises Conflict for a record that was converted before,
    NotValid naming what any target refuses, as ``targets.<target>.<field>``.
    """
    undo = ctx.connection.begin_nested()
    try:
        done = [_convert(ctx, one, settings) for one in records]
    except LooplineError:
        undo.rollback()
        raise
    undo.commit()
    data: Mapping[str, Any] = done[0] if len(done) == 1 else {}
    first = next(iter(done[0].values())) if done and done[0] else None
    told = "; ".join(_told(ctx, [Became(**made) for made in one.values()]) for one in done)
    return Result(
        message=ctx.messages.say("conversion.done", ctx.actor.language, became=told),
        record=(first["entity"], first["id"]) if len(done) == 1 and first else None,
        data=data,
    )


def _convert(ctx: Context, source: Record, settings: Mapping[str, Any]) -> dict[str, Any]:
    refuse_second(ctx, source, settings.get("document", ""))
    conversion = find_conversion(ctx, source, settings.get("document", ""))
    given: Targets = settings.get("targets", {})
    _refuse_unknown(conversion, given)
    made, became = _make_all(ctx, conversion, source, given)
    said = give(ctx, conversion, "", source, made)
    if said.problems:
        raise NotValid(*said.problems)
    changes = {n: value for n, value in said.values.items() if source.values.get(n) != value}
    if changes:
        entity = ctx.snapshot.catalog.entity(source.entity)
        writer = _writer(ctx, conversion, entity, "update", changes, source)
        lines.update(writer, source.entity, source.id, changes)
    done = Conversion(document=conversion.id, at=ctx.now, actor=ctx.actor.id, became=became)
    write_conversion(ctx.connection, source.entity, source.id, done)
    _tell(ctx, source, done)
    return {
        name: {"entity": one.entity, "id": one.id, "outcome": one.outcome}
        for name, one in became.items()
    }


def refuse_second(ctx: Context, source: Record, document: str) -> None:
    """Raise Conflict where a record was converted before, naming what it became."""
    for done in standing(ctx, source):
        if document in {"", done.document}:
            params = {"became": _told(ctx, list(done.became.values())), "at": done.at}
            raise Conflict(Problem("id", ALREADY, params), code=ALREADY, **params)


def _refuse_unknown(conversion: ConversionDef, given: Targets) -> None:
    known = {one.id: one for one in conversion.targets}
    problems = [
        Problem(f"targets.{name}", "conversion.no_target", {"known": ", ".join(known)})
        for name in given
        if name not in known
    ]
    problems += [
        Problem(f"targets.{name}", "conversion.not_optional", {"target": name})
        for name, value in given.items()
        if value is False and name in known and not known[name].optional
    ]
    if problems:
        raise NotValid(*problems)


def _make_all(
    ctx: Context, conversion: ConversionDef, source: Record, given: Targets
) -> tuple[dict[str, Record | None], dict[str, Became]]:
    """Make or find every target. Raises NotValid naming what is wrong with any of them."""
    made: dict[str, Record | None] = {}
    became: dict[str, Became] = {}
    problems: list[Problem] = []
    failed: set[str] = set()
    for target in conversion.targets:
        made[target.id] = None
        if not is_wanted(ctx, target, source, given.get(target.id)):
            continue
        needed = depends_on(ctx, conversion, target.id).values()
        if any(failed & names for names in needed):
            continue  # only what it is made from is wrong
        intended = intend(ctx, conversion, target, source, made, given.get(target.id))
        try:
            if intended.problems:
                raise NotValid(*intended.problems)
            record = _write(ctx, conversion, intended)
        except NotValid as error:
            failed.add(target.id)
            problems += _placed(target.id, error.problems)
            continue
        one = ctx.snapshot.table(target.entity)
        made[target.id] = store.fetch(ctx.connection, one, [record.id])[record.id]
        outcome = _CREATED if intended.record is None else _MATCHED
        became[target.id] = Became(target.entity, record.id, outcome)
    if problems:
        raise NotValid(*problems)
    return made, became


def _write(ctx: Context, conversion: ConversionDef, intended: Intended) -> Record:
    entity, record = intended.entity, intended.record
    if record is None:
        writer = _writer(ctx, conversion, entity, "create", intended.values, None)
        return lines.create(writer, entity.id, intended.values)
    one = ctx.snapshot.table(entity.id)
    record = store.fetch(ctx.connection, one, [record.id], lock=True)[record.id]
    changes = changes_of(replace(intended, record=record))
    if not changes:
        return record
    writer = _writer(ctx, conversion, entity, "update", changes, record)
    return lines.update(writer, entity.id, record.id, changes)


def changes_of(intended: Intended) -> Mapping[str, object]:
    """Answer what is written into the record that was found."""
    record, rule = intended.record, intended.target.on_match
    if record is None:
        return {}
    return {
        name: value
        for name, value in intended.values.items()
        if name in intended.typed
        or (name in record.values and rule == "update" and record.values[name] != value)
        or (name in record.values and rule == "fill" and record.values[name] is None)
    }


def _writer(
    ctx: Context,
    conversion: ConversionDef,
    entity: EntityDef,
    action: str,
    values: Mapping[str, object],
    record: Record | None,
) -> Context:
    """Answer the context that writes: the actor's own, elevated by name where it may not."""
    rights = ctx.rights
    free = rights.allows(entity, action)
    free = free and all(rights.level(entity, name) == "write" for name in values)
    if free and record is not None:
        free = permitted(ctx, entity.id, action, [record])[0]
    if free and rights.scope(entity, action) and (record is None or "owner" in values):
        free = False
    return ctx if free else ctx.elevated(f"conversion {conversion.id}")


def _placed(target: str, problems: Sequence[Problem]) -> Iterator[Problem]:
    for one in problems:
        path = one.path.removeprefix(_FIELDS)
        yield replace(one, path=f"targets.{target}.{path or CHOSEN}")


def _tell(ctx: Context, source: Record, done: Conversion) -> None:
    """Write into the trail of the source what it became, and of each target where it is from."""
    led = [[one.entity, one.id] for one in done.became.values()]
    _trail(ctx, done, source.entity, source.id, CONVERT, led)
    for one in done.became.values():
        _trail(ctx, done, one.entity, one.id, "converted", [[source.entity, source.id]])


def _trail(
    ctx: Context,
    done: Conversion,
    entity: str,
    record: int,
    action: str,
    records: Sequence[Sequence[object]],
) -> None:
    write = Write(
        at=ctx.now,
        actor=ctx.actor.id,
        entity=entity,
        action=action,
        via=ctx.via,
        revision=ctx.snapshot.revision,
        source=f"{CONVERT}:{done.document}",
    )
    said = {DOCUMENT: (None, done.document), RECORDS: (None, records)}
    write_changes(ctx.connection, write, [(record, _NO_VERSION, said)])


def _told(ctx: Context, became: Sequence[Became]) -> str:
    """Answer in words what a record became, as far as the actor may see it."""
    language, told = ctx.actor.language, []
    for one in became:
        catalog = ctx.snapshot.catalog
        label = (
            catalog.entity(one.entity).label.to(language)
            if catalog.has("entity", one.entity)
            else ""
        )
        title = titles(ctx, one.entity, [one.id]).get(one.id, f"#{one.id}")
        told.append(f"{label} {title}".strip())
    return listed(told, language)
