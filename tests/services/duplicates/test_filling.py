"""Records from before a rule: filled by a job, listed as twins, and then held against."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.services.bin import delete
from loopline.services.duplicates.filling import twins
from loopline.services.records import create
from loopline.testing import publish_documents
from loopline.testing.fixtures import MakeRecord

RULE = """
kind: duplicate_rule
id: x_count
format: 1
label: {zh: 同一数量, en: Same count}
entity: x_thing
match: {count: {}}
on_match: block
"""


def _work(platform: Platform) -> None:
    worker = platform.worker()
    while worker.run_one():
        pass


def test_old_twins_stand_and_new_ones_are_refused(
    platform: Platform, make_record: MakeRecord
) -> None:
    old = [make_record("x_thing", name=name, count=7).id for name in "abc"]
    publish_documents(platform, RULE)
    _work(platform)
    with platform.write() as ctx:
        ((_, group),) = twins(ctx, "x_thing", "x_count")
        assert [record for _, record, _ in group] == old
        delete(ctx, "x_thing", old[0])
        with pytest.raises(NotValid, match=r"duplicate\.refused"):
            create(ctx, "x_thing", {"name": "d", "count": 7})
        for record in old[1:]:
            delete(ctx, "x_thing", record)
        assert create(ctx, "x_thing", {"name": "e", "count": 7}).id


def test_a_changed_rule_compares_anew(platform: Platform, make_record: MakeRecord) -> None:
    publish_documents(platform, RULE)
    make_record("x_thing", name="a", count=7, day=None)
    publish_documents(platform, RULE.replace("{count: {}}", "{count: {}, name: {}}"))
    _work(platform)
    assert make_record("x_thing", name="b", count=7).id
    with pytest.raises(NotValid, match=r"duplicate\.refused"):
        make_record("x_thing", name="A", count=7)
