"""Records, entities and plans as JSON."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.entities import EntityDef
from loopline.services.planning import Plan
from loopline.store.rows import Record


def moment(at: datetime | None) -> str | None:
    """Answer a moment as RFC 3339 in UTC."""
    return None if at is None else at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def record_shape(
    ctx: Context, record: Record, names: Iterable[str] | None = None
) -> dict[str, Any]:
    """Answer a record: what every record has, then the named fields (all it carries, if None)."""
    shape: dict[str, Any] = {
        "id": record.id,
        "row_version": record.version,
        "created_at": moment(record.created_at),
        "created_by": record.created_by,
        "updated_at": moment(record.updated_at),
        "updated_by": record.updated_by,
    }
    if record.deleted_at is not None:
        shape["deleted_at"] = moment(record.deleted_at)
    fields = ctx.catalog.entity(record.entity).fields
    for name in record.values if names is None else names:
        shape[name] = value_shape(ctx, fields[name], record.values.get(name))
    return shape


def value_shape(ctx: Context, field: FieldDef, value: object) -> Any:
    """Answer a value in its JSON form; money beside its currency."""
    if value is None:
        return None
    shown = ctx.snapshot.types[field.type].to_json(field, value)
    if field.type == "money":
        return {"amount": shown, "currency": ctx.locale.currency}
    return shown


def entity_shape(entity: EntityDef) -> dict[str, Any]:
    """Answer a resolved entity as clients read it."""
    traits = entity.traits
    return {
        "id": entity.id,
        "label": dict(entity.label),
        "plural": dict(entity.plural),
        "title_field": entity.title_field,
        "traits": {name: getattr(traits, name) for name in traits.__slots__},
        "fields": {name: field_shape(one) for name, one in entity.fields.items()},
    }


def field_shape(field: FieldDef) -> dict[str, Any]:
    """Answer a field: its settings that differ from nothing."""
    shape: dict[str, Any] = {"type": field.type, "label": dict(field.label)}
    for name in ("required", "read_only", "hidden"):
        if getattr(field, name):
            shape[name] = True
    for name in ("help", "unit"):
        if getattr(field, name):
            shape[name] = dict(getattr(field, name))
    if field.unique != "no":
        shape["unique"] = field.unique
    for name in ("max_length", "default"):
        if getattr(field, name) is not None:
            shape[name] = getattr(field, name)
    for name in ("min", "max"):
        if getattr(field, name) is not None:
            shape[name] = str(getattr(field, name))
    if field.scale:
        shape["scale"] = field.scale
    if field.to:
        shape["to"] = field.to
    if field.options:
        shape["options"] = {
            code: {"label": dict(option.label), **({"retired": True} if option.retired else {})}
            for code, option in field.options.items()
        }
    return shape


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
