import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from starlette.requests import Request

from loopline.language import Messages
from loopline.web.rendering import STATIC, Renderer, StaticAddresses, wanted_region
from web import samples

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "section#list"}


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Messages())


def get(headers: dict[str, str] | None = None) -> Request:
    pairs = [(name.lower().encode(), text.encode()) for name, text in (headers or {}).items()]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": pairs})


def test_a_partial_request_gets_the_region_it_targets(renderer: Renderer) -> None:
    body = renderer.render(get(PARTIAL), samples.list_context()).body.decode()
    assert body.lstrip().startswith('<section class="list" id="list"')


def test_a_region_the_page_does_not_have_gets_the_page(renderer: Renderer) -> None:
    asked = get({**PARTIAL, "HX-Target": "div#elsewhere"})
    assert b"<!doctype html>" in renderer.render(asked, samples.list_context()).body


def test_restoring_the_history_gets_the_page(renderer: Renderer) -> None:
    asked = get({**PARTIAL, "HX-Request-Type": "full"})
    assert b"<!doctype html>" in renderer.render(asked, samples.list_context()).body


def test_the_region_of_a_page_is_the_same_as_the_swapped_one(renderer: Renderer) -> None:
    context = samples.list_context()
    region = renderer.render(get(PARTIAL), context).body.decode().strip()
    assert region in renderer.render(get(), context).body.decode()


def test_an_answer_varies_on_what_it_depends_on(renderer: Renderer) -> None:
    answer = renderer.render(get(), samples.list_context("en"), status=422)
    assert answer.status_code == 422
    assert answer.headers["Vary"] == "HX-Request-Type, HX-Target, Cookie"
    assert answer.headers["Content-Language"] == "en"


def test_the_page_says_its_language(renderer: Renderer) -> None:
    assert b'<html lang="zh-CN">' in renderer.render(get(), samples.list_context("zh")).body


def test_what_people_typed_is_escaped(renderer: Renderer) -> None:
    assert b"&lt;b&gt;&amp;" in renderer.render(get(), samples.form_context()).body


def test_an_encoded_target_is_read() -> None:
    assert wanted_region(get({**PARTIAL, "HX-Target": "div#a%20b"})) == "a b"


def test_a_site_overrides_a_template_by_name(tmp_path: Path) -> None:
    (tmp_path / "errors").mkdir()
    (tmp_path / "errors" / "error.html").write_text("{{ title }} here", encoding="utf-8")
    renderer = Renderer(Messages(), site=tmp_path)
    assert renderer.render(get(), samples.error_context()).body == "找不到这一页 here".encode()


def test_a_plugin_adds_templates_under_its_name(tmp_path: Path) -> None:
    (tmp_path / "bare.html").write_text("mine", encoding="utf-8")
    environment = Renderer(Messages(), plugins={"acme": tmp_path}).environment("en")
    assert environment.get_template("acme/bare.html").render() == "mine"
    assert environment.get_template("bare.html").filename != str(tmp_path / "bare.html")


def test_an_unknown_name_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text("{{ nobody }}", encoding="utf-8")
    template = Renderer(Messages(), site=tmp_path).environment("en").get_template("a.html")
    with pytest.raises(UndefinedError):
        template.render()


def test_the_address_of_a_file_changes_with_its_content(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a{}", encoding="utf-8")
    before = StaticAddresses(tmp_path)("a.css")
    file.write_text("b{}", encoding="utf-8")
    assert StaticAddresses(tmp_path)("a.css") != before


def test_a_cold_list_page_stays_under_its_budget(renderer: Renderer) -> None:
    page = renderer.render(get(), samples.list_context()).body.decode()
    loaded = set(re.findall(r'(?:src|href)="/static/([^"?#]+)', page))
    assert {"vendor/htmx.min.js", "components.css", "icons.svg"} <= loaded
    assert loaded.isdisjoint({"vendor/sortable.min.js", "board.js"})  # for boards alone
    assert len(page.encode()) + sum((STATIC / name).stat().st_size for name in loaded) <= 200_000


def test_scripts_and_styles_load_nothing_that_pages_do_not_name() -> None:
    found = [file for file in STATIC.glob("*") if file.suffix in {".js", ".css"}]
    further = re.compile(r"""\bimport\b\s*[("'{*]|@import|url\(""")
    assert [one.name for one in found if further.search(one.read_text("utf-8"))] == []
