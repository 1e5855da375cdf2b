"""Bring the kernel's own tables to the newest revision of the chain."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationStep
    from alembic.script import ScriptDirectory

VERSION_TABLE: Final = "ll_schema"


def migrate(connection: sa.Connection) -> None:
    """Run the missing migrations inside the caller's transaction.

    Steps that do not need each other stand beside each other on the same one before them.
    """
    from alembic.config import Config  # heavy leaf
    from alembic.runtime.environment import EnvironmentContext

    script = _chain()

    def steps(revision: Any, _context: object) -> Iterable["MigrationStep"]:
        return script._upgrade_revs("heads", revision)

    with EnvironmentContext(Config(), script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def known_steps() -> frozenset[str]:
    """Answer every step of the chain."""
    return frozenset(one.revision for one in _chain().walk_revisions())


def newest_steps() -> frozenset[str]:
    """Answer the steps that no other stands on: a database that has them is up to date."""
    return frozenset(_chain().get_heads())


def _chain() -> "ScriptDirectory":
    from alembic.script import ScriptDirectory  # heavy leaf: most processes find nothing to do

    return ScriptDirectory(Path(__file__).parent)
