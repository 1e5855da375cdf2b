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
