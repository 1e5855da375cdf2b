"""What of a record can be searched for, and keeping the token table in step."""

from collections.abc import Sequence

from loopline.access.context import Context
from loopline.access.searched import narrowed_in, searched_fields
from loopline.store.deferred import living_ids
from loopline.store.rows import Record, fetch
from loopline.store.search import delete_tokens, write_tokens
from loopline.store.tables import RecordTable
from loopline.store.tokens import index_tokens, layout_token, within

__all__ = ["forget", "index", "index_anew", "searched_fields"]


def index(ctx: Context, one: RecordTable, records: Sequence[Record], *, new: bool) -> None:
    """Set the tokens of records, if their entity is searchable."""
    if one.entity.traits.searchable and records:
        apart = narrowed_in(ctx.snapshot, one.entity.id)
        names = [name for name in searched_fields(one) if name not in apart]
        tokens = {
            record.id: index_tokens(
                str(record.values[name]) for name in names if record.values[name] is not None
            )
            for record in records
        }
        if apart:
            tokens = {one.id: _with_apart(one, tokens[one.id], apart) for one in records}
        write_tokens(ctx.connection, one.entity.id, tokens, new=new)


def _with_apart(record: Record, tokens: str, apart: frozenset[str]) -> str:
    """Answer tokens with those of the fields that stand apart, each under its field's name."""
    found = [tokens] if tokens else []
    for name in sorted(apart):
        value = record.values[name]
        if value is not None:
            found += [within(name) + token for token in index_tokens([str(value)]).split()]
    return " ".join([*found, layout_token(apart)])


def index_anew(ctx: Context, one: RecordTable, after: int, batch: int) -> int | None:
    """Set the tokens of the next ``batch`` records; answer the last id, None at the end."""
    ids = living_ids(ctx.connection, one, after, batch)
    if ids:
        found = fetch(ctx.connection, one, ids, lock=True)
        index(ctx, one, [each for each in found.values() if each.deleted_at is None], new=False)
    return ids[-1] if ids else None


def forget(ctx: Context, one: RecordTable, ids: list[int]) -> None:
    """Drop the tokens of deleted records."""
    if one.entity.traits.searchable:
        delete_tokens(ctx.connection, one.entity.id, ids)
