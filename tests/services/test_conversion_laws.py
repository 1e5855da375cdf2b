"""Laws of conversion: nothing is typed twice, nothing is lost; it happens whole or not at all."""

from collections.abc import Mapping
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.conversion_site import SITE
from kit.faults import Broken, Moment, fault
from kit.state import state
from loopline.bootstrap import Platform
from loopline.errors import LooplineError
from loopline.services.actions import run_action
from loopline.services.records import create, get
from loopline.testing.fixtures import MakeRecord

_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30)
_ASKED = st.fixed_dictionaries(
    {"who": _TEXT.filter(str.strip).filter(lambda text: text.strip() != "refused")},
    optional={
        "phone": st.integers(0, 10**8 - 1).map(lambda n: f"+86138{n:08d}"),
        "secret": _TEXT.filter(str.strip),
        "level": st.sampled_from(["a", "b"]),
        "wishes": st.sampled_from([("red",), ("red", "blue")]),
        "x_note": _TEXT.filter(str.strip),
        "budget": st.decimals(0, 10**9, places=2),
    },
)
_COPIED = ("phone", "secret", "level", "wishes", "x_note")


@pytest.fixture
def site_documents() -> str:
    return SITE


@settings(max_examples=25)
@given(asked=_ASKED)
def test_nothing_is_typed_twice_and_nothing_is_lost(
    platform: Platform, asked: Mapping[str, object]
) -> None:
    with platform.write(via="cli") as ctx:
        source = create(ctx, "x_enquiry", asked)
        made = run_action(ctx, "x_enquiry", [source.id], "convert", {}).data
        firm, after = get(ctx, "x_firm", made["firm"]["id"]), get(ctx, "x_enquiry", source.id)
        job = get(ctx, "x_job", made["job"]["id"]) if "job" in made else None
    kept = {n: v for n, v in source.values.items() if v is not None and n not in {"state", "firm"}}
    assert {name: after.values[name] for name in kept} == kept
    for name in _COPIED:
        held = source.values[name]
        # a firm that was there before keeps what it had
        assert firm.values[name] == held or (
            made["firm"]["outcome"] == "matched" and firm.values[name] is not None
        )
    assert firm.values["name"] is not None
    assert (job is None) == (source.values["budget"] is None)
    assert job is None or (job.values["firm"], job.values["enquiry"]) == (firm.id, source.id)


def _convert_with_fault(platform: Platform, record: int, moment: Moment, at: int) -> bool:
    """Answer whether the fault was reached."""
    with fault(platform.database.engine, moment, at):
        try:
            with platform.write() as ctx:
                run_action(ctx, "x_enquiry", [record], "convert", {})
        except Broken:
            return True
    return False


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_conversion_broken_anywhere_leaves_nothing(
    platform: Platform, make_record: MakeRecord, moment: Moment
) -> None:
    asked = make_record("x_enquiry", who="Acme", budget=Decimal(1), phone="+8613800000001")
    before, at = state(platform), 1
    while _convert_with_fault(platform, asked.id, moment, at):
        assert state(platform) == before, f"{moment} statement {at}"
        at += 1
    assert at > 20
    with platform.read() as ctx:
        assert get(ctx, "x_enquiry", asked.id).values["state"] == "done"


def test_a_refusal_within_a_transaction_leaves_the_rest_of_it(
    platform: Platform, make_record: MakeRecord
) -> None:
    asked = make_record("x_enquiry", who="refused")
    before = state(platform)
    with platform.write() as ctx, pytest.raises(LooplineError):
        run_action(ctx, "x_enquiry", [asked.id], "convert", {})
    assert state(platform) == before
