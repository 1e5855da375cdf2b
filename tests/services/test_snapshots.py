"""Law I4: a snapshot is immutable and complete; a context keeps its own until it ends."""

import gc
import weakref
from dataclasses import replace

import pytest

from loopline.bootstrap import Platform, build_platform
from loopline.errors import NotFound
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.services.editing import update
from loopline.services.records import create, get
from loopline.settings import load_settings
from loopline.store.releases import load_release
from loopline.testing import publish_documents

RELABEL = """
kind: entity
id: x_thing
extend: true
fields:
  name: {{label: Name {n}, max_length: {n}00}}
  x_f{n}: {{type: integer, label: F{n}}}
"""
RETIRE = "{kind: entity, id: x_thing, extend: true, fields: {note: {retired: true}}}"


def _everything(catalog: Catalog) -> object:
    """Answer all that a catalog says, typed and raw."""
    kinds = ("entity", "form", "view", "numbering", "menu")
    keys = [DocumentKey(kind, name) for kind in kinds for name in catalog.ids(kind)]
    return (
        {key: dict(catalog.resolved(key).values) for key in keys},
        {entity.id: entity for entity in catalog.entities()},
        {name: catalog.views(name) for name in catalog.ids("entity")},
        catalog.menu,
    )


def test_an_open_reader_sees_the_release_it_began_with(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", note="kept")
    with platform.read() as ctx:
        before = _everything(ctx.catalog)
        publish_documents(platform, RELABEL.format(n=1))
        publish_documents(platform, RETIRE)
        assert get(ctx, "x_thing", made.id) == made
        assert _everything(ctx.catalog) == before
    with platform.read() as later:
        assert later.snapshot.revision == ctx.snapshot.revision + 2


def test_the_past_reads_the_same_from_the_database(platform: Platform) -> None:
    with platform.read() as ctx:
        revision, before = ctx.snapshot.revision, _everything(ctx.catalog)
    publish_documents(platform, RELABEL.format(n=1))
    publish_documents(platform, RETIRE)
    with platform.read() as ctx:
        again = Catalog(load_release(ctx.connection, revision))
    assert _everything(again) == before


def test_a_catalog_built_on_another_equals_one_built_afresh(platform: Platform) -> None:
    with platform.read() as ctx:
        _everything(ctx.catalog)
    publish_documents(platform, RELABEL.format(n=1))
    publish_documents(platform, RETIRE)
    with platform.read() as ctx:
        assert _everything(ctx.catalog) == _everything(Catalog(ctx.catalog.release))


def test_an_old_snapshot_still_writes_what_it_knows(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", note="kept")
    with platform.read() as ctx:
        old = ctx.snapshot
    publish_documents(platform, RELABEL.format(n=1))
    with platform.write() as ctx:
        stale = replace(ctx, snapshot=old)
        update(stale, "x_thing", made.id, {"name": "b"})
        created = create(stale, "x_thing", {"name": "c"})
    with platform.read() as ctx:
        assert get(ctx, "x_thing", made.id).values["name"] == "b"
        assert get(ctx, "x_thing", created.id).values["x_f1"] is None


def test_what_was_published_is_served_at_once(platform: Platform) -> None:
    publish_documents(platform, RELABEL.format(n=3))
    with platform.read() as ctx:
        assert ctx.catalog.entity("x_thing").fields["name"].max_length == 300


def test_a_second_process_sees_the_new_head(platform: Platform, site, clock) -> None:
    other = build_platform(load_settings(site), clock)
    with other.read() as ctx:
        first = ctx.snapshot.revision
    publish_documents(platform, RELABEL.format(n=1))
    with other.read() as ctx:
        assert ctx.snapshot.revision == first + 1
        assert ctx.catalog.entity("x_thing").fields["x_f1"].type == "integer"
    other.close()


def test_old_snapshots_are_let_go(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a")
    seen: list[weakref.ref[object]] = []
    publish_documents(platform, RELABEL.format(n=6))  # the release before it is the template's
    for n in range(1, 6):
        with platform.read() as ctx:
            get(ctx, "x_thing", made.id)
            seen += [weakref.ref(ctx.snapshot), weakref.ref(ctx.catalog)]
        del ctx
        publish_documents(platform, RELABEL.format(n=n))
    with platform.read():
        gc.collect()
        assert [one for one in seen if one() is not None] == []


def test_an_unknown_document_is_named(platform: Platform) -> None:
    with platform.read() as ctx, pytest.raises(NotFound, match="x_nothing"):
        ctx.catalog.entity("x_nothing")
