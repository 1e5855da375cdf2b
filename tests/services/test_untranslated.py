"""Texts that lack a language are named: labels, and the units that stand beside values."""

from loopline.bootstrap import Platform
from loopline.meta.document import dotted
from loopline.services.explaining import untranslated
from loopline.testing import publish_documents

WEIGHT = """
kind: entity
id: x_thing
extend: true
fields:
  x_weight: {type: integer, label: {zh: 重量, en: Weight}, unit: 公斤, help: {en: Empty}}
"""


def test_a_text_in_one_language_is_named_with_the_one_it_lacks(platform: Platform) -> None:
    publish_documents(platform, WEIGHT)
    with platform.read() as ctx:
        found = untranslated(ctx, ("zh", "en"))
    assert [(str(key), dotted(path), language) for key, path, language in found] == [
        ("entity/x_thing", "fields.x_weight.unit", "en"),
        ("entity/x_thing", "fields.x_weight.help", "zh"),
    ]


UNNAMED = """
kind: entity
id: x_thing
extend: true
fields:
  x_next_follow_up: {type: date}
  x_status: {type: choice, options: {in_talks: {}}}
---
kind: view
id: x_open_things
format: 1
entity: x_thing
type: list
columns: {name: {}}
"""


def test_what_has_no_label_is_called_by_its_id_and_named_for_each_language(
    platform: Platform,
) -> None:
    publish_documents(platform, UNNAMED)
    with platform.read() as ctx:
        found = untranslated(ctx, ("zh", "en"))
        fields, views = ctx.catalog.entity("x_thing").fields, ctx.catalog.views("x_thing")
    assert fields["x_next_follow_up"].label.to("en") == "Next follow up"
    assert fields["x_status"].options["in_talks"].label.to("zh") == "In talks"
    assert "Open things" in [one.label.to("en") for one in views]
    assert [(dotted(path), language) for _, path, language in found] == [
        (path, language)
        for path in (
            "fields.x_next_follow_up.label",
            "fields.x_status.label",
            "fields.x_status.options.in_talks.label",
            "label",
        )
        for language in ("zh", "en")
    ]
