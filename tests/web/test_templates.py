import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from importlib import import_module
from pkgutil import iter_modules

import jinja2
import pytest
from jinja2 import meta, nodes
from starlette.requests import Request

import loopline.web.contexts as package
from loopline.language import Messages
from loopline.web.contexts.shell import PageContext
from loopline.web.rendering import TEMPLATES, Renderer
from web import samples

MODULES = [
    import_module(f"{package.__name__}.{one.name}") for one in iter_modules(package.__path__)
]
DATACLASSES = sorted(
    {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and is_dataclass(one) and one.__module__ == module.__name__
    },
    key=lambda one: one.__qualname__,
)
PAGES = [one for one in DATACLASSES if issubclass(one, PageContext) and one is not PageContext]
SAMPLES = [one for language in ("zh", "en") for one in samples.contexts(language)]


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(Messages())


def get(**headers: str) -> Request:
    pairs = [
        (name.replace("_", "-").lower().encode(), text.encode()) for name, text in headers.items()
    ]
    return Request({"type": "http", "method": "GET", "path": "/", "headers": pairs})


FRAMES = {"pages/plugin_page.html", "pages/portal_page.html"}
"""Draw whatever template a plugin's page names: the names that cannot be written out."""


def parts_of(
    environment: jinja2.Environment, name: str, seen: set[str]
) -> Iterator[nodes.Template]:
    """Yield the syntax tree of a template and of all that it includes and extends."""
    seen.add(name)
    source, _, _ = environment.loader.get_source(environment, name)
    tree = environment.parse(source)
    yield tree
    for other in meta.find_referenced_templates(tree):
        if name in FRAMES and other is None:
            continue
        assert other, f"{name} includes a template whose name is not written out"
        if other not in seen:
            yield from parts_of(environment, other, seen)


def imported_names(tree: nodes.Template) -> set[str]:
    pairs = [one for found in tree.find_all(nodes.FromImport) for one in found.names]
    return {one[1] if isinstance(one, tuple) else one for one in pairs} | {
        found.target for found in tree.find_all(nodes.Import)
    }


def names_in(environment: jinja2.Environment, template: str) -> set[str]:
    used = set()
    for tree in parts_of(environment, template, set()):
        used |= meta.find_undeclared_variables(tree) - imported_names(tree)
    return used - environment.globals.keys()


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.__name__)
def test_a_page_uses_exactly_the_fields_of_its_context(renderer: Renderer, page: type) -> None:
    assert names_in(renderer.environment("zh"), page.template) == {one.name for one in fields(page)}


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.__name__)
def test_no_import_hides_a_field(renderer: Renderer, page: type) -> None:
    trees = parts_of(renderer.environment("zh"), page.template, set())
    assert set().union(*map(imported_names, trees)) & {one.name for one in fields(page)} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda one: one.__name__)
def test_a_fragment_is_part_of_its_page_with_its_id(renderer: Renderer, page: type) -> None:
    seen: set[str] = set()
    list(parts_of(renderer.environment("zh"), page.template, seen))
    for region, fragment in page.fragments.items():
        assert fragment in seen
        assert f' id="{region}"' in (TEMPLATES / fragment).read_text("utf-8")


@pytest.mark.parametrize("one", DATACLASSES, ids=lambda one: one.__qualname__)
def test_every_field_of_a_context_has_help(one: type) -> None:
    assert [field.name for field in fields(one) if not field.metadata.get("help")] == []


def test_every_template_belongs_to_a_page(renderer: Renderer) -> None:
    seen: set[str] = set()
    for page in PAGES:
        list(parts_of(renderer.environment("zh"), page.template, seen))
    files = {one.relative_to(TEMPLATES).as_posix() for one in TEMPLATES.rglob("*.html")}
    assert files - seen == set()


@pytest.mark.parametrize("context", SAMPLES, ids=lambda one: f"{one.template}-{one.shell.language}")
def test_a_page_can_be_drawn(renderer: Renderer, context: PageContext) -> None:
    page = renderer.render(get(), context).body.decode()
    assert "<!doctype html>" in page
    assert "ui." not in re.sub(r'href="[^"]*"', "", page), "a word without text"


def test_every_word_a_template_asks_for_has_a_text() -> None:
    asked = set()
    for file in TEMPLATES.rglob("*.html"):
        asked |= set(
            re.findall(r"""\bt\(["'](ui\.[a-z0-9_.]*[a-z0-9_])["']""", file.read_text("utf-8"))
        )
    assert asked - Messages().keys("zh") == set()


def test_no_template_holds_script_or_handlers() -> None:
    bad = re.compile(r"<script(?![^>]* src=)|\son[a-z]+=|hx-on|javascript:")
    texts = {one.name: one.read_text("utf-8") for one in TEMPLATES.rglob("*.html")}
    assert [name for name, text in texts.items() if bad.search(text)] == []
