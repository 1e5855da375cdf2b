"""Declaring hooks: documents, kinds, actions, pages, jobs and commands of a plugin."""

from click.testing import CliRunner

from hooks.site_crawl import Crawler
from loopline.cli.main import main
from loopline.services.plugin_states import disable, plugin_states

THINGS = "/records/x_thing"


def test_hook_register_documents(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_documents(ctx):
            field = {"type": "text", "label": {"zh": "颜色", "en": "Colour"}}
            yield Document("entity", "team", {"extend": True, "fields": {"acme__hue": field}})
    """)
    body = {"name": "a", "acme__hue": "red"}
    made = ask(platform, "POST", "/records/team", roles=("admin",), json=body).json()
    assert made["acme__hue"] == "red"


def test_hook_register_kinds(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_kinds(ctx):
            entity = {"type": "string", "x-ref": "entity"}
            when = {"type": "string", "x-expr": True}
            schema = {"properties": {"entity": entity, "when": when}}
            yield Kind(id="acme_rule", label=Label({"zh": "规则", "en": "Rule"}), schema=schema)

        @hookimpl
        def register_documents(ctx):
            yield Document("acme_rule", "large", {"entity": "team", "when": "is_blank(lead)"})

        @hookimpl
        def register_pages(ctx):
            def rules(ctx, request):
                return Json([one.body["when"] for one in ctx.documents("acme_rule")])
            yield Page(path="/api/v1/acme/rules", handler=rules)
    """)
    assert ask(platform, "GET", "/acme/rules").json() == ["is_blank(lead)"]
    bad = {"kind": "acme_rule", "id": "x_bad", "format": 1, "entity": "x_thing", "when": "cost > 5"}
    planned = {"layer": "site", "documents": [bad]}
    found = ask(platform, "POST", "/metadata/plan", roles=("admin",), json=planned).json()
    assert [one["code"] for one in found["findings"]] == ["expr.unknown_field"]


ACTION = """
    def paint(ctx, records, settings):
        for one in records:
            ctx.update(one.entity, one.id, {"note": settings["colour"]})
        return Result(Label({"zh": "好了", "en": "Painted"}), data={"count": len(records)})

    SCHEMA = {"type": "object", "properties": {"colour": {"type": "string"}},
              "required": ["colour"], "additionalProperties": False}

    @hookimpl
    def register_actions(ctx):
        yield Action(id="paint", label=Label({"zh": "上色", "en": "Paint"}), entity="x_thing",
                     run=paint, settings=SCHEMA, shown_if="is_blank(note)")
"""


def test_hook_register_actions(grow, ask) -> None:
    platform = grow(ACTION)
    ask(platform, "POST", THINGS, json={"name": "a"})
    offered = ask(platform, "GET", f"{THINGS}/1/actions").json()["items"]
    assert "paint" in [one["id"] for one in offered]
    unfit = ask(platform, "POST", f"{THINGS}/1/actions/paint", json={"colour": 3, "size": 1})
    assert unfit.status_code == 422
    assert [(one["path"], one["message"]) for one in unfit.json()["problems"]] == [
        ("settings.size", "There is no setting size; there are: colour"),
        ("settings.colour", "Colour has to be a text."),
    ]
    missing = ask(platform, "POST", f"{THINGS}/1/actions/paint", json={}).json()["problems"]
    assert [(one["path"], one["code"]) for one in missing] == [
        ("settings.colour", "field.required")
    ]
    done = ask(platform, "POST", f"{THINGS}/1/actions/paint", json={"colour": "red"}).json()
    assert (done["message"], done["data"]) == ("Painted", {"count": 1})
    assert ask(platform, "GET", f"{THINGS}/1").json()["note"] == "red"
    again = ask(platform, "POST", f"{THINGS}/1/actions/paint", json={"colour": "blue"})
    assert again.json()["problems"][0]["code"] == "action.not_now"


def test_an_action_that_does_not_fit_the_release_is_not_offered(grow, ask, caplog) -> None:
    platform = grow(ACTION.replace("is_blank(note)", "is_blank(colour_to_come)"))
    crawler = Crawler(platform)
    ask(platform, "POST", THINGS, json={"name": "a"})
    with caplog.at_level("ERROR"):
        assert [crawler.client.get("/records/x_thing/1").status_code for _ in range(2)] == [200] * 2
    offered = ask(platform, "GET", f"{THINGS}/1/actions").json()["items"]
    assert "paint" not in [one["id"] for one in offered]
    refused = ask(platform, "POST", f"{THINGS}/1/actions/paint", json={"colour": "red"})
    assert refused.json()["problems"][0]["code"] == "action.unusable"
    assert len([one for one in caplog.messages if "colour_to_come" in one]) == 1


def test_an_action_is_done_by_those_whose_role_names_it(grow, ask) -> None:
    role = """
    @hookimpl
    def register_documents(ctx):
        grants = {"things": {"entity": "x_thing", "actions": ["read", "create"]}}
        yield Document("role", "reader", {"label": "Reader", "grants": grants})
    """
    platform = grow(ACTION + role)
    ask(platform, "POST", THINGS, roles=("reader",), json={"name": "a"})
    given = {"roles": ("reader",), "json": {"colour": "red"}}
    refused = ask(platform, "POST", f"{THINGS}/1/actions/paint", **given)
    assert (refused.status_code, refused.json()["code"]) == (403, "auth.record_forbidden")
    assert "but not do “Paint” to it" in refused.json()["detail"]


def test_hook_register_pages(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_pages(ctx):
            def hello(ctx, request):
                return Json({"query": dict(request.query), "things": ctx.count("x_thing")})
            yield Page(path="/api/v1/acme/hello", handler=hello, permission="x_thing:read")
            yield Page(path="/api/v1/acme/keys", handler=hello, permission="administrator")
    """)
    assert ask(platform, "GET", "/acme/hello?a=1").json() == {"query": {"a": "1"}, "things": 0}
    assert ask(platform, "GET", "/acme/hello", roles=()).status_code == 403
    assert ask(platform, "GET", "/acme/keys").status_code == 403
    with platform.write() as ctx:
        disable(ctx, platform.shelf, "acme")
    assert ask(platform, "GET", "/acme/hello").status_code == 404


def test_a_page_leads_nowhere_but_within_the_site(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_pages(ctx):
            def lead(ctx, request):
                return Redirect(request.query["to"])
            yield Page(path="/api/v1/acme/on", handler=lead)
    """)
    for away in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1", ""):
        refused = ask(platform, "GET", "/acme/on", params={"to": away}, follow_redirects=False)
        assert (refused.status_code, refused.json()["code"]) == (422, "plugin.failed")
    led = ask(platform, "GET", "/acme/on", params={"to": "/records/a?b"}, follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (303, "/records/a?b")


def test_hook_register_jobs(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_jobs(ctx):
            def count(ctx, payload):
                ctx.create("x_thing", {"name": payload["name"]})
            yield Job(kind="acme.count", run=count)

        @hookimpl
        def register_pages(ctx):
            def start(ctx, request):
                first = ctx.enqueue("acme.count", {"name": "by a job"}, unique_key="one")
                return Json([first, ctx.enqueue("acme.count", {"name": "x"}, unique_key="one")])
            yield Page(path="/api/v1/acme/start", handler=start, methods=("POST",))
    """)
    assert ask(platform, "POST", "/acme/start").json() == [True, False]
    platform.worker().run_due()
    assert [o["name"] for o in ask(platform, "GET", THINGS).json()["items"]] == ["by a job"]


def test_hook_register_commands(grow, site, monkeypatch) -> None:
    grow("""
        import click

        @click.command("hello-acme")
        def hello() -> None:
            click.echo("hello")

        @click.command("serve")
        def serve() -> None:
            click.echo("mine")

        @hookimpl
        def register_commands(ctx):
            return [hello, serve]
    """)
    monkeypatch.setenv("LOOPLINE_SITE", str(site))
    monkeypatch.setenv("LOOPLINE_LANGUAGE", "en")
    found = CliRunner().invoke(main, ["hello-acme"])
    assert (found.exit_code, found.stdout) == (0, "hello\n")
    assert "serve of the plugin acme is left out" in found.stderr
    assert "hello-acme" in CliRunner().invoke(main, ["--help"]).output


def test_hook_register_approval_steps(grow) -> None:
    platform = grow("""
        @hookimpl
        def register_approval_steps(ctx):
            def decide(ctx, approval, record):
                return Approved()
            yield ApprovalStep(id="acme.check", label=Label({"zh": "检查", "en": "Check"}),
                               decide=decide)
    """)
    assert [one.id for one in platform.plugins.approval_steps["acme"]] == ["acme.check"]


def test_hook_register_report_widgets(grow, ask) -> None:
    platform = grow("""
        @hookimpl
        def register_report_widgets(ctx):
            def count(ctx, settings):
                where = f"id > {settings['above']}"
                asked = {"aggregate": "count", "where": where}
                return {"dataset": {"entity": "team"}, "measures": {"n": asked}}
            above = {"properties": {"above": {"type": "integer"}}, "required": ["above"]}
            yield ReportWidget(id="teams", label=Label({"zh": "团队", "en": "Teams"}),
                               query=count, settings=above)

        @hookimpl
        def register_pages(ctx):
            def show(ctx, request):
                grid = ctx.widgets.ask(request.path["name"], dict(request.json))
                return Json([list(ctx.widgets.all()), grid.totals or grid.rows[0].values[0]])
            yield Page(path="/api/v1/acme/widgets/{name}", handler=show, methods=("POST",))
    """)
    shown = "/acme/widgets/acme.teams"
    assert ask(platform, "POST", shown, json={"above": 0}).json() == [["acme.teams"], 0]
    refused = ask(platform, "POST", shown, json={"above": "x"})
    assert (refused.status_code, refused.json()["problems"][0]["code"]) == (422, "metadata.invalid")
    assert ask(platform, "POST", "/acme/widgets/acme.none", json={}).status_code == 404


def test_a_plugin_whose_declaration_raises_is_quarantined(grow) -> None:
    platform = grow(
        """
        @hookimpl
        def register_actions(ctx):
            raise RuntimeError("no")
        """,
        enabled=False,
    )
    assert platform.plugins.actions == {}
    with platform.read() as ctx:
        states = {one.id: (one.state, one.reason) for one in plugin_states(ctx, platform.plugins)}
    assert states["acme"] == ("failed", "register_actions: RuntimeError: no")
