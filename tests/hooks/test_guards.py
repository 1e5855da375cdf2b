"""Guarding hooks: what plugins set, refuse and restrict, and what happens when they break."""

THINGS = "/records/x_thing"


def test_hook_before_change(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            for change in event.changes if event.entity == "x_thing" else ():
                if change.new.get("count") == 13:
                    yield Refuse(change, Label({"zh": "不吉利", "en": "Unlucky"}), "count")
                elif event.action == "create":
                    yield Set(change, "note", f"{event.via} {len(event.changes)}")
    """)
    created = ask(platform, "POST", THINGS, json=[{"name": "a"}, {"name": "b", "count": 13}])
    assert created.json()["problems"][0]["problems"] == [
        {"path": "fields.count", "code": "plugin.refused", "message": "Unlucky"}
    ]
    record = created.json()["created"][0]
    assert ask(platform, "GET", f"{THINGS}/{record}").json()["note"] == "api 2"
    changed = ask(platform, "PATCH", f"{THINGS}/{record}", json={"count": 13})
    assert (changed.status_code, changed.json()["problems"][0]["path"]) == (422, "fields.count")


def test_a_guard_stands_before_the_bin_too(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            if event.entity == "x_thing" and event.action in {"delete", "restore"}:
                for change in event.changes:
                    if change.new["note"] == event.action:
                        yield Refuse(change, Label({"zh": "不行", "en": "Not that"}))
                    elif event.action == "delete":
                        told = {"name": f"gone: {change.new['name']}", "at": ctx.now}
                        yield Add(change, "activity", told, "about")
    """)
    for note in ("delete", "restore"):
        ask(platform, "POST", THINGS, json={"name": note, "note": note})
    kept = ask(platform, "DELETE", f"{THINGS}/1")
    assert (kept.status_code, kept.json()["problems"][0]["message"]) == (422, "Not that")
    assert ask(platform, "DELETE", f"{THINGS}/2").status_code == 204
    assert ask(platform, "POST", f"{THINGS}/2/restore").status_code == 422
    added = ask(platform, "GET", "/records/activity").json()["items"]
    assert [(one["name"], one["about"]["id"]) for one in added] == [("gone: restore", 2)]


def test_what_a_guard_sets_is_checked_as_what_people_type(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            return [Set(one, "count", -1) for one in event.changes if event.entity == "x_thing"]
    """)
    refused = ask(platform, "POST", THINGS, json={"name": "a"})
    assert [one["path"] for one in refused.json()["problems"]] == ["fields.count"]


def test_a_guard_that_raises_refuses_the_write_and_is_named(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            if event.entity == "x_thing":
                raise RuntimeError("out of paper")
    """)
    refused = ask(platform, "POST", THINGS, json={"name": "a"}).json()
    assert refused["code"] == "plugin.failed"
    assert "acme" in refused["problems"][0]["message"]
    assert "in before_change" in refused["problems"][0]["message"]
    assert "out of paper" in refused["problems"][0]["message"]
    assert ask(platform, "GET", THINGS).json()["items"] == []


def test_a_guard_that_answers_nonsense_refuses_the_write(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            return ["yes"] if event.entity == "x_thing" else []
    """)
    refused = ask(platform, "POST", THINGS, json={"name": "a"}).json()
    assert "expected Set or Refuse or Add, got str" in refused["problems"][0]["message"]


def test_a_guard_that_sets_an_unknown_field_is_named(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            return [Set(one, "wings", 2) for one in event.changes if event.entity == "x_thing"]
    """)
    refused = ask(platform, "POST", THINGS, json={"name": "a"}).json()
    assert (refused["code"], refused["problems"][0]["path"]) == ("plugin.failed", "fields.wings")
    assert "acme failed in before_change" in refused["detail"]


def test_no_guard_is_asked_about_what_a_guard_writes(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_change(ctx, event):
            if event.entity == "x_thing" and event.changes[0].new["name"] == "a":
                ctx.create("x_thing", {"name": "made by a guard"})
            elif event.entity == "x_thing":
                yield Refuse(None, "asked")
            yield from ()
    """)
    assert ask(platform, "POST", THINGS, json={"name": "a"}).status_code == 201
    names = [one["name"] for one in ask(platform, "GET", THINGS).json()["items"]]
    assert sorted(names) == ["a", "made by a guard"]


def test_hook_restrict_scope(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def restrict_scope(ctx, event):
            if event.entity == "x_thing":
                yield "kind_of != 'small'"
    """)
    for kind in ("big", "small"):
        body = {"name": kind, "kind_of": kind}
        ask(platform, "POST", THINGS, roles=("admin",), json=body)
    seen = ask(platform, "GET", THINGS, params={"count": "exact"}).json()
    assert ([one["name"] for one in seen["items"]], seen["count"]["value"]) == (["big"], 1)
    assert ask(platform, "GET", f"{THINGS}/2").status_code == 404
    assert ask(platform, "GET", f"{THINGS}/2", roles=("admin",)).status_code == 200


def test_a_restriction_that_breaks_lets_nobody_but_administrators_by(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def restrict_scope(ctx, event):
            if event.entity == "x_thing":
                yield "no_such_field == 1"
    """)
    ask(platform, "POST", THINGS, roles=("admin",), json={"name": "a"})
    assert ask(platform, "GET", THINGS).json()["items"] == []
    assert len(ask(platform, "GET", THINGS, roles=("admin",)).json()["items"]) == 1


def test_hook_before_publish(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def before_publish(ctx, event):
            if "entity/x_late" in event.documents:
                yield Refuse(None, "Not on a Friday")
    """)
    body = {"kind": "entity", "id": "x_late", "label": "Late", "title_field": "name",
            "fields": {"name": {"type": "text", "label": "Name"}}}  # fmt: skip
    planned = {"layer": "site", "documents": [{"format": 1, **body}]}
    plan = ask(platform, "POST", "/metadata/plan", roles=("admin",), json=planned).json()
    assert [one["message"] for one in plan["findings"]] == ["Not on a Friday"]
    asked = {"plan": plan["plan"]}
    refused = ask(platform, "POST", "/metadata/publish", roles=("admin",), json=asked)
    assert (refused.status_code, refused.json()["problems"][0]["message"]) == (
        422,
        "Not on a Friday",
    )
