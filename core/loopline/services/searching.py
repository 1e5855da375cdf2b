"""What of a record can be searched for, and keeping the token table in step."""

from collections.abc import Sequence

from loopline.access.context import Context
from loopline.store.rows import Record
from loopline.store.search import delete_tokens, write_tokens
from loopline.store.tables import RecordTable
from loopline.store.tokens import index_tokens


def searched_fields(one: RecordTable) -> tuple[str, ...]:
    """Answer the fields whose words find the record: its short texts and codes."""
    return one.memo(
        "searched",
        lambda: tuple(
            name
            for name, stored in sorted(one.fields.items())
            if stored.type.short_text or stored.type.id == "code"
        ),
    )


def index(ctx: Context, one: RecordTable, records: Sequence[Record], *, new: bool) -> None:
    """Set the tokens of records, if their entity is searchable."""
    if one.entity.traits.searchable and records:
        names = searched_fields(one)
        tokens = {
            record.id: index_tokens(
                str(record.values[name]) for name in names if record.values[name] is not None
            )
            for record in records
        }
        write_tokens(ctx.connection, one.entity.id, tokens, new=new)


def forget(ctx: Context, one: RecordTable, ids: list[int]) -> None:
    """Drop the tokens of deleted records."""
    if one.entity.traits.searchable:
        delete_tokens(ctx.connection, one.entity.id, ids)
