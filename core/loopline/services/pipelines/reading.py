"""Reading the history of a record's stages, by whoever may read the record and its field."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from loopline.access.context import Context
from loopline.meta.entities import OWNER_FIELDS, EntityDef
from loopline.services import records
from loopline.store.stage_history import StageRow, stages_of


@dataclass(frozen=True, kw_only=True, slots=True)
class StageEntry:
    """A record entered the stage ``after``, None for blank.

    ``stay`` is how many seconds it was in the stage before; ``pipeline`` None where none applied.
    What the reader may not see of owner and amount is None.
    """

    pipeline: str | None
    field: str
    before: str | None
    after: str | None
    at: datetime
    actor: int | None
    owner: int | None
    amount: Decimal | None
    currency: str | None
    stay: int | None


def stages(ctx: Context, entity: str, record_id: int) -> tuple[StageEntry, ...]:
    """Answer the history of a record's stages, oldest first, one in the bin too.

    Raises NotFound where the actor may not read the record.
    """
    records.get(ctx, entity, record_id, deleted=True)
    seen = ctx.catalog.entity(entity)
    rows = stages_of(ctx.connection, entity, record_id)
    return tuple(_entry(ctx, seen, row) for row in rows if _sees(seen, row.field))


def _sees(seen: EntityDef, field: str) -> bool:
    return field in seen.fields and not seen.fields[field].masked


def _entry(ctx: Context, seen: EntityDef, row: StageRow) -> StageEntry:
    owner, _ = OWNER_FIELDS
    amount = _amount(ctx, seen, row)
    return StageEntry(
        pipeline=row.pipeline,
        field=row.field,
        before=row.before,
        after=row.after,
        at=row.at,
        actor=row.actor,
        owner=row.owner if _sees(seen, owner) else None,
        amount=amount,
        currency=None if amount is None else row.currency,
        stay=row.stay,
    )


def _amount(ctx: Context, seen: EntityDef, row: StageRow) -> Decimal | None:
    """Answer the amount of then, where the pipeline still says which field it was."""
    catalog = ctx.snapshot.catalog
    if row.amount is None or not row.pipeline or not catalog.has("pipeline", row.pipeline):
        return None
    name = catalog.pipeline(row.pipeline).amount_field
    if not _sees(seen, name):
        return None
    return Decimal(row.amount).scaleb(-seen.fields[name].scale)
