"""Whether the content of every file is there, and nothing besides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loopline.access.context import Context
from loopline.errors import Problem
from loopline.services.doctor.finding import Finding
from loopline.services.files.keeping import place_of
from loopline.services.files.waiting import count_strays
from loopline.settings import Settings
from loopline.store.files import sizes_by_hash

_MOST: Final = 20


def check_files(ctx: Context, settings: Settings) -> Iterator[Finding]:
    """Yield contents that are gone or cut off, and count those that belong to no file."""
    lost = [
        place
        for content_hash, size in sizes_by_hash(ctx.connection)
        if _size(place := place_of(settings.files, content_hash)) != size
    ]
    for place in lost[:_MOST]:
        problem = Problem(str(place), "doctor.file_lost")
        yield Finding(area="files", level="broken", problem=problem)
    if len(lost) > _MOST:
        problem = Problem(str(settings.files), "doctor.files_lost", {"count": len(lost)})
        yield Finding(area="files", level="broken", problem=problem)
    strays = count_strays(ctx, settings.files)
    if strays:
        problem = Problem(str(settings.files), "doctor.stray_files", {"count": strays})
        yield Finding(area="files", level="warning", problem=problem)


def _size(place: Path) -> int | None:
    try:
        return place.stat().st_size
    except OSError:
        return None
