"""What an export writes for links: the title, with the number where a title does not suffice."""

from collections.abc import Iterable, Sequence

from loopline.access.context import Context
from loopline.errors import NotValid
from loopline.services.exports.columns import ExportColumn
from loopline.services.imports.lookups import Lookups, looks_numbered, numbered
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
            if column.field.to:
                found = wanted.setdefault(column.field.to, set())
                found.update(
                    target
                    for record in records
                    if isinstance(target := record.value(column.field.id), int)
                    and (column.field.to, target) not in self._names
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
