"""Laws I1 and I2: a publish happens whole or not at all, wherever it breaks."""

import pytest
from sqlalchemy import event

from kit.faults import Broken, Moment, fault
from kit.state import state
from kit.whole import assert_whole
from loopline.bootstrap import Platform
from loopline.testing import publish_documents

WIDE = """
kind: entity
id: x_wide
format: 1
label: Wide
title_field: name
fields:
  name: {type: text, label: Name, unique: yes}
  thing: {type: link, to: x_thing, label: Thing}
---
kind: entity
id: x_thing
extend: true
fields:
  x_size: {type: integer, label: Size}
  x_wide: {type: link, to: x_wide, label: Wide}
  name: {label: Renamed}
---
kind: view
id: x_thing_all
format: 1
entity: x_thing
label: All
type: list
columns: {name: {}, x_size: {}}
sort: [mail]
"""


def _publish_with_fault(platform: Platform, moment: Moment, at: int) -> bool:
    """Answer whether the fault was reached; nothing may have changed then."""
    with fault(platform.database.engine, moment, at) as broken:
        try:
            publish_documents(platform, WIDE)
        except Broken:
            return True
    assert broken.seen < at
    return False


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_publish_broken_anywhere_leaves_no_trace(platform: Platform, moment: Moment) -> None:
    before = state(platform)
    at = 1
    while _publish_with_fault(platform, moment, at):
        assert state(platform) == before, f"{moment} statement {at}"
        at += 1
    assert at > 20
    assert_whole(platform)
    with platform.read() as ctx:
        assert ctx.catalog.entity("x_thing").fields["x_size"].type == "integer"
        assert ctx.catalog.entity("x_wide").id == "x_wide"


def test_a_publish_that_cannot_commit_leaves_no_trace(platform: Platform) -> None:
    before = state(platform)

    def refuse(_connection: object) -> None:
        raise Broken("commit")

    event.listen(platform.database.engine, "commit", refuse)
    with pytest.raises(Broken):
        publish_documents(platform, WIDE)
    event.remove(platform.database.engine, "commit", refuse)
    assert state(platform) == before


def test_a_publish_after_a_broken_one_succeeds_and_serves(platform: Platform) -> None:
    _publish_with_fault(platform, "after", 20)
    release = publish_documents(platform, WIDE)
    with platform.read() as ctx:
        assert ctx.snapshot.revision == release.revision
        assert ctx.catalog.entity("x_thing").fields["name"].label.to("zh") == "Renamed"
