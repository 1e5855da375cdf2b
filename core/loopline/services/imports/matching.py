"""Finding the record a row is about, by the key of the import."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.imports.reading import ReadRow
from loopline.store.keys import records_by_key
from loopline.store.tables import RecordTable


class KeyMatcher:
    """Matches rows to records by one field."""

    def __init__(self, one: RecordTable, key: str, heading: str) -> None:
        stored = one.field(key)
        if stored is None:
            raise KeyError(key)
        self._one, self._stored, self._name, self._heading = one, stored, key, heading

    def key_of(self, row: ReadRow) -> object:
        """Answer what the database compares for this row, None where the key is blank."""
        return self._stored.match(row.values.get(self._name))

    def match(self, ctx: Context, rows: Sequence[ReadRow]) -> list[int | None]:
        """Answer each row's record; what matches several, or an id that is none, is a problem."""
        keys = [self.key_of(row) for row in rows]
        found: dict[object, list[int]] = defaultdict(list)
        wanted = {key for key in keys if key is not None}
        for key, record in records_by_key(ctx.connection, self._one, self._stored, wanted):
            found[key].append(record)
        matched: list[int | None] = []
        for row, key in zip(rows, keys, strict=True):
            ids = found.get(key, []) if key is not None else []
            matched.append(ids[0] if len(ids) == 1 else None)
            if len(ids) > 1:
                self._complain(row, "import.key_matches_many", count=len(ids))
            elif not ids and key is not None and self._name == "id":
                self._complain(row, "import.no_such_id")
        return matched

    def exists(self, row: ReadRow) -> None:
        """Note that the row's record is there already and must not be."""
        self._complain(row, "import.exists")

    def _complain(self, row: ReadRow, code: str, **params: object) -> None:
        told = {"label": self._stored.definition.label, "value": row.values[self._name], **params}
        row.problems.append((self._heading, Problem(f"fields.{self._name}", code, told)))


def rounds(rows: Iterable[ReadRow], matcher: KeyMatcher | None) -> list[list[ReadRow]]:
    """Part rows so that none has the key of another of its part: the later one must find it."""
    if matcher is None:
        return [list(rows)]
    parts: list[list[ReadRow]] = []
    seen: dict[object, int] = defaultdict(int)
    for row in rows:
        key = matcher.key_of(row)
        number = 0 if key is None else seen[key]
        seen[key] += 1
        if number == len(parts):
            parts.append([])
        parts[number].append(row)
    return parts
