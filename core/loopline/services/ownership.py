"""Ownership: whose a record is, and which department it belongs to because of that.

The department is copied from the owner when the owner changes, and not looked up later: that
somebody moves to another department does not rewrite whose business it was.
"""

from collections.abc import Collection, Mapping, Sequence

from loopline.access.context import Context
from loopline.store.keys import field_of_records
from loopline.store.rows import Record
from loopline.store.tables import RecordTable

OWNER, DEPARTMENT = "owner", "department"


def file_new(ctx: Context, one: RecordTable, rows: Sequence[dict[str, object]]) -> None:
    """Give new records without a department that of their owner."""
    if not one.entity.traits.owned:
        return
    for row in rows:
        row.setdefault(DEPARTMENT, None)
    waiting = [row for row in rows if row[OWNER] is not None and row[DEPARTMENT] is None]
    departments = departments_of(ctx, {int(str(row[OWNER])) for row in waiting})
    for row in waiting:
        row[DEPARTMENT] = departments.get(int(str(row[OWNER])))


def file_moved(
    ctx: Context, one: RecordTable, edits: Sequence[tuple[Record, dict[str, object]]]
) -> None:
    """Let the department follow the owner where a change names only the owner."""
    if not one.entity.traits.owned:
        return
    moved = [
        changes
        for record, changes in edits
        if OWNER in changes
        and DEPARTMENT not in changes
        and changes[OWNER] != record.values.get(OWNER)
    ]
    owners = {int(str(one[OWNER])) for one in moved if isinstance(one[OWNER], int)}
    departments = departments_of(ctx, owners)
    for changes in moved:
        owner = changes[OWNER]
        if isinstance(owner, int) and owner in departments:
            changes[DEPARTMENT] = departments[owner]


def file_again(
    given: Mapping[str, object], row: dict[str, object], set_by_guards: Mapping[str, object]
) -> None:
    """Forget the department that was copied from an owner whom a guard replaces."""
    if OWNER in set_by_guards and DEPARTMENT not in {*given, *set_by_guards}:
        row.pop(DEPARTMENT, None)


def departments_of(ctx: Context, users: Collection[int]) -> dict[int, object]:
    """Answer the department of each of some users; none where users belong to no department."""
    table = ctx.snapshot.table("user")
    if not users or DEPARTMENT not in table.fields:
        return {}
    return field_of_records(ctx.connection, table, DEPARTMENT, users)
