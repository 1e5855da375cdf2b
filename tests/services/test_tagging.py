"""Tags by hand in bulk and by rule: what a rule gave is taken again, what a person gave stays."""

from datetime import timedelta

import pytest

from loopline.errors import NotValid
from loopline.services.bulk import BulkRequest, start
from loopline.services.editing import update
from loopline.services.records import get
from loopline.services.tagging import preview
from loopline.services.timeline import timeline
from loopline.testing import publish_documents

GROUPS = """
---
kind: tag_group
id: x_size
format: 1
label: {zh: 规模, en: Size}
entities: [x_club]
exclusive: true
tags: {small: {label: {zh: 小, en: Small}}, big: {label: {zh: 大, en: Big}}}
rules:
  many: {entity: x_club, when: "seats > 10", tag: big}
---
kind: tag_group
id: x_worth
format: 1
label: {zh: 价值, en: Worth}
entities: [x_club]
tags: {vip: {label: {zh: 贵宾, en: VIP}}, new: {label: {zh: 新, en: New}}}
rules:
  paying: {entity: x_club, when: "pays == true", tag: vip}
  large:  {entity: x_club, when: "seats > 50", tag: vip}
---
kind: entity
id: x_club
format: 1
label: {zh: 俱乐部, en: Club}
title_field: name
traits: {audited: true}
fields:
  name:  {type: text, label: {zh: 名称, en: Name}}
  seats: {type: integer, label: {zh: 座位, en: Seats}}
  pays:  {type: boolean, label: {zh: 付费, en: Pays}}
  tags:  {type: tags, label: {zh: 标签, en: Tags}}
"""


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + GROUPS


@pytest.fixture
def run(platform, clock):
    """Answer what runs the rules, as the night does."""

    def run_rules() -> None:
        platform.handlers["tags.run"](None)

    return run_rules


@pytest.fixture
def club(make_record):
    return make_record("x_club", name="a", seats=60, pays=True).id


def tags(platform, club: int) -> object:
    with platform.read() as ctx:
        return get(ctx, "x_club", club).values["tags"]


def write(platform, club: int, **values: object) -> None:
    with platform.write() as ctx:
        update(ctx, "x_club", club, values)


def test_the_preview_tells_exactly_what_the_run_does(platform, run, club, make_record) -> None:
    make_record("x_club", name="b", seats=20)
    with platform.read() as ctx:
        told = {one.rule.rule.key: (one.gains, one.loses) for one in preview(ctx)}
    assert told == {"x_size.many": (2, 0), "x_worth.paying": (1, 0), "x_worth.large": (1, 0)}
    run()
    assert tags(platform, club) == ("big", "vip")
    assert tags(platform, club + 1) == ("big",)
    with platform.read() as ctx:
        assert {(one.gains, one.loses) for one in preview(ctx)} == {(0, 0)}


def test_a_tag_stays_while_any_rule_holds(platform, run, club) -> None:
    run()
    run()
    write(platform, club, pays=False)
    run()
    assert tags(platform, club) == ("big", "vip")
    write(platform, club, seats=5)
    with platform.read() as ctx:
        assert [one.loses for one in preview(ctx, "x_worth.large")] == [1]
    run()
    assert tags(platform, club) is None
    with platform.read() as ctx:
        sources = [(one.via, one.action) for one in timeline(ctx, "x_club", club).entries]
    assert ("job", "update") in sources


def test_what_was_given_by_hand_is_never_taken(platform, run, club) -> None:
    write(platform, club, tags=("vip", "small"))
    run()
    write(platform, club, pays=False, seats=5)
    run()
    assert set(tags(platform, club)) == {"small", "vip"}


def test_what_was_taken_by_hand_stays_away(platform, run, club) -> None:
    run()
    write(platform, club, tags=("big",))
    run()
    assert tags(platform, club) == ("big",)
    write(platform, club, pays=False, seats=20)
    run()
    write(platform, club, pays=True)
    run()
    assert tags(platform, club) == ("big", "vip")


def test_a_rule_that_is_gone_takes_its_tags_along(platform, clock, run, club) -> None:
    run()
    gone = "kind: tag_group\nid: x_size\nextend: true\nunset: [rules.many]\n"
    publish_documents(platform, gone)
    clock.move(timedelta(days=1_000))
    platform.worker().run_due()
    assert tags(platform, club) == ("vip",)


def test_tags_are_given_and_taken_in_bulk(platform, as_user, club, make_record) -> None:
    for name in "bcd":
        make_record("x_club", name=name, tags=("small",))
    ada = as_user("Ada")

    def act(action: str, tag: str, text: str) -> int:
        asked = BulkRequest(
            entity="x_club", act="action", action=action, settings={"tag": tag}, filter=text
        )
        with platform.write(ada) as ctx:
            return start(ctx, asked).done

    assert act("add_tag", "big", "'small' in tags") == 3
    assert act("add_tag", "vip", "'big' in tags") == 3
    assert tags(platform, club + 1) == ("big", "vip")
    assert act("remove_tag", "vip", "") == 4
    assert tags(platform, club + 1) == ("big",)


def test_a_rule_gives_a_tag_that_its_entity_takes(platform) -> None:
    wrong = "kind: tag_group\nid: x_size\nextend: true\nrules: {many: {tag: vip}}\n"
    with pytest.raises(NotValid, match="no_tag"):
        publish_documents(platform, wrong)
