"""What entering a stage writes: what the stage sets, and what its pipeline keeps in fields."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.expr.check import references
from loopline.expr.python import compile_formula
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.meta.conversion_checks import Value, read_value
from loopline.meta.pipelines import PipelineDef
from loopline.meta.scope import EntityScope
from loopline.services.expressions import Path, followed, linked_records, values_of
from loopline.services.fitting import fitted
from loopline.services.historic import HISTORIC_DOORS
from loopline.services.pipelines.moves import Move, Values
from loopline.store.tables import RecordTable

_PERCENT: Final = "percent"
_MOMENT: Final = "datetime"
_MADE: Final = "created_at"


def write_entries(
    ctx: Context,
    one: RecordTable,
    moves: Sequence[Move],
    rows: Mapping[int, dict[str, object]],
    said: Mapping[int, Collection[str]],
) -> dict[int, list[Problem]]:
    """Write into ``rows``, by index, what moves bring along; answer what does not fit its field.

    ``said`` are the fields that the writer changes themselves in the same write: they stay, but
    for what the stage sets; that too where a record of the past comes in.
    """
    historic = ctx.via in HISTORIC_DOORS
    sets = _Sets(ctx, one, moves, rows)
    problems: dict[int, list[Problem]] = {}
    for move in moves:
        row, mine = rows[move.index], said[move.index]
        kept = dict(_kept(ctx, one, move, row, mine))
        row.update((name, value) for name, value in kept.items() if name not in mine)
        for name in () if move.stage is None else move.stage.sets:
            if _writable(one, name) and not (historic and name in mine):
                try:
                    row[name] = sets.value(move, name)
                except Unreadable as error:
                    problems.setdefault(move.index, []).append(error.at(f"fields.{name}"))
    return problems


def _kept(
    ctx: Context, one: RecordTable, move: Move, row: Values, said: Collection[str]
) -> Iterator[tuple[str, object]]:
    """Yield what the pipeline keeps in fields: how likely, since when, closed when."""
    pipeline, stage = move.pipeline, move.stage
    if pipeline is None:
        return
    told = {name: row[name] for name in (*said, pipeline.field) if name in row}
    probability, since, closed = (
        _definition(one, name)
        for name in (pipeline.probability_field, pipeline.since_field, pipeline.closed_field)
    )
    if probability is not None and stage is not None and stage.probability is not None:
        yield probability.id, _likelihood(probability, stage.probability)
    if since is not None:
        yield since.id, _moment(ctx, since, entered_at(ctx, pipeline, told))
    before = pipeline.stage(move.before)
    if closed is not None and stage is not None and stage.closes:
        if ctx.via not in HISTORIC_DOORS:  # when a deal of the past was closed is not made up
            yield closed.id, _moment(ctx, closed, ctx.now)
    elif closed is not None and before is not None and before.closes:
        yield closed.id, None


def entered_at(ctx: Context, pipeline: PipelineDef, told: Values) -> datetime:
    """Answer when a record enters its stage: now, or what one of the past tells of it.

    By the field that keeps it; else by its closing, where it is closed; else by when it was made.
    """
    if ctx.via not in HISTORIC_DOORS:
        return ctx.now
    stage = pipeline.stage(told.get(pipeline.field))
    closing = pipeline.closed_field if stage is not None and stage.closes else ""
    for name in (pipeline.since_field, closing):
        value = told.get(name)
        if isinstance(value, datetime):
            return value
        if isinstance(value, date):
            return datetime.combine(value, time(), ZoneInfo(ctx.site_zone))
    created = told.get(_MADE)
    return created if isinstance(created, datetime) else ctx.now


def _definition(one: RecordTable, name: str) -> FieldDef | None:
    return one.fields[name].definition if _writable(one, name) else None


def _writable(one: RecordTable, name: str) -> bool:
    """Whether a field is there to be written, the plugin that declares it being enabled."""
    return name in one.fields and not one.fields[name].definition.inert


def _likelihood(field: FieldDef, hundredths: Decimal) -> object:
    if field.type == _PERCENT:
        return hundredths.scaleb(-2).quantize(Decimal(1).scaleb(-field.scale), ROUND_HALF_UP)
    step = Decimal(1).scaleb(-field.scale)
    rounded = hundredths.quantize(step, ROUND_HALF_UP)
    return int(rounded) if field.scale == 0 else rounded


def _moment(ctx: Context, field: FieldDef, at: datetime) -> object:
    """Answer a moment as the field holds it: a day is that of whoever writes."""
    return at if field.type == _MOMENT else at.astimezone(ZoneInfo(ctx.locale.zone)).date()


class _Sets:
    """The expressions that stages set, read once; links that they follow too."""

    def __init__(
        self, ctx: Context, one: RecordTable, moves: Sequence[Move], rows: Mapping[int, Values]
    ) -> None:
        self._ctx, self._one, self._rows = ctx, one, rows
        texts = {text for move in moves if move.stage for text in move.stage.sets.values()}
        self._read = {text: _read(ctx, one.entity.id, text) for text in texts}
        paths = frozenset[Path]().union(*(needed for _, needed in self._read.values()))
        self._linked = linked_records(ctx, one.entity.id, followed(paths), list(rows.values()))

    def value(self, move: Move, name: str) -> object:
        """Answer what a stage writes into a field of a record. Raises Unreadable."""
        text = move.stage.sets[name] if move.stage else ""
        value, _ = self._read[text]
        value_at = values_of(self._rows[move.index], self._linked)
        if value.field is None:
            held = compile_formula(value.node)(value_at, self._ctx.moment)
        else:
            held = value_at(value.path)
        return None if held is None else fitted(self._ctx, value, held, self._one.fields[name])


def _read(ctx: Context, entity: str, text: str) -> tuple[Value, frozenset[Path]]:
    def read() -> tuple[Value, frozenset[Path]]:
        scope = EntityScope(ctx.snapshot.catalog, ctx.snapshot.types, entity)
        value = read_value(text, scope)
        return value, frozenset({value.path}) if value.field else references(value.node)

    return ctx.snapshot.memo(("stage sets", entity, text), read)
