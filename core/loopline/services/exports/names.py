"""What an export writes for links: the title, with the number where a title does not suffice."""

from collections.abc import Iterable, Sequence

from loopline.access.context import Context
from loopline.errors import NotValid
from loopline.fields.links import RecordIds
from loopline.services.exports.columns import ExportColumn
from loopline.services.imports.lookups import Lookups, looks_numbered, numbered
from loopline.services.imports.several import SEPARATOR, is_one_part
from loopline.services.titles import titles
from loopline.store.rows import Record


class LinkNames:
    """The texts for the records that links point to, made once for each record."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, int], str] = {}
        self._lookups = Lookups()

    def learn(
        self, ctx: Context, records: Sequence[Record], columns: Iterable[ExportColumn]
    ) -> None:
        """Look up the names that the links of these records need."""
        wanted: dict[str, set[int]] = {}
        for column in columns:
            entity = column.field.to or column.field.many
            if entity:
                found = wanted.setdefault(entity, set())
                found.update(
                    target
                    for record in records
                    for target in _targets(record.value(column.field.id))
                    if (entity, target) not in self._names
                )
        for entity, ids in wanted.items():
            if ids:
                self._learn(ctx, entity, ids)

    def _learn(self, ctx: Context, entity: str, ids: set[int]) -> None:
        named = titles(ctx, entity, ids)
        plain = {title for title in named.values() if title and not looks_numbered(title)}
        try:
            found = self._lookups.find(ctx, entity, "name", plain)
        except NotValid:  # its title is a link itself
            found = {}
        for record, title in named.items():
            alone = list(found.get(title, ())) == [record]
            self._names[entity, record] = title if alone else numbered(title, record)

    def of(self, entity: str, record: int) -> str:
        """Answer the text that an import takes for this record and no other."""
        return self._names.get((entity, record)) or f"#{record}"

    def of_several(self, entity: str, ids: Iterable[int]) -> str:
        """Answer the text that an import takes for these records and no others."""
        names = ((self.of(entity, one), one) for one in ids)
        return SEPARATOR.join(name if is_one_part(name) else f"#{one}" for name, one in names)


def _targets(value: object) -> tuple[int, ...]:
    """Answer the records that the value of a link names, none for one that is masked or blank."""
    if isinstance(value, RecordIds):
        return value
    return (value,) if isinstance(value, int) else ()
