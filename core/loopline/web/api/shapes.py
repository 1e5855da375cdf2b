"""Records, entities and plans as JSON."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

from loopline.access.context import Context
from loopline.fields.base import FieldType
from loopline.fields.definition import FieldDef, Option
from loopline.fields.masking import Masked
from loopline.meta.entities import EntityDef
from loopline.services.comments import Comment
from loopline.services.planning import Plan
from loopline.store.rows import Record
from loopline.store.tables import StoredField

Writer = Callable[[object, str], Any]
"""Makes the JSON form of a value, given the currency of money."""


def moment(at: datetime | None) -> str | None:
    """Answer a moment as RFC 3339 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def record_shape(
    ctx: Context, record: Record, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """Answer a record: what every record has, then the named fields (all it carries, if None).

    Moments are left to the JSON writer, which makes them what :func:`moment` does.
    """
    shape: dict[str, Any] = {
        "id": record.id,
        "row_version": record.version,
        "created_at": record.created_at,
        "created_by": record.created_by,
        "updated_at": record.updated_at,
        "updated_by": record.updated_by,
    }
    if record.deleted_at is not None:
        shape["deleted_at"] = record.deleted_at
    one = ctx.snapshot.table(record.entity)
    writers = one.memo("json", lambda: {name: _writer(f) for name, f in one.shown.items()})
    values, currency = record.values, ctx.locale.currency
    for name in values if names is None else names:
        value, write = values.get(name), writers[name]
        if isinstance(value, Masked):
            shape[name] = value.text
        else:
            shape[name] = value if value is None or write is None else write(value, currency)
    return shape


def _writer(stored: StoredField) -> Writer | None:
    """Answer what writes a field's values as :func:`value_shape` does; None if they stay."""
    to_json, field = stored.type.to_json, stored.definition
    if field.type == "money":
        return lambda value, currency: {"amount": to_json(field, value), "currency": currency}
    if type(stored.type).to_json is FieldType.to_json:
        return None
    return lambda value, currency: to_json(field, value)


def value_shape(ctx: Context, field: FieldDef, value: object) -> Any:
    """Answer a value in its JSON form; money beside its currency."""
    if value is None:
        return None
    if isinstance(value, Masked):
        return value.text
    shown = ctx.snapshot.types[field.type].to_json(field, value)
    if field.type == "money":
        return {"amount": shown, "currency": ctx.locale.currency}
    return shown


def entity_shape(entity: EntityDef) -> dict[str, Any]:
    """Answer a resolved entity as clients read it."""
    traits = entity.traits
    return {
        "kind": "entity",
        "id": entity.id,
        "label": dict(entity.label),
        "plural": dict(entity.plural),
        "title_field": entity.title_field,
        "traits": {name: getattr(traits, name) for name in traits.__slots__},
        "fields": {name: field_shape(one) for name, one in entity.fields.items()},
        "indexes": {
            one.id: {"fields": list(one.fields), "unique": one.unique} for one in entity.indexes
        },
        "rules": {
            one.id: {"refuse_when": one.refuse_when, "message": dict(one.message)}
            for one in entity.rules
        },
    }


def field_shape(field: FieldDef) -> dict[str, Any]:
    """Answer a field: its type, its label, and the settings that differ from nothing."""
    given = {
        "required": field.required,
        "read_only": field.read_only,
        "hidden": field.hidden,
        "help": dict(field.help),
        "unit": dict(field.unit),
        "unique": "" if field.unique == "no" else field.unique,
        "max_length": field.max_length,
        "default": field.default,
        "min": None if field.min is None else str(field.min),
        "max": None if field.max is None else str(field.max),
        "scale": field.scale or None,
        "to": field.to,
        "options": {code: _option_shape(one) for code, one in field.options.items()},
    }
    shown = {name: value for name, value in given.items() if value not in (None, False, "", {})}
    return {"type": field.type, "label": dict(field.label), **shown}


def _option_shape(option: Option) -> dict[str, Any]:
    shape: dict[str, Any] = {"label": dict(option.label)}
    return shape | {"retired": True} if option.retired else shape


def comment_shape(one: Comment) -> dict[str, Any]:
    """Answer a comment; ``text`` names people as they are called, ``stored`` by ``@{id}``."""
    return {
        "id": one.id,
        "author": one.author,
        "at": moment(one.at),
        "text": one.text,
        "stored": one.stored,
        "mentions": sorted(one.mentions),
        "edited": one.edited,
        "deleted": one.deleted,
    }


def plan_shape(ctx: Context, plan: Plan) -> dict[str, Any]:
    """Answer a plan: hash, base, operations with class, SQL, rows and text, changes, findings."""
    say, language = ctx.messages.say, ctx.actor.language
    return {
        "plan": plan.hash,
        "base": plan.base,
        "operations": [
            {
                "class": one.kind,
                "sql": one.sql,
                "rows": one.rows,
                "text": say(one.key, language, **one.params),
            }
            for one in plan.operations
        ],
        "changes": [
            {
                "document": str(one.document),
                "path": ".".join(one.path),
                "old": one.old,
                "new": one.new,
            }
            for one in plan.changes
        ],
        "findings": [
            {
                "severity": severity,
                "path": found.path,
                "code": found.code,
                "message": ctx.messages.tell(found, language),
            }
            for severity, problems in (
                ("error", plan.findings.errors),
                ("warning", plan.findings.warnings),
            )
            for found in problems
        ],
    }
