"""Whether formulas and lookups can be worked out."""

from collections.abc import Iterator
from typing import Final

from loopline.errors import LooplineError
from loopline.expr.errors import Unusable
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.document import Path
from loopline.meta.entities import EntityDef
from loopline.meta.scope import EntityScope
from loopline.meta.virtual import RETURNS, read_virtual

Found = tuple[Path, str, dict[str, object]]
_NOT_LOOKED_UP: Final = frozenset({"lines", "links", "any_link", "file", "files", "image"})
"""What a field of another record cannot show: it belongs to its own record, or leads further."""


def virtual_problems(
    entity: EntityDef, field: FieldDef, catalog: Catalog, types: FieldTypes
) -> Iterator[Found]:
    """Yield what keeps a formula or lookup from being worked out, with places in its text."""
    made, path = field.virtual, ("fields", field.id)
    if made is None:
        return
    found = list(_lookup(entity, field, catalog) if made.lookup else _formula(field))
    yield from found
    if found:
        return
    at = "field" if made.lookup else "formula"
    try:
        scope = EntityScope(catalog, types, entity.id)
        read_virtual(field, scope.below((field.id,), field), types)
    except Unusable as error:
        yield (*path, at), error.code, {"line": 1, "column": 1, **error.params}
    except LooplineError as error:
        for problem in error.problems:
            yield (*path, at), problem.code, dict(problem.params)


def _formula(field: FieldDef) -> Iterator[Found]:
    path = ("fields", field.id)
    if field.virtual is not None and not field.virtual.formula.strip():
        yield path, "metadata.missing", {"keys": "formula"}
    if field.type not in RETURNS:
        yield path, "metadata.missing", {"keys": "returns"}


def _lookup(entity: EntityDef, field: FieldDef, catalog: Catalog) -> Iterator[Found]:
    path, made = ("fields", field.id), field.virtual
    via, _, name = made.formula.partition(".") if made is not None else ("", "", "")
    missing = [key for key, given in (("via", via), ("field", name)) if not given]
    if missing:
        yield path, "metadata.missing", {"keys": ", ".join(missing)}
        return
    link = entity.field(via)
    if link is None or not link.to or link.virtual is not None:
        yield (*path, "via"), "lookup.via", {"via": via, "entity": entity.id}
        return
    if not catalog.has("entity", link.to):
        return  # told at the link
    target = catalog.entity(link.to).field(name)
    if target is None:
        yield (*path, "field"), "metadata.no_field", {"field": name, "entity": link.to}
    elif target.type in _NOT_LOOKED_UP:
        yield (*path, "field"), "lookup.type", {"field": name, "type": target.type}
