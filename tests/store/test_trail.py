"""The trail of the site is found by index, whoever or whatever is asked about."""

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.store.trail import TrailFilter, read_trail


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (TrailFilter(actor=7), "ix_ll_change_actor"),
        (TrailFilter(entity="x_thing"), "ix_ll_change_entity"),
    ],
)
def test_the_trail_is_read_by_index(platform: Platform, wanted: TrailFilter, index: str) -> None:
    said: list[str] = []
    with platform.database.write() as connection:
        connection.execute(sa.text("ANALYZE ll_change"))
        explain = "EXPLAIN QUERY PLAN "
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
            connection.execute(sa.text("SET LOCAL enable_sort = off"))
            explain = "EXPLAIN "

        def note(_connection: object, clause: sa.Select[tuple[object]], *_: object) -> None:
            compiled = clause.compile(connection, compile_kwargs={"literal_binds": True})
            said.append(str(compiled))

        sa.event.listen(connection, "before_execute", note)
        read_trail(connection, wanted, 10)
        sa.event.remove(connection, "before_execute", note)
        plan = str(connection.execute(sa.text(explain + said[0])).all())
    assert index in plan
