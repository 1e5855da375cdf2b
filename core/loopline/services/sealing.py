"""A column keeps the type, scale and target it was made with; nothing redefines what is stored."""

from collections.abc import Iterable, Mapping
from typing import Final

from loopline.access.context import Context
from loopline.fields.definition import FieldDef
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.entities import EntityDef
from loopline.meta.findings import Findings, place
from loopline.store.ledger import columns_made
from loopline.store.releases import load_release
from loopline.store.tables import table_name

_SEALED: Final = ("type", "scale", "to", "many")
Fields = Mapping[str, FieldDef]


def refuse_redefinition(
    ctx: Context, candidate: Catalog, changed: Iterable[DocumentKey], findings: Findings
) -> None:
    """Note every field that would read its column as something else than was written there.

    The head says what a field is. One that the head no longer has, because a rollback or a removed
    document took it away, is what it was in the release that made its column.
    """
    for key in sorted(changed):
        if key.kind != "entity" or not candidate.has(*key):
            continue
        wanted = _all_fields(candidate.entity(key.id))
        for name, before in _stored(ctx, key.id, wanted).items():
            for setting in _SEALED:
                old, new = getattr(before, setting), getattr(wanted[name], setting)
                if old != new:
                    at = place(key, ("fields", name, setting))
                    findings.error(at, "publish.redefined", field=name, old=old, new=new)


def _stored(ctx: Context, entity: str, wanted: Fields) -> Fields:
    """Answer the wanted fields that are stored already, as they were defined."""
    known = (
        _all_fields(ctx.snapshot.catalog.entity(entity))
        if ctx.snapshot.catalog.has("entity", entity)
        else {}
    )
    found = {name: known[name] for name in wanted if name in known}
    made = columns_made(ctx.connection, table_name(entity))
    for revision in {made[name] for name in wanted if name in made and name not in known}:
        old = _all_fields(Catalog(load_release(ctx.connection, revision)).entity(entity))
        found |= {
            name: old[name]
            for name in wanted
            if name not in known and made.get(name) == revision and name in old
        }
    return found


def _all_fields(entity: EntityDef) -> Fields:
    return {**entity.fields, **entity.retired}
