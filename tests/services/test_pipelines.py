"""Pipelines: what entering a stage asks and writes, through whatever door."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import event

from kit.pipeline_site import SITE
from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.services.editing import update, update_many
from loopline.services.records import create, create_many
from loopline.store.changes import read_changes
from loopline.store.rows import Record, fetch

Make = Callable[..., Record]
NOW = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
GOOD = {"amount": Decimal(10), "due": date(2026, 2, 1)}


MOVER = """
kind: role
id: x_mover
format: 1
label: Mover
grants:
  deals: {entity: x_deal, actions: [read, create, update], fields: {amount: none}}
"""


@pytest.fixture
def site_documents() -> str:
    return f"{SITE}---{MOVER}"


@pytest.fixture
def made(platform: Platform) -> Make:
    """Answer a maker of deals by the page."""

    def make(**values: object) -> Record:
        with platform.write(via="page") as ctx:
            return create(ctx, "x_deal", {"name": "a", **values})

    return make


@pytest.fixture
def changed(platform: Platform) -> Make:
    """Answer what changes a deal by the page."""

    def change(deal: Record, **values: object) -> Record:
        with platform.write(via="page") as ctx:
            return update(ctx, "x_deal", deal.id, values)

    return change


def _refused(act: Callable[..., object], *given: object, **values: object) -> list[tuple[str, str]]:
    with pytest.raises(NotValid) as error:
        act(*given, **values)
    return [(one.code, one.path) for one in error.value.problems]


def test_a_new_record_enters_its_first_stage(made) -> None:
    deal = made()
    assert (deal.values["stage"], deal.values["chance"]) == ("talk", Decimal("0.1"))
    assert deal.values["since"] == NOW


def test_missing_fields_are_told_each_and_the_condition_waits_for_them(made, changed) -> None:
    deal = made()
    missing = [("pipeline.required", "fields.amount"), ("pipeline.required", "fields.due")]
    assert _refused(changed, deal, stage="quote") == missing
    assert _refused(made, stage="quote") == missing
    assert changed(deal, stage="quote", **GOOD).values["chance"] == Decimal("0.6")


def test_a_condition_keeps_a_record_out_at_the_field_of_the_stage(made, changed) -> None:
    no_money = {**GOOD, "amount": Decimal(0)}
    refused = _refused(changed, made(), stage="quote", **no_money)
    assert refused == [("pipeline.enter_if", "fields.stage")]


def test_a_condition_follows_links_and_tells_its_message(made, changed, make_record) -> None:
    deal = changed(made(thing=make_record("x_thing", name="t").id), stage="quote", **GOOD)
    with pytest.raises(NotValid) as error:
        changed(deal, stage="won")
    assert error.value.problems[0].params["message"].to("en") == "Out of stock"
    full = make_record("x_thing", name="full", count=1).id
    won = changed(deal, stage="won", thing=full)
    assert won.values["closed"] == date(2026, 1, 5)
    assert changed(won, stage="talk").values["closed"] is None


def test_a_stage_is_entered_from_where_it_may_be(made, changed) -> None:
    expected = [("pipeline.from", "fields.stage")]
    assert _refused(changed, made(), stage="won") == expected
    assert _refused(made, stage="won") == [("pipeline.from_nowhere", "fields.stage")]


def test_a_code_that_is_no_stage_is_refused_and_one_that_is_there_is_kept(made, changed) -> None:
    assert _refused(made, stage="check") == [("pipeline.no_stage", "fields.stage")]
    checked = made(big=True, stage="check")
    assert changed(checked, big=False, name="b").values["stage"] == "check"


def test_the_first_pipeline_that_holds_applies_and_what_it_sets_need_not_be_asked(made) -> None:
    assert made(big=True, stage="check").values["reason"] == "checked a"
    assert made(big=True, stage="won").values["chance"] is None


def test_what_the_writer_says_stays_but_an_unchanged_value_is_no_word(made, changed) -> None:
    deal = made(chance=Decimal("0.3"))
    assert deal.values["chance"] == Decimal("0.3")
    same = changed(deal, stage="quote", chance=Decimal("0.3"), **GOOD)
    assert same.values["chance"] == Decimal("0.6")


@pytest.mark.parametrize(("roles", "named"), [(("x_mover",), False), ((), True)])
def test_a_condition_is_told_in_words_to_those_who_may_read_it(
    platform, made, as_user, roles, named
) -> None:
    deal = made(**{**GOOD, "amount": Decimal(0)})
    actor = as_user("Mover", roles=roles, administrator=named)
    with platform.write(actor) as ctx, pytest.raises(NotValid) as error:
        update(ctx, "x_deal", deal.id, {"stage": "quote"})
    (problem,) = error.value.problems
    assert ("Amount" in problem.params["message"].to("en")) is named


def test_a_blank_stage_asks_nothing(made, changed) -> None:
    assert changed(made(), stage=None).values["stage"] is None


def test_a_write_that_does_not_move_asks_nothing(made, changed) -> None:
    deal = changed(made(), stage="quote", **GOOD)
    assert changed(deal, due=None).values["stage"] == "quote"


def test_what_entering_writes_is_in_the_trail(made, changed, platform) -> None:
    deal = changed(made(), stage="quote", **GOOD)
    with platform.read() as ctx:
        [(_, newest), *_] = read_changes(ctx.connection, "x_deal", deal.id, 1)
    assert newest.diff["chance"] == ["0.1000", "0.6000"]


@pytest.mark.parametrize("via", ["import", "seed"])
def test_records_of_the_past_may_stand_anywhere_there_is(platform, via: str) -> None:
    long_ago = datetime(2025, 3, 1, 8, tzinfo=UTC)
    rows = [
        {"name": "a", "stage": "won", "created_at": long_ago},
        {"name": "b", "stage": "lost", "closed": date(2025, 4, 1)},
        {"name": "c", "stage": "check"},
    ]
    with platform.write(via=via) as ctx:
        *deals, refused = create_many(ctx, "x_deal", rows)
        found = ctx.snapshot.table("x_deal")
        won, lost = fetch(ctx.connection, found, deals).values()
    assert (won.values["since"], won.values["closed"]) == (long_ago, None)
    assert lost.values["closed"] == date(2025, 4, 1)
    assert [one.code for one in refused] == ["pipeline.no_stage"]


def test_a_batch_tells_each_record_apart_in_no_more_statements(platform, made) -> None:
    def moved(n: int) -> tuple[int, int]:
        deals = [made(name=str(i), **GOOD).id for i in range(n)]
        told: list[str] = []
        with platform.write(via="api") as ctx:
            event.listen(ctx.connection, "before_cursor_execute", lambda *a: told.append(a[2]))
            wanted = {one: {"stage": "quote"} for one in deals[1:]}
            found = update_many(ctx, "x_deal", {deals[0]: {"stage": "won"}, **wanted})
        return sum(isinstance(one, tuple) for one in found.values()), len(told)

    few, many = moved(3), moved(30)
    assert (few[0], many[0]) == (1, 1)
    assert many[1] <= few[1]
