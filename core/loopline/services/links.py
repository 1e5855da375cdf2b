"""Finding the records that texts mean: by name, code, phone, external id or any other field."""

from collections import defaultdict
from collections.abc import Collection

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.fields.base import Unreadable
from loopline.store.keys import records_by_key
from loopline.store.tables import RecordTable, StoredField


def find(ctx: Context, entity: str, by: str, values: Collection[str]) -> dict[str, list[int]]:
    """Answer, for each text, the ids of the living records whose field ``by`` has that value.

    ``by`` is a field id, ``id``, or ``name`` for the title field. Raises NotValid for an unknown
    field; a text that the field cannot read finds nothing.
    """
    one = ctx.snapshot.table(entity)
    stored = _field(one, by)
    keys: dict[object, list[str]] = defaultdict(list)
    for text in values:
        key = _key(ctx, stored, text)
        if key is not None:
            keys[key].append(text)
    found: dict[str, list[int]] = {text: [] for text in values}
    for key, record in records_by_key(ctx.connection, one, stored, keys):
        for text in keys[key]:
            found[text].append(record)
    return found


def _field(one: RecordTable, by: str) -> StoredField:
    stored = one.field(by) or (one.field(one.entity.title_field) if by == "name" else None)
    if stored is None or (stored.definition.to and by != "id"):
        raise NotValid(Problem("by", "link.by", {"by": by, "entity": one.entity.label}))
    return stored


def _key(ctx: Context, stored: StoredField, text: str) -> object:
    try:
        value = stored.type.parse(stored.definition, text, ctx.locale)
    except Unreadable:
        return None
    return stored.match(value)
