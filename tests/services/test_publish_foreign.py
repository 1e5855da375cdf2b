"""Law I11: only what the kernel's ledger owns is ever touched."""

import pytest
import sqlalchemy as sa

from kit.state import state, structure
from loopline.bootstrap import Platform
from loopline.errors import Conflict
from loopline.testing import publish_documents

ENTITY = """
kind: entity
id: x_guest
format: 1
label: Guest
title_field: name
fields: {name: {type: text, label: Name}}
"""
FIELD = """
kind: entity
id: x_thing
extend: true
fields: {x_size: {type: integer, label: Size}}
"""
OTHER = """
kind: entity
id: x_thing
extend: true
fields: {x_weight: {type: integer, label: Weight}}
"""


def _run(platform: Platform, statement: str) -> None:
    with platform.database.write() as connection:
        connection.execute(sa.text(statement))


@pytest.mark.parametrize(
    ("made", "documents", "where"),
    [
        ("CREATE TABLE r_x_guest (id integer, secret text)", ENTITY, "r_x_guest"),
        ("ALTER TABLE r_x_thing ADD COLUMN x_size text", FIELD, "r_x_thing.x_size"),
    ],
)
def test_what_somebody_else_made_is_refused_and_untouched(
    platform: Platform, made: str, documents: str, where: str
) -> None:
    _run(platform, made)
    before = state(platform)
    with pytest.raises(Conflict) as refused:
        publish_documents(platform, documents)
    assert refused.value.key == "publish.foreign"
    assert [problem.path for problem in refused.value.problems] == [where]
    assert state(platform) == before


def test_foreign_tables_and_columns_survive_every_publish(platform: Platform) -> None:
    _run(platform, "CREATE TABLE theirs (id integer)")
    _run(platform, "ALTER TABLE r_x_thing ADD COLUMN theirs text")
    _run(platform, "CREATE INDEX ix_theirs ON r_x_thing (theirs)")
    foreign = [row for row in structure(platform) if "theirs" in str(row[1:3])]
    publish_documents(platform, ENTITY)
    publish_documents(platform, OTHER)
    assert [row for row in structure(platform) if "theirs" in str(row[1:3])][:1] == foreign[:1]
    with platform.read() as ctx:
        kept = sa.inspect(ctx.connection).get_columns("r_x_thing")
        assert "theirs" in {column["name"] for column in kept}
        assert "theirs" in sa.inspect(ctx.connection).get_table_names()


def test_records_are_written_beside_foreign_columns(platform: Platform, make_record) -> None:
    _run(platform, "ALTER TABLE r_x_thing ADD COLUMN theirs text DEFAULT 'kept'")
    made = make_record("x_thing", name="a")
    with platform.read() as ctx:
        row = ctx.connection.execute(sa.text("SELECT theirs FROM r_x_thing"))
        assert row.scalar_one() == "kept"
    assert made.values["name"] == "a"
