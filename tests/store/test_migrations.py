"""The migration chain makes exactly the tables that the modules declare."""

import pkgutil
from importlib import import_module

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from loopline import access, jobs, store
from loopline.bootstrap import Platform
from loopline.store.engine import Database
from loopline.store.migrations.run import VERSION_TABLE, migrate
from loopline.store.system import metadata


def _is_ours(_object: object, name: str | None, kind: str, *_rest: object) -> bool:
    """Leave out record tables, the chain's own mark, and what indexes the search tokens."""
    return not (
        (kind == "table" and str(name).startswith(("r_", "m_", "ll_search_fts", VERSION_TABLE)))
        or (kind == "column" and name == "vector")
        or (kind == "index" and name == "ix_ll_search_vector")
    )


@pytest.fixture(autouse=True)
def _every_table_is_declared() -> None:
    """Import the rows that own tables, since each module declares its own."""
    for row in (access, jobs, store):
        for module in pkgutil.iter_modules(row.__path__):
            import_module(f"{row.__name__}.{module.name}")


def test_the_chain_makes_what_the_modules_declare(platform: Platform) -> None:
    with platform.database.read() as connection:
        options = {"include_object": _is_ours, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_migrating_again_does_nothing(database_url: str) -> None:
    database = Database(database_url)
    for _ in range(2):
        with database.write() as connection:
            migrate(connection)
    with database.read() as connection:
        tables = set(sa.inspect(connection).get_table_names())
    database.close()
    assert {table.name for table in metadata.sorted_tables} <= tables


def test_primary_keys_and_uniqueness_are_as_declared(platform: Platform) -> None:
    with platform.database.read() as connection:
        inspector = sa.inspect(connection)
        for table in metadata.sorted_tables:
            made = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert made == [column.name for column in table.primary_key.columns], table.name
            unique = {
                tuple(one["column_names"]) for one in inspector.get_unique_constraints(table.name)
            }
            declared = {(column.name,) for column in table.columns if column.unique}
            assert unique == declared, table.name
