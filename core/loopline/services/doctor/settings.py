"""Whether the settings of a site can be right."""

import os
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from loopline.errors import Problem
from loopline.services.doctor.finding import Finding, Level
from loopline.settings import Settings


def check_settings(settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with settings that could be read."""
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        yield _finding("broken", Problem("site.zone", "user.zone", {"zone": settings.zone}))
    if settings.url.startswith("https:") and not settings.secure_cookies:
        yield _finding("warning", Problem("web.secure_cookies", "doctor.cookies"))
    if not settings.url and settings.mail is not None:
        yield _finding("warning", Problem("web.url", "doctor.no_url"))
    if not _is_writable(settings.files):
        problem = Problem(str(settings.files), "doctor.not_writable")
        yield _finding("broken", problem)


def _is_writable(folder: Path) -> bool:
    """Whether files can be kept in a folder, which is made when the first one is."""
    there = folder if folder.exists() else folder.parent
    return os.access(there, os.W_OK | os.X_OK)


def _finding(level: Level, problem: Problem) -> Finding:
    return Finding(area="settings", level=level, problem=problem)
