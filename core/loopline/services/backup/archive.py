"""Archives: zip files whose every member is counted and hashed on its way in and out."""

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from loopline.errors import NotValid, Problem
from loopline.services.backup.manifest import NAME, Manifest, Member, read_manifest

SETTINGS: Final = "site.toml"
DATABASE_FILE: Final = "database/loopline.db"
STRUCTURE: Final = "database/structure.json"
ROWS: Final = "database/rows/"
FOLDERS: Final = ("files", "templates", "plugins")
"""The folders of a site that go with it; ``backups`` stays where it is."""
Progress = Callable[[str], None]
"""Is told the name of each member at its turn."""
_BLOCK: Final = 1 << 20
_FASTEST: Final = 1
_LARGEST_MANIFEST: Final = 512 * 1024 * 1024


def blocks_of(source: BinaryIO) -> Iterator[bytes]:
    """Yield an open file in blocks."""
    while block := source.read(_BLOCK):
        yield block


class ArchiveWriter:
    """An archive that is being written; ``members`` says what is in it so far."""

    def __init__(self, target: BinaryIO, progress: Progress) -> None:
        self._zip = zipfile.ZipFile(
            target, "w", zipfile.ZIP_DEFLATED, allowZip64=True, compresslevel=_FASTEST
        )
        self._progress = progress
        self.members: dict[str, Member] = {}

    def add(self, name: str, blocks: Iterable[bytes]) -> None:
        """Add a member."""
        self._progress(name)
        digest, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as target:
            for block in blocks:
                digest.update(block)
                size += len(block)
                target.write(block)
        self.members[name] = Member(bytes=size, sha256=digest.hexdigest())

    def close(self, manifest: bytes) -> None:
        """Add the manifest and end the archive."""
        self._zip.writestr(NAME, manifest)
        self._zip.close()


class ArchiveReader:
    """A finished archive. Every problem names the file and the member."""

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._zip = zipfile.ZipFile(file)
        except (OSError, zipfile.BadZipFile) as error:
            raise self._broken("", error) from None
        self.manifest: Manifest = read_manifest(str(file), self._small(NAME))

    def check(self, progress: Progress) -> None:
        """Read everything once. Raises NotValid for what is missing, strange or changed."""
        self._refuse_strange()
        for name in self.manifest.members:
            progress(name)
            for _ in self.blocks(name):
                pass

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a member in blocks. Raises NotValid where it is not what the manifest says."""
        said = self.manifest.members[name]
        digest, size = hashlib.sha256(), 0
        try:
            with self._zip.open(name) as source:
                while size <= said.bytes and (block := source.read(_BLOCK)):
                    digest.update(block)
                    size += len(block)
                    yield block
        except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile) as error:
            raise self._broken(name, error) from None
        if (size, digest.hexdigest()) != (said.bytes, said.sha256):
            raise NotValid(Problem(f"{self._file}: {name}", "backup.changed"))

    def read(self, name: str) -> bytes:
        """Answer a small member whole. Raises NotValid."""
        return b"".join(self.blocks(name))

    def names_below(self, folder: str) -> Iterator[str]:
        """Yield the members within a folder."""
        return (name for name in self.manifest.members if name.startswith(f"{folder}/"))

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _refuse_strange(self) -> None:
        """Raise NotValid for members that the manifest does not know, or that lead elsewhere."""
        strange = {one.filename for one in self._zip.infolist()} - {NAME, *self.manifest.members}
        strange |= {name for name in self.manifest.members if not _is_plain(name)}
        if strange:
            problems = (Problem(f"{self._file}: {one}", "backup.strange") for one in strange)
            raise NotValid(*sorted(problems, key=lambda one: one.path))

    def _small(self, name: str) -> bytes:
        try:
            if self._zip.getinfo(name).file_size > _LARGEST_MANIFEST:
                raise zipfile.BadZipFile(name)
            return self._zip.read(name)
        except (OSError, EOFError, KeyError, zlib.error, zipfile.BadZipFile) as error:
            raise self._broken(name, error) from None

    def _broken(self, name: str, error: Exception) -> NotValid:
        place = f"{self._file}: {name}" if name else str(self._file)
        return NotValid(Problem(place, "backup.broken", {"reason": str(error)}))


def _is_plain(name: str) -> bool:
    """Whether a name stays within the places that a site has."""
    path = PurePosixPath(name)
    if path.is_absolute() or {"..", ""} & set(name.split("/")) or "\\" in name or ":" in name:
        return False
    known = {SETTINGS, DATABASE_FILE, STRUCTURE}
    return name in known or path.parts[0] in FOLDERS or name.startswith(ROWS)
