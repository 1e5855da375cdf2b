"""What is lost from the database is found, whoever asked for it."""

import pytest
import sqlalchemy as sa

from kit.kernel_site import blocked_plugins, site_documents
from loopline.store.standing import damage, missing_elements

__all__ = ["blocked_plugins", "site_documents"]


def missing(platform) -> list[tuple[str, str, str]]:
    with platform.read() as ctx:
        return missing_elements(ctx.connection, ctx.snapshot)


def test_a_sound_site_lacks_nothing(platform) -> None:
    assert missing(platform) == []
    with platform.database.read() as connection:
        assert damage(connection) == []


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("DROP TABLE r_x_part", ("r_x_part", "table", "r_x_part")),
        ("DROP INDEX ix_ll_job_state", ("ll_job", "index", "ix_ll_job_state")),
        ("ALTER TABLE r_x_thing DROP COLUMN note", ("r_x_thing", "column", "note")),
        ("ALTER TABLE ll_job DROP COLUMN error", ("ll_job", "column", "error")),
        ("DROP TABLE ll_mail", ("ll_mail", "table", "ll_mail")),
    ],
)
def test_what_is_lost_is_named(platform, statement, lost) -> None:
    with platform.database.write() as connection:
        connection.execute(sa.text(statement))
    assert lost in missing(platform)
    assert {table for table, _, _ in missing(platform)} <= {lost[0], ""}
