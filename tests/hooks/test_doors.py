"""Doors of plugins: links for visitors, messages, files and print."""

import re
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from loopline.web.app import create_app

THINGS = "/records/x_thing"
CODE = """
    def share(ctx, request):
        secret = ctx.portal.share("offer", "x_thing", int(request.query["id"]), days=30)
        return Json({"secret": secret})

    def withdraw(ctx, request):
        ctx.portal.withdraw("offer", "x_thing", int(request.query["id"]))
        return Json({})

    def look(ctx, request):
        purpose = request.query.get("as", "offer")
        thing = ctx.portal.opened(purpose, request.path["secret"])
        return Template("offer.html", {"name": thing.value("name"), "who": ctx.actor.id})

    def accept(ctx, request):
        thing = ctx.portal.opened("offer", request.path["secret"])
        whole = ctx.elevated("accepted by its link")
        whole.update("x_thing", thing.id, {"note": request.form["said"]})
        return Redirect(f"/offer/{request.path['secret']}")

    def tell(ctx, request):
        thing = ctx.get("x_thing", 1)
        sent = [ctx.messages.mail("ada@example.com", "Hello", "there", key="one") for _ in "ab"]
        users = [one.id for one in ctx.elevated("all").find("user")]
        told = ctx.messages.notify(users, Label({"zh": "看", "en": "Look here"}), thing)
        return Json({"sent": sent, "told": len(told)})

    def stored(ctx, request):
        number = ctx.files.keep("a.txt", "你好".encode())
        return Json({"content": ctx.files.read(number).decode()})

    def printed(ctx, request):
        return File(content=ctx.files.pdf(request.query["template"], {"title": "报价单 #x["}),
                    name="offer.pdf", media_type="application/pdf")

    @hookimpl
    def register_pages(ctx):
        for name, handler in {"share": share, "withdraw": withdraw, "tell": tell,
                              "stored": stored, "printed": printed}.items():
            yield Page(path=f"/api/v1/acme/{name}", handler=handler, methods=("POST",))
        yield Page(path="/offer/{secret}", handler=look, permission="public")
        yield Page(path="/offer/{secret}", handler=accept, methods=("POST",), permission="public")
"""


@pytest.fixture
def platform(grow, ask, site):
    platform = grow(CODE)
    templates, prints = site / "plugins" / "templates", site / "plugins" / "print"
    templates.mkdir()
    prints.mkdir()
    (templates / "offer.html").write_text("<p>{{ page.name }} for {{ page.who }}</p>")
    data = "#let data = json(bytes(sys.inputs.data))\n"
    (prints / "offer.typ").write_text(f'{data}#set text(font: "Noto Sans CJK SC")\n= #data.title')
    (prints / "wrong.typ").write_text("#missing")
    (prints / "out.typ").write_text('#read("/etc/hostname")')
    ask(platform, "POST", THINGS, json={"name": "Lamp"})
    return platform


@pytest.fixture
def visitor(platform):
    with TestClient(create_app(platform), base_url="http://localhost") as client:
        yield client


@pytest.fixture
def secret(platform, ask) -> str:
    return ask(platform, "POST", "/acme/share?id=1").json()["secret"]


def test_a_link_opens_its_record_for_its_purpose(platform, visitor, secret) -> None:
    shown = visitor.get(f"/offer/{secret}?lang=en")
    assert "<p>Lamp for None</p>" in shown.text
    assert shown.headers["referrer-policy"] == "no-referrer"
    assert visitor.get(f"/offer/{secret}?as=other").status_code == 404
    assert visitor.get("/offer/unknown").status_code == 404
    assert secret not in str(_links(platform))


def test_a_link_ends(platform, visitor, secret, ask, clock) -> None:
    ask(platform, "POST", "/acme/withdraw?id=1")
    assert visitor.get(f"/offer/{secret}").status_code == 404
    fresh = ask(platform, "POST", "/acme/share?id=1").json()["secret"]
    clock.move(timedelta(days=31))
    ended = visitor.get(f"/offer/{fresh}?lang=en")
    assert (ended.status_code, "This link has ended" in ended.text) == (404, True)


def test_a_visitor_acts_by_the_link_alone(platform, visitor, secret, ask) -> None:
    done = visitor.post(f"/offer/{secret}", data={"said": "yes"}, follow_redirects=False)
    assert (done.status_code, done.headers["location"]) == (303, f"/offer/{secret}")
    assert ask(platform, "GET", f"{THINGS}/1").json()["note"] == "yes"
    with platform.read() as ctx:
        rows = ctx.connection.exec_driver_sql("select via, source from ll_change order by id").all()
    assert tuple(rows[-1]) == ("portal", "for acme: accepted by its link")


def test_posts_are_limited_by_address(visitor, secret, monkeypatch) -> None:
    monkeypatch.setattr("loopline.web.pages.portal.MOST_POSTS", 2)
    posts = [
        visitor.post(f"/offer/{secret}", data={"said": "x"}, follow_redirects=False)
        for _ in range(3)
    ]
    assert [one.status_code for one in posts] == [303, 303, 429]
    assert posts[-1].headers["retry-after"] == "3600"


def test_people_are_told_once(platform, ask) -> None:
    reader = {"roles": ("admin",)}
    assert ask(platform, "GET", "/notifications", **reader).json()["items"] == []
    assert ask(platform, "POST", "/acme/tell").json()["sent"] == [True, False]
    assert ask(platform, "POST", "/acme/tell").json()["sent"] == [False, False]
    mine = ask(platform, "GET", "/notifications", **reader).json()["items"]
    assert [one["text"] for one in mine] == ["Look here"]


def test_files_are_kept_and_read(platform, ask) -> None:
    assert ask(platform, "POST", "/acme/stored").json() == {"content": "你好"}


def test_print_gives_the_same_pages_from_data(platform, ask) -> None:
    page = ask(platform, "POST", "/acme/printed?template=offer.typ")
    assert page.content.startswith(b"%PDF-")
    again = ask(platform, "POST", "/acme/printed?template=offer.typ")
    assert re.sub(rb"/ID.*|<xmp.*|D:\d+", b"", page.content) == re.sub(
        rb"/ID.*|<xmp.*|D:\d+", b"", again.content
    )


@pytest.mark.parametrize(
    ("template", "status", "code"),
    [
        ("absent.typ", 404, "print.no_template"),
        ("../acme.py", 404, "print.no_template"),
        ("wrong.typ", 422, "print.failed"),
        ("out.typ", 422, "print.failed"),
    ],
)
def test_print_stays_within_its_folder(platform, ask, template, status, code) -> None:
    found = ask(platform, "POST", f"/acme/printed?template={template}")
    assert (found.status_code, found.json()["code"]) in {(status, code), (status, "not_valid")}
    assert code in found.text


def _links(platform) -> list:
    with platform.read() as ctx:
        return ctx.connection.exec_driver_sql("select * from ll_portal_link").all()
