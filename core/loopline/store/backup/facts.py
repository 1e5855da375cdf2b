"""What a database says of itself: its kind, its steps of the migration chain, its release."""

from dataclasses import dataclass

import sqlalchemy as sa

from loopline.store.migrations.run import VERSION_TABLE
from loopline.store.releases import head_revision
from loopline.store.system import metadata


@dataclass(frozen=True, kw_only=True, slots=True)
class DatabaseFacts:
    """``kind`` is sqlite or postgresql; ``steps`` are the newest migrations that were run."""

    kind: str
    steps: tuple[str, ...]
    release: int


def read_facts(connection: sa.Connection) -> DatabaseFacts:
    """Answer the facts of a site's database; no steps where it has no tables yet."""
    if not has_tables(connection):
        return DatabaseFacts(kind=connection.dialect.name, steps=(), release=0)
    version = sa.table(VERSION_TABLE, sa.column("version_num"))
    steps = connection.execute(sa.select(version.c.version_num)).scalars()
    return DatabaseFacts(
        kind=connection.dialect.name,
        steps=tuple(sorted(steps)),
        release=head_revision(connection),
    )


def has_tables(connection: sa.Connection) -> bool:
    """Whether some of the kernel's tables stand in a database."""
    standing = set(sa.inspect(connection).get_table_names())
    return not standing.isdisjoint({*metadata.tables, VERSION_TABLE})


def url_without_password(url: str) -> str:
    """Answer the address of a database as it may be written down."""
    found = sa.make_url(url).difference_update_query(["password", "passfile"])
    return found._replace(password=None).render_as_string(hide_password=False)


def url_kind(url: str) -> str:
    """Answer the kind of database that an address leads to: sqlite or postgresql."""
    return sa.make_url(url).get_backend_name()
