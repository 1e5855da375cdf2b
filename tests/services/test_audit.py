"""Law I12: every write is audited; replaying the trail gives the records as they stand."""

from collections.abc import Mapping

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.access.context import Context
from loopline.bootstrap import Platform
from loopline.errors import LooplineError
from loopline.services.bin import delete, restore
from loopline.services.editing import update, update_many
from loopline.services.records import create, create_many
from loopline.services.timeline import timeline
from loopline.store.changes import change, read_changes
from loopline.store.rows import fetch

VALUES = st.fixed_dictionaries(
    {},
    optional={
        "name": st.one_of(st.text("aé恒", max_size=5), st.none()),
        "count": st.one_of(st.integers(-2, 5), st.none()),
        "mail": st.sampled_from(["a@x.cn", "b@x.cn", None]),
        "kind_of": st.sampled_from(["big", "small", None]),
        "marks": st.sampled_from([("red",), ("red", "blue"), None]),
        "parent": st.one_of(st.integers(1, 4), st.none()),
        "active": st.sampled_from([True, False, None]),
    },
)
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["create", "create_many", "update", "update_many", "delete", "restore"]),
        st.integers(1, 4),
        VALUES,
    ),
    min_size=1,
    max_size=8,
)


def _act(ctx: Context, act: str, record: int, values: Mapping[str, object]) -> None:
    match act:
        case "create":
            create(ctx, "x_thing", values)
        case "create_many":
            create_many(ctx, "x_thing", [{"name": "m"}, values])
        case "update":
            update(ctx, "x_thing", record, values)
        case "update_many":
            update_many(ctx, "x_thing", {record: values, record + 1: values})
        case "delete":
            delete(ctx, "x_thing", record)
        case "restore":
            restore(ctx, "x_thing", record)


def _replayed(ctx: Context, record: int) -> tuple[dict[str, object], int, bool]:
    """Answer values in JSON form, version and whether it lives, by the trail alone."""
    values: dict[str, object] = {}
    version, living = 0, False
    for _, row in reversed(read_changes(ctx.connection, "x_thing", record, 1000)):
        fields = {} if row.action == "delete" else row.diff
        for name, (old, new) in fields.items():
            assert values.get(name) == old
            values[name] = new
        living = row.action != "delete"
        assert row.version == version + 1
        version = row.version
    return {name: value for name, value in values.items() if value is not None}, version, living


def _standing(ctx: Context, record: int) -> tuple[dict[str, object], int, bool]:
    one = ctx.snapshot.table("x_thing")
    found = fetch(ctx.connection, one, [record])[record]
    values = {
        name: one.fields[name].type.to_json(one.fields[name].definition, value)
        for name, value in found.values.items()
        if value is not None
    }
    return values, found.version, found.deleted_at is None


class _Undo(Exception):
    """Ends an example without keeping what it wrote."""


def _play(platform: Platform, acts: list[tuple[str, int, Mapping[str, object]]]) -> None:
    with platform.write(via="test") as ctx:
        for _ in range(2):
            create(ctx, "x_thing", {"name": "seed"})
        for act, record, values in acts:
            try:
                _act(ctx, act, record, values)
            except LooplineError:
                continue
        ids = ctx.connection.execute(sa.text("SELECT id FROM r_x_thing")).scalars().all()
        for record in ids:
            assert _replayed(ctx, record) == _standing(ctx, record)
        raise _Undo


@pytest.mark.timeout(120)
@settings(max_examples=60)
@given(ACTS)
def test_replaying_the_trail_gives_the_records(
    platform: Platform, acts: list[tuple[str, int, Mapping[str, object]]]
) -> None:
    with pytest.raises(_Undo):
        _play(platform, acts)


def test_the_trail_says_who_when_and_by_which_door(platform: Platform, as_user, clock) -> None:
    ada = as_user("Ada")
    with platform.write(ada, via="api", source="import:7") as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        ((_, row),) = read_changes(ctx.connection, "x_thing", made.id, 10)
    said = (row.actor, row.at, row.action, row.via, row.source, row.revision)
    assert said == (ada.id, clock.now(), "create", "api", "import:7", ctx.snapshot.revision)


def test_nothing_that_was_refused_is_in_the_trail(platform: Platform) -> None:
    with platform.write() as ctx:
        create_many(ctx, "x_thing", [{"count": -1}, {"name": "good"}])
        count = sa.select(sa.func.count()).where(change.c.entity == "x_thing")
        assert ctx.connection.execute(count).scalar_one() == 1


def test_a_cleared_link_and_a_cascade_are_audited_too(platform: Platform, make_record) -> None:
    thing = make_record("x_thing", name="a")
    child = make_record("x_thing", name="b", parent=thing.id)
    part = make_record("x_part", name="p", thing=thing.id)
    with platform.write() as ctx:
        delete(ctx, "x_thing", thing.id)
        (_, cleared), _ = read_changes(ctx.connection, "x_thing", child.id, 10)
        (_, gone), _ = read_changes(ctx.connection, "x_part", part.id, 10)
    assert (cleared.action, cleared.diff) == ("update", {"parent": [thing.id, None]})
    assert gone.action == "delete"


def test_the_timeline_reads_newest_first_in_pages(platform: Platform, as_user) -> None:
    ada = as_user("Ada")
    with platform.write(ada, via="api") as ctx:
        made = create(ctx, "x_thing", {"name": "a"})
        parent = create(ctx, "x_thing", {"name": "p"})
        for count in range(3):
            update(ctx, "x_thing", made.id, {"count": count})
        update(ctx, "x_thing", made.id, {"parent": parent.id})
        first = timeline(ctx, "x_thing", made.id, limit=2)
        rest = timeline(ctx, "x_thing", made.id, limit=10, before=first.next)
    assert [entry.actor_name for entry in first.entries] == ["Ada", "Ada"]
    assert first.titles == {("x_thing", parent.id): "p"}
    assert [
        one.new for entry in rest.entries for one in entry.changes if one.field.id == "count"
    ] == [
        1,
        0,
    ]
    assert rest.next is None
