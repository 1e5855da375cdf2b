"""The file of an import: kept in the site's folder under its hash, and opened as a table."""

import hashlib
import shutil
from pathlib import Path
from typing import Final

from loopline.services.imports.json_table import is_json, read_json
from loopline.services.imports.request import ImportOptions
from loopline.services.tabular.read import read
from loopline.services.tabular.table import ReadOptions, Table

FOLDER: Final = "imports"


def file_hash(path: Path) -> str:
    """Answer the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def keep(path: Path, digest: str, files: Path) -> str:
    """Copy a file to the site's own, whole or not at all; answer its place below ``files``."""
    place = Path(FOLDER) / digest
    target = files / place
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_suffix(".part")
        shutil.copyfile(path, partial)
        partial.replace(target)
    return place.as_posix()


def open_table(path: Path, name: str, options: ImportOptions, header_row: int | None) -> Table:
    """Answer the table in a file of any kind. Raises NotValid naming the file and the place."""
    if is_json(path):
        return read_json(path, name)
    reading = ReadOptions(
        sheet=options.sheet,
        encoding=options.encoding,
        separator=options.separator,
        header_row=header_row,
    )
    return read(path, name, reading)
