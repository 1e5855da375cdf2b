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
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: object) -> Iterable[MigrationStep]:
        return script._upgrade_revs("heads", revision)

    with EnvironmentContext(config, script, fn=steps) as environment:
        environment.configure(connection=connection, version_table=VERSION_TABLE)
        environment.run_migrations()
