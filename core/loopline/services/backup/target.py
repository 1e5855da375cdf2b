"""Where an archive is restored to, and whether there is room."""

import os
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from loopline.errors import Conflict, NotValid, Problem
from loopline.services.backup.archive import FOLDERS, SETTINGS, ArchiveReader
from loopline.settings import FILE, load_settings, settings_text
from loopline.store.backup.facts import has_tables, url_kind, url_without_password
from loopline.store.backup.sqlite import file_of
from loopline.store.engine import Database


@dataclass(frozen=True, kw_only=True, slots=True)
class RestoreRequest:
    """Where an archive shall go. ``database`` is an address; else the site or the archive says it.

    With ``replace``, files that stand there are kept in ``backups/before-<now>``, and the tables of
    a site in PostgreSQL are dropped.
    """

    file: Path
    folder: Path
    now: datetime
    database: str = ""
    replace: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """The database of the restored site (``file`` where it is SQLite), and its settings."""

    url: str
    file: Path | None
    settings: str


def find_target(request: RestoreRequest, archive: ArchiveReader) -> Target:
    """Answer where an archive goes.

    Raises NotValid where the database is of the other kind or named twice, and Conflict where a
    site stands already and is not to be replaced.
    """
    content = tomllib.loads(archive.read(SETTINGS).decode())
    url = _url(request, content)
    if url_kind(url) != archive.manifest.database:
        params = {"wanted": archive.manifest.database, "found": url_kind(url)}
        raise NotValid(Problem("database", "backup.other_database", params))
    file = Path(file_of(url)) if url_kind(url) == "sqlite" else None
    if not request.replace:
        _refuse_full(request.folder)
        _refuse_tables(url, file)
    own = request.folder / "loopline.db"
    section = {"url": url_without_password(url)} if file != own else {}
    return Target(url=url, file=file, settings=settings_text({**content, "database": section}))


def _url(request: RestoreRequest, content: dict[str, dict[str, str]]) -> str:
    if (request.folder / FILE).is_file():
        if request.database:
            raise NotValid(Problem("--database", "backup.has_settings"))
        return load_settings(request.folder).database_url
    named = request.database or os.environ.get("LOOPLINE_DATABASE_URL")
    own = f"sqlite:///{request.folder / 'loopline.db'}"
    return named or content.get("database", {}).get("url") or own


def _refuse_full(folder: Path) -> None:
    """Raise Conflict where a site, or files of one, stand in a folder."""
    filled = (any((folder / one).glob("*")) for one in FOLDERS)
    if (folder / FILE).exists() or any(filled):
        raise Conflict(code="backup.full", folder=str(folder))


def _refuse_tables(url: str, file: Path | None) -> None:
    """Raise Conflict where the database is in use already."""
    if file is not None:
        if file.exists():
            raise Conflict(code="backup.full_database", database=str(file))
        return
    database = Database(url)
    try:
        with database.read() as connection:
            if has_tables(connection):
                raise Conflict(code="backup.full_database", database=url_without_password(url))
    finally:
        database.close()
