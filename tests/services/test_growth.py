"""Publishing again and again costs no memory, and touches nothing that did not change."""

import gc
import os
import tracemalloc

import pytest
from sqlalchemy import func, select

from kit.large_site import large_site, one_more_field, publish_all
from loopline.bootstrap import Platform
from loopline.services.records import create, get
from loopline.store.releases import document

SIZE = (300, 60) if os.environ.get("LOOPLINE_TEST_DEEP") == "1" else (20, 20)
ROUNDS = 20


def _use(platform: Platform) -> None:
    with platform.write() as ctx:
        made = create(ctx, "x_e3", {"f0": "a", "f1": 3})
    with platform.read() as ctx:
        get(ctx, "x_e3", made.id)
        assert ctx.catalog.menu is not None
        assert len(list(ctx.catalog.entities())) > SIZE[0]


def _held(platform: Platform) -> int:
    """Answer how much memory is held after everything was used and what is dead was let go."""
    _use(platform)
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_twenty_publishes_hold_no_more_memory(platform: Platform) -> None:
    publish_all(platform, large_site(*SIZE))
    tracemalloc.start()
    for number in range(3):
        publish_all(platform, [one_more_field(number)])
        _held(platform)
    before = _held(platform)
    for number in range(3, 3 + ROUNDS):
        publish_all(platform, [one_more_field(number)])
        _use(platform)
    grown = _held(platform) - before
    tracemalloc.stop()
    assert grown < 30_000 * ROUNDS, f"{grown / ROUNDS / 1000:.0f} kB a publish"


def test_a_publish_takes_over_what_it_did_not_change(platform: Platform) -> None:
    publish_all(platform, large_site(8, 6))
    with platform.read() as ctx:
        before = {name: ctx.snapshot.table(name) for name in ctx.catalog.ids("entity")}
        entities = {one.id: one for one in ctx.catalog.entities()}
    publish_all(platform, [one_more_field(0)])
    with platform.read() as ctx:
        after = {name: ctx.snapshot.table(name) for name in ctx.catalog.ids("entity")}
        same = {one.id for one in ctx.catalog.entities() if one is entities[one.id]}
    assert same == before.keys() - {"x_e3"}
    assert {name for name in before if after[name] is before[name]} == same


def test_a_publish_stores_only_the_documents_that_changed(platform: Platform) -> None:

    publish_all(platform, large_site(8, 6))
    count = select(func.count()).select_from(document)
    with platform.read() as ctx:
        before = ctx.connection.execute(count).scalar_one()
    publish_all(platform, [one_more_field(0)])
    with platform.read() as ctx:
        assert ctx.connection.execute(count).scalar_one() == before + 1
