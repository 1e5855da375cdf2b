"""Temporary files in memory where there is room: what tests write has not to survive.

Making a database file by file costs a disk's file system far more than the test itself. What was
imported and collected stays to the end, so that the garbage collector need not look at it again.
"""

import gc
import os
import tempfile
from pathlib import Path
from typing import Final

import pytest

MEMORY: Final = Path("/dev/shm")  # noqa: S108 - pytest and PostgreSQL make private folders there
ROOM: Final = 4 << 30
"""Bytes that have to be free: some hundred databases and their templates at a time."""


def temporary_root() -> Path:
    """Answer the folder for temporary files: in memory, else the usual one."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK):
        found = os.statvfs(MEMORY)
        runs = not found.f_flag & os.ST_NOEXEC  # an environment made in a test has programs
        if runs and found.f_bavail * found.f_frsize >= ROOM:
            return MEMORY
    return Path(tempfile.gettempdir())


def pytest_configure(config: pytest.Config) -> None:
    """Let pytest make its folders there, unless somebody says where."""
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary_root()))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Leave modules and tests out of every later collection of garbage."""
    gc.collect()
    gc.freeze()
