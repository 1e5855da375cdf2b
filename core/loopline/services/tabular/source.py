"""Where the bytes come from: a path or bytes, a gzip unpacked, one table out of a zip."""

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from loopline.services.tabular.refuse import refusal
from loopline.services.tabular.table import Limits

GZIP = b"\x1f\x8b"
ZIP = b"PK\x03\x04"
_CHUNK = 1 << 18
_BEYOND = 1 << 24  # more than one read, so that the limit is met before the declared end
_TABLES = frozenset({".csv", ".tsv", ".tab", ".txt"})


@dataclass(frozen=True, slots=True)
class Source:
    """A named run of bytes that can be opened again and again."""

    name: str
    open: Callable[[], BinaryIO]

    def head(self, size: int = 4096) -> bytes:
        """Answer the first ``size`` bytes."""
        with self.open() as stream:
            return stream.read(size)


class SupportsClose(Protocol):
    """Anything that holds a resource."""

    def close(self) -> None:
        """Let go of it."""


class _Readable(SupportsClose, Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


class _Bounded(io.RawIOBase):
    """An unpacking stream that refuses to give more than a limit, or to hide damage."""

    def __init__(self, stream: _Readable, name: str, limit: int, *beneath: SupportsClose) -> None:
        self._stream, self._name, self._left, self._beneath = (
            stream,
            name,
            limit,
            beneath,
        )

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        try:
            data = self._stream.read(len(buffer))
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise refusal(self._name, "file.damaged") from error
        self._left -= len(data)
        if self._left < 0:
            raise refusal(self._name, "file.bomb")
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        for stream in (self._stream, *self._beneath):
            stream.close()
        super().close()


def source_of(origin: Path | bytes, name: str, limits: Limits) -> Source:
    """Answer the source for a path or bytes; gzip is unpacked on the way, up to the limit."""
    if isinstance(origin, bytes):
        plain = Source(name, lambda: io.BytesIO(origin))
    else:
        plain = Source(name, lambda: origin.open("rb"))
    if plain.head(2) != GZIP:
        return plain

    def unpack() -> BinaryIO:
        packed = plain.open()
        stream = gzip.GzipFile(fileobj=packed)
        return io.BufferedReader(_Bounded(stream, name, limits.unpacked_bytes, packed), _CHUNK)

    return Source(name.removesuffix(".gz"), unpack)


def zip_entries(source: Source) -> list[zipfile.ZipInfo]:
    """Answer the directory of a zip. Raises NotValid when it is damaged."""
    try:
        with source.open() as stream, zipfile.ZipFile(_seekable(stream)) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise refusal(source.name, "file.damaged") from error


def table_names(entries: list[zipfile.ZipInfo]) -> tuple[str, ...]:
    """Answer the text tables in a zip; what macOS adds and hidden files do not count."""
    paths = [PurePosixPath(entry.filename) for entry in entries if not entry.is_dir()]
    return tuple(
        str(path)
        for path in paths
        if path.suffix.lower() in _TABLES
        and not path.name.startswith(".")
        and "__MACOSX" not in path.parts
    )


def zip_member(source: Source, member: str, limits: Limits) -> Source:
    """Answer one entry of a zip as a source of its own.

    The size a zip declares may be a lie, so the stream is opened with the limit as its size and
    what comes out is counted.
    """

    def unpack() -> BinaryIO:
        packed = _seekable(source.open())
        archive = zipfile.ZipFile(packed)
        try:
            info = copy(archive.getinfo(member))
            info.file_size = limits.unpacked_bytes + _BEYOND
            stream = archive.open(info)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            code = "file.password" if isinstance(error, RuntimeError) else "file.damaged"
            raise refusal(source.name, code) from error
        bounded = _Bounded(stream, source.name, limits.unpacked_bytes, archive, packed)
        return io.BufferedReader(bounded, _CHUNK)

    return Source(f"{source.name}/{PurePosixPath(member).name}", unpack)


def _seekable(stream: BinaryIO) -> BinaryIO:
    return stream if stream.seekable() else io.BytesIO(stream.read())
