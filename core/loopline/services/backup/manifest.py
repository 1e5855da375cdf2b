"""The manifest of an archive: what made it, and size and checksum of everything in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from packaging.version import InvalidVersion, Version

from loopline import __version__
from loopline.errors import NotValid, Problem
from loopline.store.migrations.run import known_steps

NAME: Final = "manifest.json"
FORMAT: Final = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """A file of the archive: its size in bytes, its SHA-256 in hex."""

    bytes: int
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What an archive says of itself; ``steps`` are the newest migrations of its database."""

    loopline: str
    created_at: datetime
    database: str
    steps: tuple[str, ...]
    release: int
    members: Mapping[str, Member] = field(default_factory=dict)


def to_json(manifest: Manifest) -> bytes:
    """Answer a manifest as it is kept in the archive."""
    return orjson.dumps({"format": FORMAT, **asdict(manifest)}, option=orjson.OPT_INDENT_2)


def read_manifest(place: str, content: bytes) -> Manifest:
    """Read a manifest. Raises NotValid for what is none, or was made by a newer version."""
    try:
        said = orjson.loads(content)
        if int(said.pop("format")) > FORMAT:
            raise _newer(place, said)
        return _read(place, said)
    except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError, ValueError) as error:
        params = {"reason": f"{type(error).__name__}: {error}"}
        raise NotValid(Problem(f"{place}: {NAME}", "backup.broken", params)) from None


def _read(place: str, said: Mapping[str, Any]) -> Manifest:
    steps = tuple(map(str, said["steps"]))
    if _is_newer(str(said["loopline"])) or not set(steps) <= known_steps():
        raise _newer(place, said)
    members = {
        str(name): Member(bytes=int(one["bytes"]), sha256=str(one["sha256"]))
        for name, one in said["members"].items()
    }
    return Manifest(
        loopline=str(said["loopline"]),
        created_at=datetime.fromisoformat(said["created_at"]),
        database=str(said["database"]),
        steps=steps,
        release=int(said["release"]),
        members=members,
    )


def _is_newer(version: str) -> bool:
    try:
        return Version(version) > Version(__version__)
    except InvalidVersion as error:
        raise ValueError(str(error)) from None


def _newer(place: str, said: Mapping[str, Any]) -> NotValid:
    params = {"version": str(said.get("loopline", "")), "own": __version__}
    return NotValid(Problem(place, "backup.newer", params))
