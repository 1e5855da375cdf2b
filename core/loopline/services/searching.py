"""What of a record can be searched for, and keeping the token table in step."""

from collections.abc import Iterable, Iterator

from loopline.access.context import Context
from loopline.store.rows import Record
from loopline.store.search import delete_tokens, write_tokens
from loopline.store.tables import RecordTable
from loopline.store.tokens import index_tokens


def searched_fields(one: RecordTable) -> frozenset[str]:
    """Answer the fields whose words find the record: its short texts and codes."""
    return frozenset(
        name
        for name, stored in one.fields.items()
        if stored.type.short_text or stored.type.id == "code"
    )


def index(ctx: Context, one: RecordTable, records: Iterable[Record], *, new: bool) -> None:
    """Set the tokens of records, if their entity is searchable."""
    if one.entity.traits.searchable:
        names = sorted(searched_fields(one))
        tokens = {record.id: index_tokens(_texts(record, names)) for record in records}
        write_tokens(ctx.connection, one.entity.id, tokens, new=new)


def forget(ctx: Context, one: RecordTable, ids: list[int]) -> None:
    """Drop the tokens of deleted records."""
    if one.entity.traits.searchable:
        delete_tokens(ctx.connection, one.entity.id, ids)


def _texts(record: Record, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        value = record.values.get(name)
        if value is not None:
            yield str(value)
