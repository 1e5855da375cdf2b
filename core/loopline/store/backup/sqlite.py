"""A SQLite database as one file, copied by the database itself while others read and write."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import sqlalchemy as sa


def copy_to_file(connection: sa.Connection, target: Path) -> None:
    """Write what an open transaction sees to a new file."""
    driver: Any = connection.connection.driver_connection
    with closing(sqlite3.connect(target)) as goal:
        driver.backup(goal)


def file_of(url: str) -> str:
    """Answer the file that the address of a SQLite database names, empty for one in memory."""
    return str(sa.make_url(url).database or "")
