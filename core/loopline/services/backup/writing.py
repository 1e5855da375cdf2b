"""Writing an archive: beside its place, and moved there when it is whole and on the disk."""

import os
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import orjson

from loopline import __version__
from loopline.errors import NotValid, Problem
from loopline.services.backup.archive import (
    DATABASE_FILE,
    FOLDERS,
    ROWS,
    SETTINGS,
    STRUCTURE,
    ArchiveWriter,
    Progress,
    blocks_of,
)
from loopline.services.backup.manifest import Manifest, to_json
from loopline.settings import FILE, Settings, settings_text
from loopline.store.backup.facts import read_facts, url_kind, url_without_password
from loopline.store.backup.postgresql import rows_of
from loopline.store.backup.sqlite import copy_to_file
from loopline.store.backup.structure import own_tables, read_shape
from loopline.store.engine import Connection, Database


def write_archive(
    file: Path, settings: Settings, database: Database, now: datetime, progress: Progress
) -> Manifest:
    """Write a site to an archive, readable by its owner alone, and answer what is in it.

    The database is copied in one snapshot while the site is in use; files come after it, since
    content never changes once it is kept. An archive that was there is replaced at the end or not
    at all. Raises NotValid where it would become part of itself.
    """
    if any(file.resolve().is_relative_to((settings.folder / one).resolve()) for one in FOLDERS):
        raise NotValid(Problem(str(file), "backup.inside", {"folder": str(settings.folder)}))
    file.parent.mkdir(parents=True, exist_ok=True)
    with _beside(file) as target, database.read() as connection:
        archive = ArchiveWriter(target, progress)
        facts = read_facts(connection)
        archive.add(SETTINGS, [_settings_without_secrets(settings)])
        if database.is_sqlite:
            _add_database_file(archive, connection, file.parent)
        else:
            _add_tables(archive, connection)
        for folder in FOLDERS:
            _add_folder(archive, settings.folder, folder)
        manifest = Manifest(
            loopline=__version__,
            created_at=now,
            database=facts.kind,
            steps=facts.steps,
            release=facts.release,
            members=archive.members,
        )
        archive.close(to_json(manifest))
    return manifest


@contextmanager
def _beside(file: Path) -> Iterator[BinaryIO]:
    """Open a new file, which takes the place of ``file`` when everything went well."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.", suffix=".part")
    coming = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        coming.replace(file)
    finally:
        coming.unlink(missing_ok=True)


def _add_database_file(archive: ArchiveWriter, connection: Connection, folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder, prefix=".database.") as place:
        copy = Path(place) / "copy.db"
        copy_to_file(connection, copy)
        with copy.open("rb") as source:
            archive.add(DATABASE_FILE, blocks_of(source))


def _add_tables(archive: ArchiveWriter, connection: Connection) -> None:
    shapes = [read_shape(connection, name) for name in own_tables(connection)]
    archive.add(STRUCTURE, [orjson.dumps([asdict(one) for one in shapes])])
    for shape in shapes:
        archive.add(ROWS + shape.name, rows_of(connection, shape))


def _add_folder(archive: ArchiveWriter, site: Path, folder: str) -> None:
    """Add the files of a folder; links are not followed, and what went away meanwhile is left."""
    for path in sorted((site / folder).rglob("*")):
        if path.is_symlink() or not path.is_file() or path.suffix == ".pyc":
            continue
        try:
            source = path.open("rb")
        except FileNotFoundError:
            continue
        with source:
            archive.add(path.relative_to(site).as_posix(), blocks_of(source))


def _settings_without_secrets(settings: Settings) -> bytes:
    """Answer ``site.toml`` without passwords, and without the address of a file."""
    content = tomllib.loads((settings.folder / FILE).read_text(encoding="utf-8"))
    url = content.get("database", {}).get("url")
    if url and url_kind(url) == "sqlite":
        del content["database"]["url"]
    elif url:
        content["database"]["url"] = url_without_password(url)
    return settings_text(content).encode()
