"""Undoing an import: law I15, what stays because somebody changed it, going on after a stop."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.access.context import SYSTEM
from loopline.errors import Conflict, Forbidden, LooplineError, NotFound
from loopline.services.bin import delete, restore
from loopline.services.editing import update
from loopline.services.imports import run as running
from loopline.services.imports import undo as undoing
from loopline.services.imports.undo import begin_undo, may_undo, undo
from loopline.services.records import create
from loopline.store import imports as store
from loopline.testing import publish_documents

MAPPING = (
    "format: 1\nentity: x_part\ncolumns:\n  Thing: {field: thing, by: name, on_none: create}\n"
)
ROLE = """
kind: role
id: x_maker
format: 1
label: {zh: 录入, en: Maker}
grants: {things: {entity: x_thing, actions: [read, create]}}
"""
HEADINGS = ["Name", "E-mail", "Count", "Kind", "Marks", "Parent"]


@pytest.fixture
def take_back(platform):
    """Answer what undoes an import, in the name of the system or of a user."""

    def perform(import_id: int, actor=SYSTEM, progress=None):
        with platform.write(actor, via="import") as ctx:
            begin_undo(ctx, import_id)
        return undo(platform.open_as, import_id, progress)

    return perform


@pytest.fixture
def small_batches(monkeypatch) -> None:
    monkeypatch.setattr(undoing, "BATCH", 2)


@pytest.fixture
def things(records):
    """Answer what reads the things by id, without what every write moves."""

    def read() -> Mapping[int, Mapping[str, Any]]:
        return {one.id: dict(one.values) for one in records("x_thing")}

    return read


def outcome(report) -> tuple[int, int, int]:
    return report.undone.removed, report.undone.reverted, report.undone.kept


_rows = st.lists(
    st.tuples(
        st.sampled_from(["Bolt", "Nut", "Saw"]),
        st.sampled_from(["a@b.cn", "b@b.cn", "c@b.cn", "d@b.cn"]),
        st.sampled_from(["", "1", "7"]),
        st.sampled_from(["", "Big", "Small"]),
        st.sampled_from(["", "Red", "Red, Blue"]),
        st.sampled_from(["", "Bolt", "Saw"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=25)
@given(before=_rows, rows=_rows)
def test_an_import_undone_leaves_the_records_as_they_were(
    bring_in, take_back, things, small_batches, before, rows
) -> None:
    bring_in("x_thing", [HEADINGS, *before], key="mail", new=True)
    known = things()
    report = bring_in("x_thing", [HEADINGS, *rows], key="mail", new=True)
    undone = take_back(report.id).undone
    assert (undone.removed, undone.kept, things()) == (report.created, 0, known)


def test_what_a_column_of_links_made_goes_too(bring_in, take_back, records) -> None:
    report = bring_in("x_part", [["Name", "Thing"], ["Head", "Bolt"]], mapping=MAPPING)
    assert outcome(take_back(report.id)) == (2, 0, 0)
    assert (records("x_part"), records("x_thing")) == ((), ())


def test_what_somebody_changed_since_stays_and_is_told(
    bring_in, take_back, things, platform, make_record, as_user
) -> None:
    ada = as_user("Ada", administrator=True)
    known = make_record("x_thing", name="Saw", mail="a@b.cn", count=1)
    table = [
        ["Name", "E-mail", "Count"],
        ["Saw", "a@b.cn", 2],
        ["Bolt", "b@b.cn", 3],
        ["Nut", "", 4],
    ]
    report = bring_in("x_thing", table, key="mail")
    bolt = next(i for i, one in things().items() if one["name"] == "Bolt")
    with platform.write(ada, via="page") as ctx:
        update(ctx, "x_thing", bolt, {"note": "ours"})
        update(ctx, "x_thing", known.id, {"count": 9, "note": "ours"})
    undone = take_back(report.id).undone
    assert (undone.removed, undone.reverted, undone.kept) == (1, 0, 2)
    assert {one.path: one.code for one in undone.reasons} == {
        f"x_thing/{bolt}": "import.changed_since",
        f"x_thing/{known.id}": "import.fields_changed_since",
    }
    assert {i: one["count"] for i, one in things().items()} == {bolt: 3, known.id: 9}


def test_what_others_hold_stays_and_is_told(bring_in, take_back, things, make_record) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"], ["Nut"]])
    bolt = next(i for i, one in things().items() if one["name"] == "Bolt")
    make_record("x_lock", name="Lock", thing=bolt)
    undone = take_back(report.id).undone
    assert (undone.removed, undone.kept, list(things())) == (1, 1, [bolt])
    assert undone.reasons[0].path == f"x_thing/{bolt}"


def test_a_stopped_undoing_goes_on(bring_in, take_back, things, monkeypatch) -> None:
    monkeypatch.setattr(undoing, "BATCH", 7)
    report = bring_in("x_thing", [["Name"], *([f"thing {n}"] for n in range(20))])

    def stop(done: int, total: int) -> None:
        if done == 14:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        take_back(report.id, progress=stop)
    assert len(things()) == 6
    assert outcome(take_back(report.id)) == (20, 0, 0)
    assert outcome(take_back(report.id)) == (20, 0, 0)
    assert things() == {}


def test_what_went_to_the_bin_can_be_restored(platform, bring_in, take_back, things) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"]])
    known = things()
    take_back(report.id)
    with platform.write(via="page") as ctx:
        restore(ctx, "x_thing", next(iter(known)))
    assert things() == known


def test_a_rehearsal_is_refused(bring_in, take_back) -> None:
    rehearsal = bring_in("x_thing", [["Name"], ["Bolt"]], dry_run=True)
    with pytest.raises(Conflict) as refused:
        take_back(rehearsal.id)
    assert refused.value.key == "import.undo_rehearsal"


def test_a_run_that_was_cut_short_is_undone_and_writes_no_further_row(
    begin, carry_out, take_back, things, monkeypatch
) -> None:
    monkeypatch.setattr(running, "BATCH", 7)
    import_id = begin("x_thing", [["Name"], *([f"thing {n}"] for n in range(20))])

    def stop(done: int, total: int) -> None:
        if done > 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        carry_out(import_id, stop)
    assert len(things()) == 7
    assert outcome(take_back(import_id)) == (7, 0, 0)
    assert carry_out(import_id).state == "undone"
    assert things() == {}


def test_a_stranger_finds_no_import(bring_in, take_back, as_user) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"]])
    with pytest.raises(NotFound):
        take_back(report.id, as_user("Ben"))


def test_who_may_not_delete_is_refused(platform, begin, take_back, as_user, carry_out) -> None:
    publish_documents(platform, ROLE)
    ben = as_user("Ben", roles=("x_maker",))
    import_id = begin("x_thing", [["Name"], ["Bolt"]], actor=ben)
    assert carry_out(import_id).created == 1
    with platform.read(ben) as ctx:
        assert not may_undo(ctx, store.read(ctx.connection, import_id))
    with pytest.raises(Forbidden):
        take_back(import_id, ben)


@pytest.mark.parametrize("entity", ["x_part", "x_thing"])
def test_what_holds_the_work_of_somebody_stays(
    bring_in, take_back, records, platform, as_user, entity
) -> None:
    bring_in("x_thing", [["Name"], ["Nut"]])
    report = bring_in("x_thing", [["Name"], ["Bolt"]])
    bolt = records("x_thing")[-1].id
    link = {"x_part": "thing", "x_thing": "parent"}[entity]
    with platform.write(as_user("Ada", administrator=True), via="page") as ctx:
        create(ctx, entity, {"name": "Own", link: bolt})
    undone = take_back(report.id).undone
    assert [one.code for one in undone.reasons] == ["import.held_since"]
    assert records(entity)[-1].values[link] == bolt


def test_what_a_customer_wrote_is_nobodys_to_delete(bring_in, take_back, platform) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"]])
    with platform.write(via="portal") as ctx:
        update(ctx, "x_thing", 1, {"note": "please hurry"})
    assert outcome(take_back(report.id)) == (0, 0, 1)


def test_what_was_left_is_taken_back_when_asked_again(
    bring_in, take_back, platform, things
) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"], ["Nut"]])
    with platform.write(via="page") as ctx:
        lock = create(ctx, "x_part", {"name": "Head", "thing": 1}).id
    assert outcome(take_back(report.id)) == (1, 0, 1)
    with platform.write(via="page") as ctx:
        delete(ctx, "x_part", lock)
    assert outcome(take_back(report.id)) == (2, 0, 0)
    assert things() == {}


@pytest.mark.parametrize(
    ("gone", "told"),
    [
        ("note: {retired: true}", "import.fields_gone_since"),
        ("kind_of: {options: {big: {retired: true}}}", "choice.retired"),
    ],
)
def test_what_cannot_be_as_it_was_is_told(
    bring_in, take_back, platform, make_record, gone, told
) -> None:
    make_record("x_thing", name="Saw", mail="a@b.cn", kind_of="big", note="old")
    table = [["Name", "E-mail", "Kind", "Note"], ["Saw", "a@b.cn", "Small", "new"]]
    report = bring_in("x_thing", table, key="mail")
    head = "kind: entity\nid: x_thing\nextend: true\nfields: "
    publish_documents(platform, f"{head}{{{gone}}}")
    undone = take_back(report.id).undone
    assert [one.code for one in undone.reasons] == [told]


def test_undoing_that_broke_off_tells_why_and_is_taken_up_by_another(
    bring_in, take_back, platform, as_user, things
) -> None:
    report = bring_in("x_thing", [["Name"], ["Bolt"]])
    ada, bo = (as_user(name, administrator=True) for name in ("Ada", "Bo"))
    with platform.write(ada, via="page") as ctx:
        begin_undo(ctx, report.id)
    with platform.write(via="cli") as ctx:
        update(ctx, "user", ada.id, {"active": False})
    with pytest.raises(LooplineError):
        undo(platform.open_as, report.id)
    with platform.read(bo) as ctx:
        run = store.read(ctx.connection, report.id)
        assert (run.state, bool(run.failure), may_undo(ctx, run)) == ("undoing", True, True)
    assert outcome(take_back(report.id, bo)) == (1, 0, 0)
    assert things() == {}


def test_only_what_wrote_something_is_offered(platform, bring_in, take_back) -> None:
    written = bring_in("x_thing", [["Name"], ["Bolt"]])
    refused = bring_in("x_thing", [["Name", "Count"], ["Nut", "many"]])

    def offered() -> list[bool]:
        with platform.read() as ctx:
            return [may_undo(ctx, store.read(ctx.connection, one.id)) for one in (written, refused)]

    assert offered() == [True, False]
    take_back(written.id)
    assert offered() == [False, False]
