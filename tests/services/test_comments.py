"""Comments on records, whom they mention, and who is told."""

import pytest

from loopline.errors import Forbidden, NotFound, NotValid
from loopline.services import comments
from loopline.services.editing import update
from loopline.services.notifications import notifications, unread_count
from loopline.services.records import create, create_many
from loopline.services.timeline import timeline

ROLE = """
---
kind: role
id: x_outsider
format: 1
label: {zh: 外人, en: Outsider}
grants: {users: {entity: user, actions: [read]}}
---
kind: entity
id: x_case
format: 1
label: {zh: 案件, en: Case}
title_field: name
traits: {owned: true, audited: true}
fields: {name: {type: text, label: {zh: 名称, en: Name}}}
"""


@pytest.fixture
def site_documents(site_documents: str) -> str:
    return site_documents + ROLE


@pytest.fixture
def thing(make_record) -> int:
    return make_record("x_thing", name="Pump").id


@pytest.fixture
def ada(as_user):
    return as_user("Ada")


@pytest.fixture
def say(platform, ada, thing):
    """Answer what comments as Ada, or as somebody else."""

    def add(text: str, actor=None) -> comments.Said:
        with platform.write(actor or ada) as ctx:
            return comments.add_comment(ctx, "x_thing", thing, text)

    return add


def told(platform, actor) -> list[str]:
    with platform.read(actor) as ctx:
        return [one.text for one in notifications(ctx).items]


def test_a_mention_is_kept_by_number_and_told_once(platform, as_user, ada, thing, say) -> None:
    bob = as_user("Bob")
    said = say("@bob please look")
    assert said.comment.stored == f"@{{{bob.id}}} please look"
    assert said.comment.text == "@Bob please look"
    assert told(platform, bob) == ["Ada 在 Pump 中提到了您"]
    with platform.write(ada) as ctx:
        comments.edit_comment(ctx, "x_thing", thing, said.comment.id, "@Bob, please look again")
    assert len(told(platform, bob)) == 1


def test_the_longest_name_is_meant(as_user, say) -> None:
    as_user("林知")
    longer = as_user("林知夏")
    assert say("请@林知夏看看").comment.stored == f"请@{{{longer.id}}}看看"
    assert say("mail a@林知夏.cn, @nobody").comment.mentions == {}


def test_people_of_one_name_are_told_apart_by_address(platform, as_user, say) -> None:
    ids = [as_user(name).id for name in ("Eve1", "Eve2")]
    with platform.write(via="cli") as ctx:
        for user in ids:
            update(ctx, "user", user, {"name": "Eve"})
    with pytest.raises(NotValid, match="ambiguous"):
        say("@Eve")
    assert list(say("@eve2@example.com").comment.mentions) == ids[1:]
    assert list(say(f"@{{{ids[0]}}}, @{{999}}").comment.mentions) == ids[:1]


def test_who_may_not_read_the_record_is_not_told(platform, as_user, say) -> None:
    stranger = as_user("Zed", roles=("x_outsider",))
    assert say("@Zed").not_told == (stranger.id,)
    assert told(platform, stranger) == []
    with pytest.raises(NotFound):
        say("me too", stranger)


def test_only_its_author_changes_a_comment(platform, as_user, thing, say) -> None:
    number, bob, root = say("first").comment.id, as_user("Bob"), as_user("R", administrator=True)
    with platform.write(bob) as ctx, pytest.raises(Forbidden):
        comments.edit_comment(ctx, "x_thing", thing, number, "mine")
    with platform.write(bob) as ctx, pytest.raises(Forbidden):
        comments.delete_comment(ctx, "x_thing", thing, number)
    with platform.write(root) as ctx:
        comments.delete_comment(ctx, "x_thing", thing, number)
        assert comments.comments_by_id(ctx, [number])[number].text == ""
    with platform.write(root) as ctx, pytest.raises(NotFound):
        comments.delete_comment(ctx, "x_thing", thing, number)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5_001])
def test_a_comment_says_something(say, text: str) -> None:
    with pytest.raises(NotValid):
        say(text)


def test_the_timeline_is_one_list_of_both(platform, ada, thing, say) -> None:
    say("one")
    with platform.write(ada) as ctx:
        update(ctx, "x_thing", thing, {"count": 3})
    say("two")
    kinds, before = [], None
    with platform.read(ada) as ctx:
        for _ in range(4):
            page = timeline(ctx, "x_thing", thing, limit=1, before=before)
            kinds += [one.kind for one in page.entries]
            before = page.next
    assert kinds == ["comment", "change", "comment", "change"]


def test_a_new_owner_is_told_unless_they_did_it(platform, as_user, ada) -> None:
    bob = as_user("Bob")
    with platform.write(ada) as ctx:
        mine = create(ctx, "x_case", {"name": "C1"})
        update(ctx, "x_case", mine.id, {"owner": bob.id})
        create_many(ctx, "x_case", [{"name": f"D{n}", "owner": bob.id} for n in range(9)])
    assert told(platform, ada) == []
    assert told(platform, bob) == ["Ada 把 9 条案件分配给了您", "Ada 把 C1 分配给了您"]
    with platform.read(bob) as ctx:
        assert unread_count(ctx) == 2
