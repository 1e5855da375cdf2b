"""Tags: given and taken by hand, and by rules that never touch what was given by hand."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import loopline.query.tag_rules as query
from loopline.access.context import Context
from loopline.errors import NotFound, NotValid
from loopline.fields.choice import ordered_codes
from loopline.fields.definition import FieldDef, Option
from loopline.hooks.declarations import Result
from loopline.jobs.queue import Job
from loopline.jobs.worker import Handler
from loopline.language import LANGUAGES, Label, Messages
from loopline.meta.entities import EntityDef
from loopline.query.tag_rules import Ids, PlacedRule
from loopline.services.actions import KernelAction
from loopline.services.editing import update_many
from loopline.services.records import Outcome
from loopline.services.titles import titles
from loopline.store import rows as store
from loopline.store.rows import Record
from loopline.store.rule_tags import add_rule_tags, drop_rule_tags

RUN: Final = "tags.run"
_BATCH: Final = 1_000
_SHOWN: Final = 20
_TAGS: Final = "tags"
Opener = Callable[..., AbstractContextManager[Context]]


@dataclass(frozen=True, kw_only=True, slots=True)
class RulePreview:
    """What a run would do now by one rule: how many records, and the first of each by title."""

    rule: PlacedRule
    gains: int
    loses: int
    gaining: Mapping[int, str]
    losing: Mapping[int, str]


def retag(
    ctx: Context,
    entity: str,
    field: FieldDef,
    records: Sequence[Record],
    *,
    add: Collection[str] = (),
    remove: Collection[str] = (),
) -> dict[int, Outcome]:
    """Give and take tags of records set-wise; answer for each its id, or what is wrong with it.

    A tag of an exclusive group takes the place of the other one.
    """
    changes = {
        record.id: {field.id: _turned(field, record.values.get(field.id), add, remove)}
        for record in records
    }
    return update_many(ctx, entity, changes) if changes else {}


def _turned(
    field: FieldDef, held: object, add: Collection[str], remove: Collection[str]
) -> tuple[str, ...] | None:
    had = set(held) if isinstance(held, tuple) else set()
    groups = {field.options[code].group for code in add if field.options[code].exclusive}
    rivals = {code for code in had if code in field.options and field.options[code].group in groups}
    left = (had - rivals - set(remove)) | set(add)
    return tuple(code for code in ordered_codes(field) if code in left) or None


def tag_actions(entity: EntityDef, messages: Messages) -> tuple[KernelAction, ...]:
    """Answer the acts ``add_tag`` and ``remove_tag`` of an entity's fields of tags, done in bulk.

    Beyond its first such field their ids end in the field's.
    """
    return tuple(
        _action(entity.id, field, act, messages, first=at == 0)
        for at, field in enumerate(one for one in entity.fields.values() if one.type == _TAGS)
        for act in ("add_tag", "remove_tag")
        if field.options
    )


def _action(
    entity: str, field: FieldDef, act: str, messages: Messages, *, first: bool
) -> KernelAction:
    offered = [one for one in field.options.values() if not (one.retired or one.hidden)]
    words = {language: messages.say(f"ui.tag.{act}", language) for language in LANGUAGES}
    label = words if first else {k: f"{v} · {field.label.to(k)}" for k, v in words.items()}
    tag = {
        "type": "string",
        "enum": [one.code for one in offered],
        "x-label": field.label,
        "x-labels": {one.code: _named(one, field) for one in offered},
    }
    return KernelAction(
        id=act if first else f"{act}_{field.id}",
        label=Label(label),
        entity=entity,
        right="update",
        ready=_never,
        run=partial(_run, entity, field.id, act),
        settings={
            "type": "object",
            "properties": {"tag": tag},
            "required": ["tag"],
            "additionalProperties": False,
        },
    )


def _never(_ctx: Context, _record: Record) -> bool:
    """One record's tags are changed where its fields are."""
    return False


def _named(one: Option, field: FieldDef) -> Mapping[str, str]:
    """Answer a tag's name below that of its parent."""
    above = field.options.get(one.parent)
    if above is None:
        return dict(one.label)
    return {key: f"{above.label.to(key)} / {one.label.to(key)}" for key in LANGUAGES}


def _run(
    entity: str,
    name: str,
    act: str,
    ctx: Context,
    records: Sequence[Record],
    settings: Mapping[str, Any],
) -> Result:
    field = ctx.snapshot.catalog.entity(entity).fields[name]
    given = [str(settings["tag"])]
    add, remove = (given, []) if act == "add_tag" else ([], given)
    done = retag(ctx, entity, field, records, add=add, remove=remove)
    problems = [one for found in done.values() if isinstance(found, tuple) for one in found]
    if problems:
        raise NotValid(*problems)
    return Result()


def preview(ctx: Context, key: str = "") -> list[RulePreview]:
    """Answer what a run would do now, by every rule or the one of a key. Raises NotFound."""
    rules = [one for one in query.placed_rules(ctx) if key in {"", one.rule.key}]
    if key and not rules:
        raise NotFound(code="tag_rule.not_found", rule=key)
    return [_previewed(ctx, one) for one in rules]


def _previewed(ctx: Context, one: PlacedRule) -> RulePreview:
    gain, lose = query.gaining(ctx, one), query.losing(ctx, one)
    entity = one.rule.entity
    return RulePreview(
        rule=one,
        gains=query.total(ctx, gain),
        loses=query.total(ctx, lose),
        gaining=titles(ctx, entity, query.step(ctx, gain, 0, _SHOWN)),
        losing=titles(ctx, entity, query.step(ctx, lose, 0, _SHOWN)),
    )


def tagging_handlers(opener: Opener) -> Mapping[str, Handler]:
    """Answer what runs all rules: each step is its own transaction and may be repeated."""

    def run(_job: Job) -> None:
        for act in (_forget, _join, _lose, _gain):
            with opener(via="job") as ctx:
                keys = [one.rule.key for one in query.placed_rules(ctx)]
            for key in keys if act is not _forget else [""]:
                after: int | None = 0
                while after is not None:
                    with opener(via="job", source=f"tag_rule:{key}" if key else None) as ctx:
                        after = act(ctx, key, after)

    return {RUN: run}


def _rule(ctx: Context, key: str) -> PlacedRule | None:
    return next((one for one in query.placed_rules(ctx) if one.rule.key == key), None)


def _next(ctx: Context, found: Ids, after: int) -> tuple[list[int], int | None]:
    ids = query.step(ctx, found, after, _BATCH)
    return ids, ids[-1] if len(ids) == _BATCH else None


def _join(ctx: Context, key: str, after: int) -> int | None:
    one = _rule(ctx, key)
    if one is None:
        return None
    ids, following = _next(ctx, query.joining(ctx, one), after)
    add_rule_tags(ctx.connection, _given(one), ids)
    return following


def _lose(ctx: Context, key: str, after: int) -> int | None:
    one = _rule(ctx, key)
    if one is None:
        return None
    ids, following = _next(ctx, query.losing(ctx, one), after)
    alone = _only_by(ctx, one.field, one.rule.tag, key, ids)
    records = _living(ctx, one.rule.entity, alone)
    done = retag(ctx, one.rule.entity, one.field, records, remove=[one.rule.tag])
    refused = {record for record, found in done.items() if isinstance(found, tuple)}
    gone = [record for record in ids if record not in refused]
    drop_rule_tags(ctx.connection, one.rule.entity, key, gone)
    return following


def _gain(ctx: Context, key: str, after: int) -> int | None:
    one = _rule(ctx, key)
    if one is None:
        return None
    ids, following = _next(ctx, query.gaining(ctx, one), after)
    records = _living(ctx, one.rule.entity, ids)
    done = retag(ctx, one.rule.entity, one.field, records, add=[one.rule.tag])
    given = [record for record, found in done.items() if not isinstance(found, tuple)]
    add_rule_tags(ctx.connection, _given(one), given)
    return following


def _forget(ctx: Context, _key: str, _after: int) -> int | None:
    """Take back what rules gave that are no more."""
    known = [one.rule.key for one in query.placed_rules(ctx)]
    more = None
    for entity, tag, rule in query.orphans(ctx, known):
        ids = query.step(ctx, query.given_by(entity, rule), 0, _BATCH)
        for field in _fields(ctx, entity, tag):
            records = _living(ctx, entity, _only_by(ctx, field, tag, rule, ids))
            retag(ctx, entity, field, records, remove=[tag])
        drop_rule_tags(ctx.connection, entity, rule, ids)
        more = 0 if len(ids) == _BATCH else more
    return more


def _only_by(ctx: Context, field: FieldDef, tag: str, rule: str, ids: list[int]) -> list[int]:
    kept = query.kept_besides(ctx, field, tag, rule, ids)
    return [record for record in ids if record not in kept]


def _fields(ctx: Context, entity: str, tag: str) -> Iterator[FieldDef]:
    catalog = ctx.snapshot.catalog
    if catalog.has("entity", entity):
        fields = catalog.entity(entity).fields.values()
        yield from (one for one in fields if one.type == _TAGS and tag in one.options)


def _living(ctx: Context, entity: str, ids: list[int]) -> list[Record]:
    found = store.fetch(ctx.connection, ctx.snapshot.table(entity), ids, lock=True) if ids else {}
    return [record for record in found.values() if record.deleted_at is None]


def _given(one: PlacedRule) -> Mapping[str, str]:
    return {
        "entity": one.rule.entity,
        "field": one.field.id,
        "tag": one.rule.tag,
        "rule": one.rule.key,
    }
