"""Acts that leave a record as it is and yet belong into its trail: who looked, who may do what."""

from loopline.access.context import Context
from loopline.services.approvals.trail import NOTE
from loopline.store.changes import Write, write_changes

_NO_VERSION = 0
"""Such an act belongs to no version of the record."""


def note_act(ctx: Context, entity: str, record: int, action: str, said: str = "") -> None:
    """Write an act of whoever acts into the trail of a record, with what there is to say of it."""
    write = Write(
        at=ctx.now,
        actor=ctx.actor.id,
        entity=entity,
        action=action,
        via=ctx.via,
        revision=ctx.snapshot.revision,
        source=ctx.source,
    )
    diff = {NOTE: (None, said)} if said else {}
    write_changes(ctx.connection, write, [(record, _NO_VERSION, diff)])
