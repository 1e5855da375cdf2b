"""Plugins: found without running them, ordered by what they need, kept apart when they break."""

import json
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from loopline.hooks import manifest as manifests
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import PLUGIN_GROUP, discover, locate
from loopline.meta.schemas import Schemas

SCHEMAS = Schemas()
GOOD = """
from pathlib import Path
from loopline.sdk import DocumentFolder, hookimpl

@hookimpl
def register_documents(ctx):
    return [DocumentFolder(Path(__file__).parent / ctx.plugin)]
"""


class Shelf:
    """Writes plugin packages and makes them look installed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.points: list[EntryPoint] = []

    def add(self, name: str, code: str = GOOD, **words: object) -> None:
        package = self.folder / f"acme_{name}"
        package.mkdir()
        (package / "__init__.py").touch()
        (package / "plugin.py").write_text(code, encoding="utf-8")
        manifest = {"id": name, "title": {"zh": name, "en": name}, "version": "1", **words}
        (package / "plugin.json").write_text(json.dumps(manifest), encoding="utf-8")
        self.points.append(EntryPoint(name, f"acme_{name}.plugin", PLUGIN_GROUP))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    made = Shelf(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(manifests, "entry_points", lambda group: made.points)
    for name in [name for name in sys.modules if name.startswith("acme_")]:
        monkeypatch.delitem(sys.modules, name)
    return made


def _documents(plugins: Plugins) -> dict[str, list[str]]:
    found = plugins.documents("zh", plugins.manifests)
    return {manifest.id: [folder.path.name for folder in folders] for manifest, folders in found}


def test_plugins_stand_after_what_they_need(shelf: Shelf) -> None:
    shelf.add("a", depends_on=["c"])
    shelf.add("b")
    shelf.add("c", depends_on=["b"])
    plugins = Plugins(discover(SCHEMAS))
    assert list(plugins.manifests) == ["b", "c", "a"]
    assert _documents(plugins) == {"b": ["b"], "c": ["c"], "a": ["a"]}


def test_nothing_of_a_plugin_runs_when_it_is_found(shelf: Shelf) -> None:
    shelf.add("a", "raise SystemExit('imported')")
    assert [one.id for one in discover(SCHEMAS).manifests] == ["a"]
    assert "acme_a.plugin" not in sys.modules


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise ValueError('no luck')", "import: ValueError: no luck"),
        ("import nothing_of_that_name", "import: ModuleNotFoundError"),
        ("def broken(:", "import: SyntaxError"),
        ("raise SystemExit('bye')", "import: SystemExit: bye"),
    ],
)
def test_a_plugin_that_cannot_be_imported_is_left_out(shelf: Shelf, code: str, why: str) -> None:
    shelf.add("bad", code)
    shelf.add("good")
    plugins = Plugins(discover(SCHEMAS))
    assert list(plugins.manifests) == ["good"]
    assert plugins.failures["bad"].startswith(why)


def test_a_hook_that_raises_leaves_only_its_plugin_out(shelf: Shelf) -> None:
    shelf.add("bad", GOOD.replace("return", "raise LookupError('late') #"))
    shelf.add("good")
    plugins = Plugins(discover(SCHEMAS))
    assert _documents(plugins) == {"good": ["good"]}
    assert plugins.failures == {"bad": "register_documents: LookupError: late"}


def test_a_hook_nobody_specified_is_refused(shelf: Shelf) -> None:
    shelf.add("bad", GOOD.replace("register_documents", "register_wishes"))
    assert "bad" in Plugins(discover(SCHEMAS)).failures


def test_a_plugin_without_its_dependency_says_so(shelf: Shelf) -> None:
    shelf.add("a", depends_on=["b"])
    shelf.add("b", depends_on=["missing"])
    shelf.add("c")
    found = discover(SCHEMAS)
    assert [one.id for one in found.manifests] == ["c"]
    assert found.failures["a"].startswith("depends on missing")
    assert found.failures["b"].startswith("depends on missing")


def test_a_plugin_that_requires_another_version_says_so(shelf: Shelf) -> None:
    shelf.add("a", requires={"loopline": ">=99"})
    shelf.add("b", depends_on=["a"])
    shelf.add("c", requires={"loopline": ">=0.1", "d": ">=2"})
    shelf.add("d", requires={"loopline": ">=0.1,<99"})
    shelf.add("e", requires={"loopline": "new enough"})
    found = discover(SCHEMAS)
    assert [one.id for one in found.manifests] == ["d"]
    assert found.failures["a"].startswith("requires loopline >=99, and here it is ")
    assert found.failures["b"] == "depends on a, which is not available"
    assert found.failures["c"] == "requires d >=2, and here it is 1"
    assert "requires.loopline: pack.range" in found.failures["e"]


def test_plugins_that_need_each_other_are_left_out(shelf: Shelf) -> None:
    shelf.add("a", depends_on=["b"])
    shelf.add("b", depends_on=["a"])
    shelf.add("c")
    found = discover(SCHEMAS)
    assert [one.id for one in found.manifests] == ["c"]
    assert found.failures.keys() == {"a", "b"}


@pytest.mark.parametrize(
    "words", [{"id": "other"}, {"version": 1}, {"surprise": True}, {"title": ["a"]}]
)
def test_a_manifest_that_does_not_fit_is_named(shelf: Shelf, words: dict[str, object]) -> None:
    shelf.add("bad", **words)
    assert discover(SCHEMAS).failures["bad"]


def test_blocked_plugins_are_not_seen(shelf: Shelf) -> None:
    shelf.add("a")
    shelf.add("b")
    assert [one.id for one in discover(SCHEMAS, frozenset({"a"})).manifests] == ["b"]
    assert discover(SCHEMAS, frozenset({"*"})).manifests == ()


def test_a_package_that_is_not_there_is_refused() -> None:
    with pytest.raises(FileNotFoundError):
        locate("nothing_of_that_name.plugin")
