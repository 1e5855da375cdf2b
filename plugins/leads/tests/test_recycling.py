"""Recycling: when which entry takes a lead, what is exempt, and that the night takes just that."""

import json
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loopline.jobs.queue import enqueue
from loopline.sdk import Document
from loopline.services import records
from loopline.services.editing import update
from loopline.testing import publish_documents
from loopline_leads import recycling
from loopline_leads.forecast import forecast, taken
from loopline_leads.leads import row_of
from loopline_leads.preview_page import preview
from loopline_leads.rules import pool_rules, read_pool_rule


@pytest.fixture
def fate(platform, clock):
    """Answer what foretells a lead: (entry, due in days since the clock's start) or its reason."""
    start = clock.now()

    def of(number: int) -> object:
        with platform.read() as ctx:
            plain = ctx.contexts("leads")
            row = row_of(records.get(ctx, "lead", number))
            found = forecast(plain, pool_rules(plain), [row], ctx.now)[0]
        if found.exempt is not None:
            return found.exempt["en"]
        return found.entry and (found.entry.id, (found.due - start) / timedelta(days=1))

    return of


@pytest.fixture
def night(platform):
    """Answer what runs the job of the night now."""

    def run() -> None:
        with platform.write() as ctx:
            enqueue(ctx.connection, recycling.RECYCLE, {}, ctx.now)
        platform.worker().run_due()

    return run


def test_the_first_entry_that_is_due_takes_a_lead(house, lead, fate, platform, later) -> None:
    ann = house.id("Ann")
    one, hot = (lead(source="expo", owner=ann, level=level).id for level in ("b", "a"))
    assert (fate(one), fate(hot)) == (("idle", 10.0), ("hot", 7.0))
    later(days=2)
    with platform.write(via="api") as ctx:
        update(ctx, "lead", one, {"last_follow_up": ctx.now})
        update(ctx, "lead", hot, {"last_follow_up": ctx.now, "status": "qualified"})
    assert (fate(one), fate(hot)) == (("idle", 12.0), ("hot", 9.0))
    later(days=9)
    with platform.write(via="api") as ctx:
        update(ctx, "lead", one, {"last_follow_up": ctx.now})
    assert fate(one) == ("slow", 20.0)


def test_protection_outlasts_a_shorter_rule(house, lead, fate, platform) -> None:
    with platform.write(via="import") as ctx:
        values = {"name": "x", "source": "expo", "level": "a", "owner": house.id("Ann")}
        long = {"protected_until": ctx.now + timedelta(days=9), "owned_since": ctx.now}
        one = records.create(ctx, "lead", values | long)
    assert fate(one.id) == ("hot", 9.0)


def test_what_is_exempt_says_why(house, lead, fate, act) -> None:
    ann = house.id("Ann")
    kept = lead(source="expo", owner=ann).id
    act(house.people["Ann"], "keep", kept)
    assert fate(kept) == "not recycled: it is kept"
    assert fate(lead(source="expo", owner=ann, name="VIP").id) == (
        "not recycled: exempt by rule “North”"
    )
    assert fate(lead(source="expo", owner=ann, status="converted").id) == (
        "not recycled: converted or invalid"
    )


def test_the_night_takes_what_is_due_to_the_pool_of_the_entry(
    house, lead, read, night, later, log
) -> None:
    ann = house.id("Ann")
    one, hot = (lead(source="expo", owner=ann, level=level).id for level in ("b", "a"))
    later(days=7)
    night()
    assert [read(n).value("owner") for n in (one, hot)] == [ann, None]
    assert read(hot).value("pool") == house.pools["public"]
    assert (log(hot)[-1]["rule"], log(hot)[-1]["name_en"]) == (
        "north_rule.hot",
        "“Seven days” of rule “North”: taken from Ann into “public”",
    )


def test_a_second_run_takes_nothing_of_it_again(house, lead, night, later, log) -> None:
    one = lead(source="expo", owner=house.id("Ann")).id
    later(days=10)
    night()
    night()
    assert [row["move"] for row in log(one)] == ["named", "recycle"]


def test_a_long_night_goes_on_in_further_jobs(house, lead, night, later, read, monkeypatch) -> None:
    monkeypatch.setattr(recycling, "CHUNK", 2)
    leads = [lead(source="expo", owner=house.id("Ann")).id for _ in range(5)]
    later(days=10)
    night()
    assert [read(one).value("owner") for one in leads] == [None] * 5


def test_a_night_that_dies_takes_nothing_and_the_next_takes_all(
    house, lead, night, later, read, monkeypatch
) -> None:
    leads = [lead(source="expo", owner=house.id("Ann")).id for _ in range(3)]
    later(days=10)
    real = recycling.take

    def dying(*given) -> None:
        real(*given)
        raise RuntimeError("killed")

    monkeypatch.setattr(recycling, "take", dying)
    night()
    assert None not in [read(one).value("owner") for one in leads]
    monkeypatch.setattr(recycling, "take", real)
    later(hours=6)
    night()
    assert [read(one).value("owner") for one in leads] == [None] * 3


STATES = st.fixed_dictionaries(
    {
        "source": st.sampled_from(["expo", "web"]),
        "level": st.sampled_from(["a", "b", "c", None]),
        "status": st.sampled_from(["new", "contacted", "qualified", "converted"]),
        "owned": st.integers(0, 40),
        "touched": st.none() | st.integers(0, 40),
        "protected": st.none() | st.integers(-40, 10),
        "kept": st.booleans(),
        "owner": st.booleans(),
        "name": st.sampled_from(["VIP", "Lead"]),
    }
)


@settings(max_examples=max(5, settings.default.max_examples // 8))
@given(states=st.lists(STATES, max_size=8), ahead=st.integers(0, 12))
def test_what_the_forecast_shows_is_what_the_night_takes(
    states, ahead, platform, house, night, clock
) -> None:
    start = clock.at
    _renew(platform, house, states)
    tonight = clock.at + timedelta(days=ahead)
    with platform.read() as ctx:
        plain = ctx.contexts("leads")
        shown = {one.id for one in taken(plain, pool_rules(plain), tonight)}
        rows = [row_of(one) for one in plain.every("lead")]
        alone = {one.id for one in forecast(plain, pool_rules(plain), rows, tonight)
                 if one.taken_at(tonight)}  # fmt: skip
        before = {one.id for one in plain.every("lead", "!is_blank(owner)")}
    clock.at = tonight
    night()
    with platform.read() as ctx:
        after = {one.id for one in ctx.contexts("leads").every("lead", "!is_blank(owner)")}
    clock.at = start
    assert shown == alone == before - after


def _renew(platform, house, states) -> None:
    """Leave no lead but those described, as the past would have made them."""
    with platform.write(via="seed") as ctx:
        plain = ctx.contexts("leads")
        for one in plain.every("lead", "!is_blank(owner)"):
            plain.update("lead", one.id, {"owner": None})
        for state in states:
            ago = {
                "owned_since": state["owned"],
                "last_follow_up": state["touched"],
                "protected_until": state["protected"],
            }
            moments = {
                name: None if days is None else ctx.now - timedelta(days=days)
                for name, days in ago.items()
            }
            values = {name: state[name] for name in ("source", "level", "status", "name", "kept")}
            owner = house.id("Ann") if state["owner"] else None
            records.create(ctx, "lead", {**values, **moments, "owner": owner})


# each says everything, as what it left out would be that of the rule below it
ENTRIES = st.fixed_dictionaries(
    {
        "reason": st.sampled_from(["no_follow_up", "no_opportunity", "not_won"]),
        "days": st.integers(1, 40),
        "levels": st.lists(st.sampled_from(["a", "b", "c", "-"]), min_size=1, unique=True),
        "unless": st.sampled_from(
            ['status == "qualified"', 'status == "contacted"', "kept == true", 'name == "-"']
        ),
        "when": st.sampled_from(
            ['source == "expo"', "is_blank(last_follow_up)", "!is_blank(name)"]
        ),
        "to": st.sampled_from(["public", "north"]),
    },
)
CHANGED = st.fixed_dictionaries(
    {
        "recycle": st.fixed_dictionaries(dict.fromkeys(["idle", "hot", "slow"], ENTRIES)),
        "exempt": st.sampled_from(['level == "a"', "!is_blank(last_follow_up)", 'name == "-"']),
    },
)


@settings(max_examples=max(3, settings.default.max_examples // 15))
@given(states=st.lists(STATES, min_size=2, max_size=8), changed=CHANGED)
def test_a_changed_rule_previews_just_what_the_night_then_takes(
    states, changed, platform, house, night, clock
) -> None:
    start = clock.at
    _renew(platform, house, states)
    rule = {
        **BARE,
        **changed,
        "recycle": {k: {"label": k, **v} for k, v in changed["recycle"].items()},
    }
    with platform.read() as ctx:
        plain = ctx.contexts("leads")
        read = read_pool_rule(Document("pool_rule", "north_rule", rule))
        shown = preview(plain, pool_rules(plain), read)
    publish_documents(platform, json.dumps(rule))
    clock.at = shown.at
    before = _owned(platform)
    night()
    clock.at = start
    assert {one.id for one in shown.then} == before - _owned(platform)


BARE = {
    "kind": "pool_rule",
    "id": "north_rule",
    "format": 1,
    "label": "North",
    "entity": "lead",
    "pool": "north",
    "pos": 1,
    "when": 'source == "expo"',
}


def _owned(platform) -> set[int]:
    with platform.read() as ctx:
        return {one.id for one in ctx.contexts("leads").every("lead", "!is_blank(owner)")}
