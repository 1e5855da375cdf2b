"""What is stored cannot be redefined: type, scale, link target, however the change comes about."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.meta.release import SITE
from loopline.services.planning import make_plan
from loopline.services.publishing import publish, rollback_plan
from loopline.services.records import get
from loopline.testing import publish_documents

FIELD = "{{kind: entity, id: x_thing, extend: true, fields: {{x_n: {{{0}, label: N}}}}}}"
INTEGER = FIELD.format("type: integer")


def _rollback(platform: Platform, revision: int) -> None:
    with platform.write() as ctx:
        plan = rollback_plan(ctx, revision, platform.schemas, platform.related_plugins)
        publish(ctx, plan)


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ("type: integer", "type: text"),
        ("type: decimal, scale: 2", "type: decimal, scale: 4"),
        ("type: link, to: x_thing", "type: link, to: x_part"),
    ],
)
def test_a_field_keeps_what_it_stores(platform: Platform, first: str, then: str) -> None:
    publish_documents(platform, FIELD.format(first))
    with pytest.raises(NotValid, match=r"publish\.redefined"):
        publish_documents(platform, FIELD.format(then))


def test_a_field_taken_back_keeps_what_its_column_stores(platform: Platform) -> None:
    with platform.read() as ctx:
        before = ctx.snapshot.revision
    publish_documents(platform, INTEGER)
    _rollback(platform, before)
    with pytest.raises(NotValid, match=r"publish\.redefined"):
        publish_documents(platform, FIELD.format("type: text"))
    publish_documents(platform, INTEGER)


def test_a_retired_field_keeps_what_it_stores(platform: Platform) -> None:
    publish_documents(platform, INTEGER)
    publish_documents(platform, INTEGER.replace("label: N", "label: N, retired: true"))
    with pytest.raises(NotValid, match=r"publish\.redefined"):
        publish_documents(platform, FIELD.format("type: text, retired: false"))


def test_an_emptied_site_layer_keeps_every_column(platform: Platform, make_record) -> None:
    made = make_record("x_thing", name="a", count=3)
    with platform.read() as ctx:
        before = ctx.catalog.release
    with platform.write() as ctx:
        site = ctx.catalog.release.layer(SITE)
        assert site is not None
        empty = site.with_documents({})
        publish(ctx, make_plan(ctx, [empty], platform.schemas, platform.related_plugins))
    _rollback(platform, before.revision)
    with platform.read() as ctx:
        assert get(ctx, "x_thing", made.id) == made


def test_a_short_text_stays_short_enough_to_be_indexed(platform: Platform) -> None:
    publish_documents(platform, FIELD.format("type: text, max_length: 800"))
    with pytest.raises(NotValid, match=r"metadata\.too_long"):
        publish_documents(platform, FIELD.format("type: text, max_length: 801"))
