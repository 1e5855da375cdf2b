"""Who may read a file: its uploader, and whoever may read a record that holds it."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.fields.definition import FieldDef
from loopline.query.visible import visible_ids
from loopline.store.files import StoredFile, read_files
from loopline.store.keys import records_by_key
from loopline.store.members import holders

FILE_TYPES: Final = frozenset({"file", "files", "image"})


def readable_file(ctx: Context, file_id: int) -> StoredFile:
    """Answer a file. Raises NotFound, also where the actor may not read it."""
    found = read_files(ctx.connection, {file_id}).get(file_id)
    if found is None or not may_read(ctx, found):
        raise NotFound(code="file.not_found", id=file_id)
    return found


def may_read(ctx: Context, file: StoredFile) -> bool:
    """Whether the actor uploaded a file, or may read a record and the field of it that holds it."""
    if ctx.rights.unrestricted or (ctx.actor.id is not None and file.created_by == ctx.actor.id):
        return True
    return any(visible_ids(ctx, field.entity, ids) for field, ids in _holding(ctx, file.id))


def file_names(ctx: Context, ids: Collection[int]) -> Mapping[int, str]:
    """Answer the names of files, for the pages of records that hold them."""
    return {one.id: one.name for one in read_files(ctx.connection, ids).values()} if ids else {}


def _holding(ctx: Context, file_id: int) -> Iterator[tuple[FieldDef, set[int]]]:
    """Yield the fields that the actor may read, and the living records whose field has the file."""
    for entity in ctx.catalog.entities():
        for field in entity.fields.values():
            if field.type in FILE_TYPES and not field.masked:
                found = _records(ctx, field, file_id)
                if found:
                    yield field, found


def _records(ctx: Context, field: FieldDef, file_id: int) -> set[int]:
    one = ctx.snapshot.table(field.entity)
    stored = one.fields[field.id]
    if stored.members is not None:
        return {record for _, record in holders(ctx.connection, one, stored, {file_id})}
    return {record for _, record in records_by_key(ctx.connection, one, stored, {file_id})}
