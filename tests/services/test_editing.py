"""Editing: merging with a base, preconditions, conflicts that show all three values."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from loopline.bootstrap import Platform
from loopline.errors import Conflict, Forbidden, NotFound, NotValid, PreconditionFailed
from loopline.services.editing import update, update_many
from loopline.services.records import create, create_many, get
from loopline.store.rows import Record
from loopline.testing.fixtures import MakeRecord


@pytest.fixture
def change(platform: Platform) -> Callable[..., Record]:
    """Answer a writer of one record of x_thing."""

    def write(record: int, base: int | None = None, **values: object) -> Record:
        with platform.write() as ctx:
            return update(ctx, "x_thing", record, values, base=base)

    return write


def test_values_are_written_and_read_as_they_were(
    platform: Platform, make_record: MakeRecord
) -> None:
    values = {"name": "Ä恒", "price": Decimal("3.30"), "marks": ("red", "blue"), "count": 10**15}
    made = make_record("x_thing", **values)
    with platform.read() as ctx:
        read = get(ctx, "x_thing", made.id)
    assert {name: read.values[name] for name in values} == values
    assert (read.version, read.values["active"], read.values["note"]) == (1, True, None)


def test_different_fields_both_succeed(make_record: MakeRecord, change) -> None:
    made = make_record("x_thing", name="a", count=1)
    change(made.id, base=1, name="b")
    merged = change(made.id, base=1, count=2)
    assert (merged.values["name"], merged.values["count"], merged.version) == ("b", 2, 3)


def test_the_same_field_shows_base_theirs_and_yours(make_record: MakeRecord, change) -> None:
    made = make_record("x_thing", name="a", count=1)
    change(made.id, name="b")
    change(made.id, name="c", count=5)
    with pytest.raises(Conflict) as refused:
        change(made.id, base=1, name="d")
    (problem,) = refused.value.problems
    shown = {key: problem.params[key] for key in ("base", "theirs", "yours")}
    assert (problem.path, shown) == ("fields.name", {"base": "a", "theirs": "c", "yours": "d"})
    assert refused.value.params["version"] == 3


def test_writing_what_the_other_wrote_is_no_conflict(make_record: MakeRecord, change) -> None:
    made = make_record("x_thing", name="a")
    change(made.id, name="b")
    assert change(made.id, base=1, name="b").version == 2


def test_a_change_that_changes_nothing_keeps_the_version(make_record: MakeRecord, change) -> None:
    made = make_record("x_thing", name="a")
    assert change(made.id, name="a").version == 1


def test_without_a_base_the_last_write_wins(make_record: MakeRecord, change) -> None:
    made = make_record("x_thing", name="a")
    change(made.id, name="b")
    assert change(made.id, name="c").values["name"] == "c"


def test_if_match_demands_the_current_version(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="a")
    with platform.write() as ctx:
        update(ctx, "x_thing", made.id, {"name": "b"}, if_match=1)
        with pytest.raises(PreconditionFailed) as refused:
            update(ctx, "x_thing", made.id, {"name": "c"}, if_match=1)
    assert refused.value.params == {"version": 2}


def test_every_wrong_field_is_named_at_once(platform: Platform) -> None:
    values = {"count": -1, "kind_of": "giant", "nothing": 1, "id": 7, "parent": 99}
    with platform.write() as ctx, pytest.raises(NotValid) as refused:
        create(ctx, "x_thing", values)
    codes = {problem.path: problem.code for problem in refused.value.problems}
    assert codes == {
        "fields.nothing": "field.unknown",
        "fields.id": "field.reserved",
        "fields.name": "field.required",
        "fields.count": "number.below",
        "fields.kind_of": "choice.unknown",
        "fields.parent": "link.missing",
    }


def test_a_rule_refuses_on_create_and_update(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="a", kind_of="small", count=1)
    with platform.write() as ctx:
        with pytest.raises(NotValid) as refused:
            update(ctx, "x_thing", made.id, {"count": 1001})
        outcomes = create_many(ctx, "x_thing", [{"name": "b", "kind_of": "small", "count": 9999}])
    assert [problem.path for problem in refused.value.problems] == ["fields.count"]
    assert isinstance(outcomes[0], tuple)


def test_good_rows_of_a_batch_are_written_beside_bad_ones(platform: Platform) -> None:
    rows = [{"name": "a"}, {"count": 3}, {"name": "c", "mail": "c@x.cn"}, {"mail": "c@x.cn"}]
    with platform.write() as ctx:
        first, second, third, fourth = create_many(ctx, "x_thing", rows)
        assert get(ctx, "x_thing", int(str(third))).values["mail"] == "c@x.cn"
    assert isinstance(first, int)
    assert [problem.code for problem in second] == ["field.required"]
    assert [problem.code for problem in fourth] == ["field.required", "unique.taken"]


def test_many_records_are_changed_at_once_each_with_its_own_outcome(
    platform: Platform, make_record: MakeRecord
) -> None:
    one, two = (make_record("x_thing", name=name) for name in "ab")
    with platform.write() as ctx:
        found = update_many(
            ctx, "x_thing", {one.id: {"count": 1}, two.id: {"count": -1}, 999: {"count": 1}}
        )
        counts = [get(ctx, "x_thing", i).values["count"] for i in (one.id, two.id)]
    assert (found[one.id], counts) == (one.id, [1, None])
    assert [[problem.code for problem in found[i]] for i in (two.id, 999)] == [
        ["number.below"],
        ["record.not_found"],
    ]


def test_what_is_gone_cannot_be_changed(platform: Platform) -> None:
    with platform.write() as ctx, pytest.raises(NotFound):
        update(ctx, "x_thing", 12345, {"name": "a"})


def test_append_only_records_are_never_changed(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_lock", name="a")
    with platform.write() as ctx, pytest.raises(Forbidden, match=r"record\.append_only"):
        update(ctx, "x_lock", made.id, {"name": "b"})


def test_a_token_that_only_reads_writes_nothing(platform: Platform, as_user) -> None:
    from dataclasses import replace

    reader = replace(as_user("Ada"), scopes=frozenset({"read"}))
    with platform.write(reader) as ctx, pytest.raises(Forbidden):
        create(ctx, "x_thing", {"name": "a"})


def test_only_administrators_write_users(platform: Platform, as_user) -> None:
    with platform.write(as_user("Ada")) as ctx, pytest.raises(Forbidden):
        create(ctx, "user", {"name": "Eve"})
    with platform.write(as_user("Bob", administrator=True)) as ctx:
        assert create(ctx, "user", {"name": "Eve"}).created_by == ctx.actor.id


def test_a_person_may_not_rewrite_the_past(platform: Platform, as_user, clock) -> None:
    values = {"name": "a", "created_at": clock.now()}
    with platform.write(as_user("Ada")) as ctx, pytest.raises(NotValid, match=r"field\.reserved"):
        create(ctx, "x_thing", values)


def test_a_default_fills_only_what_is_not_said(make_record: MakeRecord) -> None:
    assert make_record("x_thing", name="a").values["active"] is True
    assert make_record("x_thing", name="b", active=None).values["active"] is None
