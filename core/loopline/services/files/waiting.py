"""Uploads that wait: until a record holds them, or nobody has named them for a day."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.jobs.queue import Job
from loopline.services.files.checks import file_fields, ids_in
from loopline.services.files.keeping import hold_content, uploads
from loopline.settings import Settings
from loopline.store import files as store
from loopline.store.rows import Record

TIDY: Final = "file.tidy"
GRACE: Final = timedelta(days=1)
"""How long an upload waits after a form or program has named it last."""
_BATCH: Final = 200
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")
Opener = Callable[..., AbstractContextManager[Context]]


def note_held(ctx: Context, records: Sequence[Record]) -> None:
    """Let the files that written records of one entity hold wait no more.

    Raises NotFound where one was removed at this very moment.
    """
    one = ctx.snapshot.table(records[0].entity)
    fields = file_fields(one)
    held = {i for each in records for f in fields for i in ids_in(each.values.get(f.id))}
    if held and not store.end_waiting(ctx.connection, held):
        raise NotFound(code="file.not_found", id=", ".join(map(str, sorted(held))))


def note_named(ctx: Context, texts: Iterable[str]) -> None:
    """Let uploads of the actor wait anew whose numbers stand in a form, which may be refused."""
    numbers = {int(text) for text in texts if _NUMBER.fullmatch(text)}
    if numbers and ctx.actor.id is not None:
        waiting = store.waiting_of(ctx.connection, ctx.actor.id, numbers)
        if waiting:
            store.wait_anew(ctx.connection, waiting, ctx.now)


def tidying_files(opener: Opener, settings: Settings) -> Mapping[str, Callable[[Job], None]]:
    """Answer the nightly job that removes uploads which no record held, and stray content.

    Rows go first, in batches, then content that no row has: whoever is killed in between leaves
    content that the next night finds.
    """

    def tidy(_job: Job) -> None:
        dropped = _BATCH
        while dropped == _BATCH:
            with opener(via="job") as ctx:
                before = ctx.now - GRACE
                dropped = store.drop_waiting(ctx.connection, before, _BATCH)
        stale = _older(uploads(settings.files), before)
        while some := tuple(islice(stale, _BATCH)):
            with opener(via="job") as ctx:
                _remove_strays(ctx, some)

    return {TIDY: tidy}


def count_strays(ctx: Context, files: Path) -> int:
    """Count the contents that no file has and that the last night should have removed."""
    stale = {path.name for path in _older(uploads(files), ctx.now - 2 * GRACE)}
    return len(stale) - len(store.known_hashes(ctx.connection, stale))


def _older(folder: Path, before: datetime) -> Iterator[Path]:
    """Yield the contents, and uploads that broke off, written before a moment."""
    for path in folder.rglob("*") if folder.is_dir() else ():
        try:
            if path.is_file() and path.stat().st_mtime < before.timestamp():
                yield path
        except FileNotFoundError:
            continue


def _remove_strays(ctx: Context, paths: Sequence[Path]) -> None:
    """Remove contents that no file has, and what is no content."""
    hashes = {one.name for one in paths if _HASH.fullmatch(one.name)}
    strays = hashes - store.known_hashes(ctx.connection, hashes)
    for name in sorted(strays):
        hold_content(ctx, name)
    kept = hashes - (strays - store.known_hashes(ctx.connection, strays))
    for path in paths:
        if path.name not in kept:
            path.unlink(missing_ok=True)
