"""Transactions: what is read is one picture, what is written is whole, writers take turns."""

import threading

import pytest
import sqlalchemy as sa

from loopline.bootstrap import Platform
from loopline.errors import Unavailable
from loopline.services.records import create
from loopline.store import locks
from loopline.testing import publish_documents

ADDITION = "{kind: entity, id: x_thing, extend: true, fields: {x_n: {type: integer, label: N}}}"


def _count(connection: sa.Connection) -> int:
    return connection.execute(sa.text("SELECT count(*) FROM r_x_thing")).scalar_one()


def test_a_reader_sees_one_picture(platform: Platform, make_record) -> None:
    with platform.database.read() as reader:
        before = _count(reader)
        make_record("x_thing", name="a")
        assert _count(reader) == before
    with platform.database.read() as reader:
        assert _count(reader) == before + 1


def test_a_reader_does_not_wait_for_a_writer(platform: Platform, make_record) -> None:
    make_record("x_thing", name="a")
    with platform.write() as ctx:
        create(ctx, "x_thing", {"name": "b"})
        with platform.database.read() as reader:
            assert _count(reader) == 1


def test_an_error_undoes_the_whole_transaction(platform: Platform) -> None:
    def fail() -> None:
        with platform.write() as ctx:
            create(ctx, "x_thing", {"name": "a"})
            raise LookupError("on purpose")

    with pytest.raises(LookupError):
        fail()
    with platform.database.read() as reader:
        assert _count(reader) == 0


def test_ddl_is_undone_too(platform: Platform) -> None:
    def fail() -> None:
        with platform.database.write() as connection:
            connection.execute(sa.text("CREATE TABLE passing (id integer)"))
            raise LookupError("on purpose")

    with pytest.raises(LookupError):
        fail()
    with platform.database.read() as reader:
        assert "passing" not in sa.inspect(reader).get_table_names()


def test_many_writers_all_get_their_turn(platform: Platform) -> None:
    def write(number: int) -> None:
        for step in range(5):
            with platform.write() as ctx:
                create(ctx, "x_thing", {"name": f"{number}-{step}"})

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with platform.database.read() as reader:
        assert _count(reader) == 40


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_publish_gives_up_on_a_table_in_use(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "_LOCK_TIMEOUT", "200ms")
    with platform.database.read() as reader:
        _count(reader)
        with pytest.raises(Unavailable, match=r"publish\.busy"):
            publish_documents(platform, ADDITION)
    publish_documents(platform, ADDITION)
