"""Restoring an archive: checked whole, unpacked beside its place, then moved there at once."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import orjson

from loopline.services.backup.archive import (
    DATABASE_FILE,
    FOLDERS,
    ROWS,
    STRUCTURE,
    ArchiveReader,
    Progress,
)
from loopline.services.backup.manifest import Manifest
from loopline.services.backup.target import RestoreRequest, Target, find_target
from loopline.settings import FILE
from loopline.store.backup.postgresql import fill
from loopline.store.backup.structure import TableShape
from loopline.store.engine import Database


def restore_archive(request: RestoreRequest, progress: Progress) -> Manifest:
    """Make a site of an archive and answer what was in it.

    Raises NotValid for an archive that is broken, newer or of the other kind of database, and
    Conflict where something stands in the way; then nothing has been changed.
    """
    with closing(ArchiveReader(request.file)) as archive:
        archive.check(progress)
        target = find_target(request, archive)
        request.folder.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=request.folder, prefix=".restoring.") as place,
            ExitStack() as undo,
        ):
            move = _Move(request, Path(place), undo)
            for folder in FOLDERS:
                for name in archive.names_below(folder):
                    _unpack(archive, name, Path(place) / name, progress)
            if target.file is not None:
                _restore_file(archive, target, move, progress)
            else:
                _restore_tables(archive, target, move, progress)
            undo.pop_all()
    return archive.manifest


class _Move:
    """What brings unpacked parts to their places, and everything back where that fails."""

    def __init__(self, request: RestoreRequest, staged: Path, undo: ExitStack) -> None:
        self.staged = staged
        self.replace = request.replace
        self._folder = request.folder
        self._aside = request.folder / "backups" / f"before-{request.now:%Y%m%d-%H%M%S}"
        self._undo = undo

    def folders_in(self, settings: str) -> None:
        """Put the folders in their places, and the settings where there are none."""
        for name in FOLDERS:
            place = self._folder / name
            if place.is_dir() and not any(place.iterdir()):
                place.rmdir()
            self.aside(place)
            (self.staged / name).mkdir(exist_ok=True)
            self._move(self.staged / name, place)
        (self._folder / "backups").mkdir(exist_ok=True)
        if not (self._folder / FILE).exists():
            (self._folder / FILE).write_text(settings, encoding="utf-8")
            self._undo.callback((self._folder / FILE).unlink)

    def file_in(self, staged: Path, place: Path) -> None:
        """Put a database in its place; the write-ahead log of another goes with that other."""
        for ending in ("", "-wal", "-shm"):
            self.aside(place.with_name(place.name + ending))
        self._move(staged, place)

    def aside(self, place: Path) -> None:
        """Keep what stands somewhere under ``backups``."""
        if place.exists():
            self._aside.mkdir(parents=True, exist_ok=True)
            self._move(place, self._aside / place.name)

    def _move(self, source: Path, goal: Path) -> None:
        source.rename(goal)
        self._undo.callback(goal.rename, source)


def _restore_file(archive: ArchiveReader, target: Target, move: _Move, progress: Progress) -> None:
    place = Path(target.file or "")
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".restoring.") as beside:
        staged = Path(beside) / place.name
        _unpack(archive, DATABASE_FILE, staged, progress)
        move.folders_in(target.settings)
        move.file_in(staged, place)


def _restore_tables(
    archive: ArchiveReader, target: Target, move: _Move, progress: Progress
) -> None:
    shapes = [
        TableShape(
            name=one["name"],
            **{key: tuple(one[key]) for key in ("columns", "before", "after", "last")},
        )
        for one in orjson.loads(archive.read(STRUCTURE))
    ]
    database = Database(target.url)
    try:
        with database.write() as connection:
            rows = partial(_rows, archive, progress)
            fill(connection, shapes, rows, replace=move.replace)
            move.folders_in(target.settings)
    finally:
        database.close()


def _rows(archive: ArchiveReader, progress: Progress, shape: TableShape) -> Iterator[bytes]:
    progress(shape.name)
    return archive.blocks(ROWS + shape.name)


def _unpack(archive: ArchiveReader, name: str, place: Path, progress: Progress) -> None:
    progress(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as goal:
        for block in archive.blocks(name):
            goal.write(block)
