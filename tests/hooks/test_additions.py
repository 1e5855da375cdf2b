"""What guards make besides: further records, the department of an owner they set, and why."""

import pytest
import sqlalchemy as sa

THINGS = "/records/x_thing"
OWNED = """
        @hookimpl
        def register_documents(ctx):
            fields = {
                "name": {"type": "text", "label": "Name"},
                "told": {"type": "text", "label": "Told"},
            }
            log = {"name": {"type": "text", "label": "Name"},
                   "deal": {"type": "link", "to": "acme_deal", "label": "Deal"},
                   "about": {"type": "any_link", "label": "About"}}
            for name, held in (("acme_deal", fields), ("acme_log", log)):
                yield Document("entity", name, {"format": 1, "label": name, "title_field": "name",
                    "traits": {"owned": name == "acme_deal", "audited": True}, "fields": held})
"""
GUARD = """
        @hookimpl
        def before_change(ctx, event):
            for change in event.changes if event.entity == "acme_deal" else ():
                if change.new["name"] == "bad":
                    yield Refuse(change, "bad")
                yield Set(change, "told", f"{sorted(change.given)} {event.cause.get('who', '')}")
                yield Add(change, "acme_log", {"name": f"{event.action}"}, "deal")
"""
DEALS = "/records/acme_deal"


@pytest.fixture
def platform(grow):
    return grow(OWNED + GUARD)


def _logs(ask, platform) -> list[tuple[str, int]]:
    items = ask(platform, "GET", "/records/acme_log").json()["items"]
    return sorted((one["name"], one["deal"]) for one in items)


def test_a_guard_adds_a_record_for_each_that_is_written_and_none_for_the_refused(
    ask, platform
) -> None:
    made = ask(platform, "POST", DEALS, json=[{"name": "a"}, {"name": "bad"}]).json()["created"]
    assert _logs(ask, platform) == [("create", made[0])]
    assert ask(platform, "PATCH", f"{DEALS}/{made[0]}", json={"name": "bad"}).status_code == 422
    ask(platform, "PATCH", f"{DEALS}/{made[0]}", json={"name": "b"})
    assert _logs(ask, platform) == [("create", made[0]), ("update", made[0])]


def test_a_guard_is_told_what_was_given_and_why(ask, platform) -> None:
    made = ask(platform, "POST", DEALS, json={"name": "a"}).json()
    assert made["told"] == "['name'] "
    from loopline.services.records import create

    with platform.write() as ctx:
        told = create(ctx.because(who="me"), "acme_deal", {"name": "b", "owner": None})
    assert told.value("told") == "['name', 'owner'] me"


def test_an_addition_may_name_its_record_by_a_link_to_any(ask, grow) -> None:
    platform = grow(OWNED + GUARD.replace(', "deal")', ', "about")'))
    made = ask(platform, "POST", DEALS, json={"name": "a"}).json()["id"]
    logs = ask(platform, "GET", "/records/acme_log").json()["items"]
    assert [one["about"] for one in logs] == [{"entity": "acme_deal", "id": made}]


def test_an_addition_that_is_not_valid_refuses_the_write_naming_the_plugin(ask, grow) -> None:
    platform = grow(OWNED + GUARD.replace('{"name": f"{event.action}"}', '{"nothing": 1}'))
    refused = ask(platform, "POST", DEALS, json={"name": "a"})
    assert (refused.status_code, refused.json()["code"]) == (422, "plugin.failed")
    assert ask(platform, "GET", DEALS).json()["items"] == []


def test_the_department_follows_an_owner_whom_a_guard_sets(grow, make_record) -> None:
    platform = grow(
        OWNED
        + """
        @hookimpl
        def before_change(ctx, event):
            for change in event.changes if event.entity == "acme_deal" else ():
                yield Set(change, "owner", ctx.find("user", 'name == "Bo"')[0].id)
    """
    )
    from loopline.services.editing import update
    from loopline.services.records import create

    with platform.write() as ctx:
        north, south = (create(ctx, "department", {"name": n}).id for n in ("north", "south"))
        bo = create(ctx, "user", {"name": "Bo", "department": north}).id
        ann = create(ctx, "user", {"name": "Ann", "department": south}).id
        made = create(ctx, "acme_deal", {"name": "a", "owner": ann})
        assert (made.value("owner"), made.value("department")) == (bo, north)
        update(ctx, "acme_deal", made.id, {"department": south})
        moved = update(ctx, "acme_deal", made.id, {"owner": ann})
        assert moved.value("department") == south
        kept = create(ctx, "acme_deal", {"name": "b", "department": south})
        assert kept.value("department") == south


def test_a_plugin_asks_of_values_as_the_site_and_holds_a_name(grow) -> None:
    platform = grow(OWNED)
    with platform.write() as ctx:
        plain = ctx.contexts("acme")
        rows = [{"name": "a", "owner": None}, {"name": "b", "owner": None}]
        assert plain.matches("acme_deal", 'name == "a"', rows) == [True, False]
        assert plain.matches("acme_deal", "", rows) == [True, True]
        assert not plain.has("entity", "nowhere")
        plain.hold("one")
        assert ctx.connection.execute(sa.select(1)).scalar() == 1
        wrong = plain.update_many("acme_deal", {99: {"name": "x"}})
        assert list(wrong) == [99]


def test_a_plugin_makes_many_records_in_one_go(grow) -> None:
    platform = grow(OWNED)
    with platform.write() as ctx:
        plain = ctx.contexts("acme")
        rows = [{"name": "a"}, {"name": 1}, {"name": "b", "nothing": 2}, {"name": "c"}]
        first, unread, unknown, last = plain.create_many("acme_deal", rows)
        assert [one.value("name") for one in plain.every("acme_deal")] == ["a", "c"]
        assert (plain.get("acme_deal", first).value("name"), last) == ("a", first + 1)
        assert [wrong[0].path for wrong in (unread, unknown)] == ["fields.name", "fields.nothing"]
        assert plain.create_many("acme_deal", []) == []
