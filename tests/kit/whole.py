"""Whether the head is a release that the database holds in full."""

import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.meta.catalog import Catalog
from loopline.store.ledger import read_ledger
from loopline.store.releases import head_revision, load_release, release
from loopline.store.snapshot import Snapshot


def assert_whole(platform: Platform) -> int:
    """Hold the head against tables, columns, indexes and ledger; answer its revision."""
    with platform.database.read() as connection:
        revision = head_revision(connection)
        newest = connection.execute(sa.select(sa.func.max(release.c.revision))).scalar_one()
        assert newest == revision
        snapshot = Snapshot(Catalog(load_release(connection, revision)), platform.types)
        inspector = sa.inspect(connection)
        owned = read_ledger(connection)
        there = {
            (table, column["name"])
            for table in inspector.get_table_names()
            if table.startswith(("r_", "m_"))
            for column in inspector.get_columns(table)
        }
        indexes = {
            index["name"] for table in owned.tables for index in inspector.get_indexes(table)
        }
        wanted = {
            (one.table.name, column.name)
            for one in map(snapshot.table, snapshot.catalog.ids("entity"))
            for column in one.table.columns
        }
    assert wanted <= owned.columns
    assert there == owned.columns
    assert indexes == owned.indexes
    return revision
