"""Seeds: the records that come with metadata, created where their key is not there yet."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from importlib import import_module
from itertools import islice
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.hooks.declare import SeedContext
from loopline.meta.seeds import SeedDef
from loopline.services.links import find
from loopline.services.records import create_many
from loopline.services.values import read_bodies

BATCH: Final = 500
Row = Mapping[str, object]
_MOST_PASSES: Final = 10


def seed_rows(seed: SeedDef, context: SeedContext) -> Iterator[Row]:
    """Yield the rows of a seed: those it lists, then those its generator makes."""
    yield from seed.rows
    if seed.generate:
        module, _, function = seed.generate.partition(":")
        make: Callable[[SeedContext], Iterable[Row]] = getattr(import_module(module), function)
        yield from make(context)


def batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in batches, each small enough for one transaction."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch


def load_batch(ctx: Context, seed: SeedDef, rows: list[Row]) -> int:
    """Create the rows of a batch that are not there yet; answer how many were new.

    A row may link to another row of the same seed, which may come later: what cannot be linked
    yet waits for the next pass. Raises NotValid naming the first row that cannot be loaded.
    """
    waiting = _new_rows(ctx, seed, rows)
    created = 0
    for _ in range(_MOST_PASSES):
        problems: list[Problem] = []
        ready, later = [], []
        for row, (values, wrong) in zip(
            waiting, read_bodies(ctx, seed.entity, waiting), strict=True
        ):
            if wrong:
                later.append(row)
                problems += wrong
            else:
                ready.append(values)
        for outcome in create_many(ctx, seed.entity, ready):
            if isinstance(outcome, tuple):
                raise NotValid(*outcome, code="seed.failed", seed=seed.id)
        created += len(ready)
        if not later:
            return created
        if not ready:
            raise NotValid(*problems, code="seed.failed", seed=seed.id)
        waiting = later
    raise NotValid(code="seed.failed", seed=seed.id)


def _new_rows(ctx: Context, seed: SeedDef, rows: list[Row]) -> list[Row]:
    if not seed.key:
        return rows
    known = find(ctx, seed.entity, seed.key, {str(row[seed.key]) for row in rows})
    return [row for row in rows if not known[str(row[seed.key])]]
