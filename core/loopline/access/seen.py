"""The release as one viewer sees it: what they may not read is not there."""

from dataclasses import replace
from typing import Final

from loopline.access.rights import LEVELS, Rights
from loopline.errors import LooplineError
from loopline.expr.check import check, references
from loopline.expr.errors import Unusable
from loopline.expr.parse import parse
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.boards import board_field
from loopline.meta.catalog import Catalog
from loopline.meta.entities import EntityDef
from loopline.meta.scope import EntityScope
from loopline.meta.screens import BOARD, FormDef, ViewDef, plain_view
from loopline.meta.virtual import read_virtual

_READABLE: Final = ("mask", "read", "write")


class SeenCatalog(Catalog):
    """A catalog without the entities and fields that the rights keep from their holder.

    Fields that may be read but not written are read-only in it, veiled ones are marked as masked.
    """

    def __init__(self, whole: Catalog, types: FieldTypes, rights: Rights) -> None:
        super().__init__(whole.release, whole)
        self._whole = whole
        self._types = types
        self._rights = rights
        self._seen: dict[str, EntityDef] = {}

    def has(self, kind: str, name: str) -> bool:
        """Whether the release has that document, and its entity may be read."""
        if not self._whole.has(kind, name):
            return False
        return kind != "entity" or self._rights.allows(self._whole.entity(name), "read")

    def ids(self, kind: str) -> tuple[str, ...]:
        """Answer the ids of all documents of a kind, entities that may not be read left out."""
        found = self._whole.ids(kind)
        return found if kind != "entity" else tuple(one for one in found if self.has(kind, one))

    def entity(self, name: str) -> EntityDef:
        """Answer an entity with the fields that may be read. Raises NotFound."""
        seen = self._seen.get(name)
        if seen is None:
            if not self.has("entity", name):
                raise self.missing("entity", name)
            seen = self._seen[name] = self._see(self._whole.entity(name))
        return seen

    def _see(self, entity: EntityDef) -> EntityDef:
        levels = {name: self._level(entity, one) for name, one in entity.fields.items()}
        if all(level == "write" for level in levels.values()):
            return entity
        fields = {
            name: _as_seen(entity.fields[name], level)
            for name, level in levels.items()
            if level in _READABLE
        }
        retired = {
            name: one
            for name, one in entity.retired.items()
            if self._level(entity, one) in {"read", "write"}
        }
        open_ = {name for name, level in levels.items() if level in {"read", "write"}}
        return replace(
            entity,
            fields=fields,
            retired=retired,
            indexes=tuple(one for one in entity.indexes if open_.issuperset(one.fields)),
            rules=tuple(one for one in entity.rules if self._tells(entity.id, one.refuse_when)),
        )

    def _level(self, entity: EntityDef, field: FieldDef) -> str:
        """Answer how much of a field may be seen: of a formula no more than of what it reads."""
        level = self._rights.level(entity, field.id)
        if field.virtual is None or self._rights.unrestricted:
            return level
        try:
            scope = EntityScope(self._whole, self._types, entity.id).below((field.id,), field)
            read = references(read_virtual(field, scope, self._types))
        except (LooplineError, Unusable):
            return "none"
        return min((level, *(self._reaches(entity, path) for path in read)), key=LEVELS.index)

    def _reaches(self, entity: EntityDef, path: tuple[str, ...]) -> str:
        """Answer how much may be seen of a field, links followed; veiled links lead nowhere."""
        level, field = self._rights.level(entity, path[0]), entity.field(path[0])
        if len(path) == 1 or field is None or level not in {"read", "write"}:
            return level if len(path) == 1 else "none"
        if not self.has("entity", field.to):
            return "none"
        return self._reaches(self._whole.entity(field.to), path[1:])

    def _tells(self, entity: str, text: str) -> bool:
        """Whether an expression names nothing but what may be read."""
        scope = EntityScope(self._whole, self._types, entity)
        try:
            named = references(check(parse(text), scope))
        except LooplineError:
            return False
        return all(self._is_open(entity, path) for path in named)

    def _is_open(self, entity: str, path: tuple[str, ...]) -> bool:
        definition = self._whole.entity(entity)
        if self._rights.level(definition, path[0]) not in {"read", "write"}:
            return False
        field = definition.field(path[0])
        further = path[1:]
        return not further or (field is not None and self._is_open(field.to, further))

    def form(self, entity: str, use: str) -> FormDef:
        """Answer the form of an entity for a use, without the fields that are not there."""
        form = super().form(entity, use)
        known = self.entity(entity).fields
        if known.keys() >= set(form.fields):
            return form
        sections = [
            replace(one, fields=tuple(field for field in one.fields if field.field in known))
            for one in form.sections
        ]
        return replace(form, sections=tuple(one for one in sections if one.fields))

    def views(self, entity: str) -> list[ViewDef]:
        """Answer the views of an entity, without columns that are not there.

        A view that filters by what may not be seen is not offered: it would give it away.
        """
        fitting = [one for one in self._views.get(entity, []) if not one.hidden and self._fits(one)]
        return [self._shown(one) for one in fitting] or [plain_view(self.entity(entity))]

    def _fits(self, view: ViewDef) -> bool:
        if view.type == BOARD and not self._sees(view.entity, board_field(view, self)):
            return False
        if not view.filter:
            return True
        try:
            check(parse(view.filter), EntityScope(self, self._types, view.entity))
        except LooplineError:
            return False
        return True

    def view(self, entity: str, name: str = "") -> ViewDef:
        """Answer a view by id, or the default one. Raises NotFound."""
        found = next((one for one in self._views.get(entity, []) if one.id == name), None)
        if found is not None and self._fits(found):
            return self._shown(found)
        return super().view(entity, name)

    def _shown(self, view: ViewDef) -> ViewDef:
        definition = self.entity(view.entity)
        columns = tuple(one for one in view.columns if definition.field(one) is not None)
        sort = tuple(one for one in view.sort if _sortable(definition, one.lstrip("-")))
        sums = tuple(one for one in view.sums if self._sees(view.entity, one))
        return replace(view, columns=columns, sort=sort, sums=sums)

    def _sees(self, entity: str, name: str) -> bool:
        """Whether a field is there, and not veiled."""
        field = self.entity(entity).fields.get(name)
        return field is not None and not field.masked


def _as_seen(field: FieldDef, level: str) -> FieldDef:
    if level == "write":
        return field
    return replace(field, read_only=True, masked=level == "mask")


def _sortable(entity: EntityDef, name: str) -> bool:
    field = entity.field(name)
    return field is not None and not field.masked
