"""The snapshot: one release's catalog with its tables and everything compiled from them.

The cache rule: whatever is built from metadata (tables, compiled statements, compiled checks, list
plans) hangs on the snapshot and dies with it. Nothing else caches anything derived from metadata.
"""

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any, Final, TypeVar, cast

from sqlalchemy.util import LRUCache

from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.store.tables import RecordTable, build_table, sorted_fields

T = TypeVar("T")
_MOST_STATEMENTS: Final = 2_000
_MOST_MEMORIES: Final = 2_000
_NOTHING: Final = object()


class Snapshot:
    """An immutable view of the metadata, and the caches that live exactly as long."""

    def __init__(
        self, catalog: Catalog, types: FieldTypes, previous: "Snapshot | None" = None
    ) -> None:
        self.catalog = catalog
        self.types = types
        self.statements: MutableMapping[Any, Any] = LRUCache(_MOST_STATEMENTS)
        self._memo: MutableMapping[Hashable, object] = LRUCache(_MOST_MEMORIES)
        self._tables: dict[str, RecordTable] = {}
        self._sorted: dict[str, frozenset[str]] = {}
        self._before = dict(previous._tables) if previous else {}
        self._sorted_before = dict(previous._sorted) if previous else {}

    def twin(self) -> "Snapshot":
        """Answer a snapshot for another platform whose database holds the same release.

        Catalog and tables are shared; what is compiled or remembered belongs to each platform.
        """
        other = Snapshot(self.catalog, self.types)
        other._tables, other._sorted = self._tables, self._sorted
        return other

    @property
    def revision(self) -> int:
        """The release this is a picture of."""
        return self.catalog.revision

    def table(self, entity: str) -> RecordTable:
        """Answer the record table of an entity; taken over where nothing about it changed."""
        found = self._tables.get(entity)
        if found is None:
            definition = self.catalog.entity(entity)
            ordered = sorted_fields(self.catalog, definition)
            before = self._before.pop(entity, None)
            same = before is not None and before.entity is definition
            if before is not None and same and self._sorted_before.get(entity) == ordered:
                found = before
            else:
                found = build_table(definition, ordered, self.types)
            self._tables[entity] = found
            self._sorted[entity] = ordered
        return found

    def memo(self, key: Hashable, build: Callable[[], T]) -> T:
        """Answer what was built under ``key``, building it the first time.

        What was not asked for lately may be built again: keys hold texts that people type, such
        as filters, so that the memory has to have a bound.
        """
        found = self._memo.get(key, _NOTHING)
        if found is _NOTHING:
            found = self._memo[key] = build()
        return cast(T, found)
