"""The bin: what links to a deleted record decides; what comes back is as it was."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import Conflict, Forbidden, NotFound, NotValid, PreconditionFailed
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.store.changes import read_changes
from loopline.testing import publish_documents
from loopline.testing.fixtures import MakeRecord

MAIN_PART = """
kind: entity
id: x_thing
extend: true
fields: {main: {type: link, to: x_part, label: {zh: 主要, en: Main}, on_delete: clear}}
---
kind: entity
id: x_part
extend: true
fields: {mark: {type: text, label: {zh: 标, en: Mark}, unique: yes}}
"""


def test_a_deleted_record_is_gone_and_comes_back_as_it_was(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="a", count=3)
    with platform.write() as ctx:
        delete(ctx, "x_thing", made.id)
        with pytest.raises(NotFound):
            get(ctx, "x_thing", made.id)
        assert get(ctx, "x_thing", made.id, deleted=True).deleted_at == ctx.now
        back = restore(ctx, "x_thing", made.id)
        assert (get(ctx, "x_thing", made.id).values, back.version) == (made.values, 3)


def test_restrict_refuses_and_says_who_links(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="a")
    make_record("x_lock", name="l", thing=made.id)
    with platform.write() as ctx, pytest.raises(Conflict) as refused:
        delete(ctx, "x_thing", made.id)
    (problem,) = refused.value.problems
    assert (problem.path, problem.params["count"]) == ("x_lock.thing", 1)
    with platform.read() as ctx:
        assert get(ctx, "x_thing", made.id).version == 1


def test_clear_blanks_the_links(platform: Platform, make_record: MakeRecord) -> None:
    parent = make_record("x_thing", name="a")
    child = make_record("x_thing", name="b", parent=parent.id)
    with platform.write() as ctx:
        delete(ctx, "x_thing", parent.id)
        assert get(ctx, "x_thing", child.id).values["parent"] is None


def test_cascade_deletes_what_belongs_to_it(platform: Platform, make_record: MakeRecord) -> None:
    thing = make_record("x_thing", name="a")
    part = make_record("x_part", name="p", thing=thing.id)
    with platform.write() as ctx:
        delete(ctx, "x_thing", thing.id)
        assert get(ctx, "x_part", part.id, deleted=True).deleted_at == ctx.now


def test_records_that_point_at_each_other_can_be_deleted(
    platform: Platform, make_record: MakeRecord
) -> None:
    one = make_record("x_thing", name="a")
    two = make_record("x_thing", name="b", parent=one.id)
    with platform.write() as ctx:
        update(ctx, "x_thing", one.id, {"parent": two.id})
        delete(ctx, "x_thing", one.id)
        assert get(ctx, "x_thing", two.id).values["parent"] is None


def test_a_binned_value_may_be_used_again_and_then_keeps_the_old_one_out(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="a", mail="a@x.cn")
    with platform.write() as ctx:
        delete(ctx, "x_thing", made.id)
        create(ctx, "x_thing", {"name": "b", "mail": "A@x.cn"})
        with pytest.raises(NotValid, match=r"unique\.taken"):
            restore(ctx, "x_thing", made.id)


def test_a_record_whose_target_is_gone_cannot_come_back(
    platform: Platform, make_record: MakeRecord
) -> None:
    thing = make_record("x_thing", name="a")
    part = make_record("x_part", name="p", thing=thing.id)
    with platform.write() as ctx:
        delete(ctx, "x_thing", thing.id)
        with pytest.raises(NotValid, match=r"link\.missing"):
            restore(ctx, "x_part", part.id)
        assert get(ctx, "x_part", part.id, deleted=True).deleted_at == ctx.now


def test_what_was_deleted_along_comes_back_too_and_the_trail_tells(
    platform: Platform, make_record: MakeRecord
) -> None:
    thing = make_record("x_thing", name="a")
    part = make_record("x_part", name="p", thing=thing.id)
    with platform.write() as ctx:
        delete(ctx, "x_thing", thing.id)
        restore(ctx, "x_thing", thing.id)
        assert get(ctx, "x_part", part.id).values == part.values
        trail = [row.action for _, row in read_changes(ctx.connection, "x_part", part.id, 9)]
        assert trail == ["restore", "delete", "create"]


def test_what_was_in_the_bin_before_stays_there(
    platform: Platform, make_record: MakeRecord
) -> None:
    thing = make_record("x_thing", name="a")
    part = make_record("x_part", name="p", thing=thing.id)
    with platform.write() as ctx:
        delete(ctx, "x_part", part.id)
        delete(ctx, "x_thing", thing.id)
        restore(ctx, "x_thing", thing.id)
        with pytest.raises(NotFound):
            get(ctx, "x_part", part.id)


def test_blanked_links_come_back_unless_they_were_filled_since(
    platform: Platform, make_record: MakeRecord
) -> None:
    parent, other = make_record("x_thing", name="a"), make_record("x_thing", name="o")
    blank, filled, gone = (make_record("x_thing", name=n, parent=parent.id) for n in "bfg")
    with platform.write() as ctx:
        delete(ctx, "x_thing", parent.id)
        update(ctx, "x_thing", filled.id, {"parent": other.id})
        delete(ctx, "x_thing", gone.id)
        restore(ctx, "x_thing", parent.id)
        found = [get(ctx, "x_thing", one.id, deleted=True) for one in (blank, filled, gone)]
        assert [one.values["parent"] for one in found] == [parent.id, other.id, None]
        (_, last), *_ = read_changes(ctx.connection, "x_thing", blank.id, 1)
        assert (last.action, last.diff) == ("update", {"parent": [None, parent.id]})


def test_what_may_not_come_back_along_stays_in_the_bin(
    platform: Platform, make_record: MakeRecord
) -> None:
    publish_documents(platform, MAIN_PART)
    thing = make_record("x_thing", name="a")
    taken, main = (make_record("x_part", name=n, thing=thing.id, mark=n) for n in "pq")
    with platform.write() as ctx:
        update(ctx, "x_thing", thing.id, {"main": main.id})
        delete(ctx, "x_thing", thing.id)
        create(ctx, "x_part", {"name": "n", "mark": "p"})
        restore(ctx, "x_thing", thing.id)
        assert get(ctx, "x_thing", thing.id).values["main"] == main.id
        assert get(ctx, "x_part", main.id).deleted_at is None
        assert get(ctx, "x_part", taken.id, deleted=True).deleted_at == ctx.now


def test_only_what_is_in_the_bin_can_be_restored(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="a")
    with platform.write() as ctx, pytest.raises(NotFound):
        restore(ctx, "x_thing", made.id)


def test_another_version_is_neither_deleted_nor_restored(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="a")
    with platform.write() as ctx:
        with pytest.raises(PreconditionFailed):
            delete(ctx, "x_thing", made.id, if_match=2)
        delete(ctx, "x_thing", made.id, if_match=1)
        with pytest.raises(PreconditionFailed):
            restore(ctx, "x_thing", made.id, if_match=1)
        assert restore(ctx, "x_thing", made.id, if_match=2).version == 3


def test_deleting_twice_is_not_found(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_thing", name="a")
    with platform.write() as ctx:
        delete(ctx, "x_thing", made.id)
        with pytest.raises(NotFound):
            delete(ctx, "x_thing", made.id)


def test_append_only_records_are_never_deleted(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_lock", name="a")
    with platform.write() as ctx, pytest.raises(Forbidden):
        delete(ctx, "x_lock", made.id)


def test_an_entity_without_a_bin_brings_nothing_back(
    platform: Platform, make_record: MakeRecord
) -> None:
    made = make_record("x_thing", name="a")
    publish_documents(
        platform, "{kind: entity, id: x_thing, extend: true, traits: {recycle: false}}"
    )
    with platform.write() as ctx:
        delete(ctx, "x_thing", made.id)
        with pytest.raises(Forbidden, match=r"record\.no_bin"):
            restore(ctx, "x_thing", made.id)
