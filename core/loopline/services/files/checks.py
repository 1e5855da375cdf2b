"""Whether the files that records shall hold are there, fit, and are the actor's to give."""

from collections.abc import Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.fields.definition import FieldDef
from loopline.services.files.content import PICTURES
from loopline.services.files.reading import FILE_TYPES, may_read
from loopline.store.files import StoredFile, read_files
from loopline.store.tables import RecordTable

Row = Mapping[str, object]


def check_files(ctx: Context, one: RecordTable, rows: Sequence[Row]) -> list[list[Problem]]:
    """Answer, for each row, what is wrong with the files it names: one query for all.

    A file is given by who may read it: who guesses a number opens nothing by it.
    """
    problems: list[list[Problem]] = [[] for _ in rows]
    fields = file_fields(one)
    named = [[(field, i) for field in fields for i in ids_in(row.get(field.id))] for row in rows]
    wanted = {file_id for each in named for _, file_id in each}
    if not wanted:
        return problems
    known = read_files(ctx.connection, wanted)
    for each, found in zip(named, problems, strict=True):
        for field, file_id in each:
            code = _wrong(ctx, field, known.get(file_id))
            if code:
                params = {"label": field.label, "id": file_id}
                found.append(Problem(f"fields.{field.id}", code, params))
    return problems


def file_fields(one: RecordTable) -> tuple[FieldDef, ...]:
    """Answer the fields of an entity that hold files."""
    fields = one.fields.values()
    return one.memo(
        "file fields",
        lambda: tuple(f.definition for f in fields if f.definition.type in FILE_TYPES),
    )


def ids_in(value: object) -> tuple[int, ...]:
    """Answer the files that the value of such a field names."""
    if value is None:
        return ()
    return value if isinstance(value, tuple) else (int(str(value)),)


def _wrong(ctx: Context, field: FieldDef, file: StoredFile | None) -> str:
    """Answer the code of what is wrong with a file in a field, empty for nothing."""
    if file is None or not may_read(ctx, file):
        return "file.missing"
    if field.type == "image" and file.media_type not in PICTURES:
        return "image.unreadable"
    return ""
