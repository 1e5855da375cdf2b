"""Bring the kernel's own tables to the newest revision of the chain."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import sqlalchemy as sa
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.runtime.migration import MigrationStep
from alembic.script import ScriptDirectory

VERSION_TABLE: Final = "ll_schema"


def migrate(connection: sa.Connection) -> None:
    """Run the missing migrations inside the caller's transaction.

    Steps that do not need each other stand beside each other on the same one before them.
    """
    config = _config()
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: object) -> Iterable[MigrationStep]:
        return script._upgrade_revs("heads", revision)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()


def known_steps() -> frozenset[str]:
    """Answer every step of the chain."""
    script = ScriptDirectory.from_config(_config())
    return frozenset(one.revision for one in script.walk_revisions())


def newest_steps() -> frozenset[str]:
    """Answer the steps that no other stands on: a database that has them is up to date."""
    return frozenset(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    return config
