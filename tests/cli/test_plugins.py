"""``loopline plugin``: begun, checked, listed, as people call it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from loopline.cli.main import main
from loopline.testing.fixtures import blocked_plugins

__all__ = ["blocked_plugins"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Answer a file: nothing here depends on the database."""
    return sqlite_url


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answer the folder of a new plugin, written once."""
    folder = tmp_path_factory.mktemp("new")
    made = CliRunner().invoke(main, ["plugin", "new", "visits", "--dir", str(folder)])
    assert made.exit_code == 0, made.stderr
    return folder / "loopline-visits"


@pytest.fixture
def project(written: Path, tmp_path: Path) -> Path:
    """Answer a copy of it."""
    return shutil.copytree(written, tmp_path / "loopline-visits")


@pytest.fixture
def package(project: Path) -> Path:
    return project / "loopline_visits"


def test_a_new_plugin_has_nothing_wrong(run, project) -> None:
    found = run("plugin", "check", project)
    assert (found.exit_code, found.stderr) == (0, "")
    assert "visits 0.1.0: nothing wrong with 2 documents" in found.stdout
    assert "before_change" in found.stdout


def test_a_new_plugin_may_add_a_field_to_an_entity(run, tmp_path) -> None:
    told = run("plugin", "new", "shoes", "--entity", "customer", "--dir", tmp_path, "--json")
    folder = Path(json.loads(told.stdout)["folder"])
    manifest = json.loads((folder / "loopline_shoes" / "plugin.json").read_text("utf-8"))
    assert manifest["depends_on"] == ["base"]
    found = json.loads(run("plugin", "check", folder, "--json").stdout)
    assert (found["id"], found["documents"], found["errors"]) == ("shoes", 1, [])


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("Shoes",), "NAME: Shoes"),
        (("leads",), "NAME: There is a plugin leads"),
        (("customer",), "NAME: There is an entity customer"),
        (("shoes", "--entity", "nowhere"), "--entity: There is no entity nowhere"),
    ],
)
def test_a_new_plugin_that_cannot_be_is_refused(run, tmp_path, words, place) -> None:
    refused = run("plugin", "new", *words, "--dir", tmp_path)
    assert (refused.exit_code, refused.stderr.startswith(place)) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_left_alone(run, project) -> None:
    refused = run("plugin", "new", "visits", "--dir", project.parent)
    assert (refused.exit_code, "exists" in refused.stderr) == (1, True)


@pytest.mark.timeout(120)
def test_a_new_plugin_is_built_installed_and_passes_its_tests(project, tmp_path) -> None:
    installed = tmp_path / "site-packages"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-build-isolation", "--no-deps"]
    subprocess.run([*pip, "--target", installed, project], check=True, capture_output=True)
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", project / "tests"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert tested.returncode == 0, tested.stdout[-3000:]
    assert "6 passed" in tested.stdout


@pytest.mark.parametrize(
    ("points", "what"),
    [("", "names no plugin"), ('one = "a.plugin"\ntwo = "b.plugin"', "several plugins (one, two)")],
)
def test_a_project_of_no_plugin_or_of_several_is_told(run, tmp_path, points, what) -> None:
    text = f'[project]\nname = "a"\n[project.entry-points."loopline.plugins"]\n{points}\n'
    (tmp_path / "pyproject.toml").write_text(text, encoding="utf-8")
    found = run("plugin", "check", tmp_path)
    assert (found.exit_code, what in found.stderr) == (1, True)


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text("utf-8") + text, encoding="utf-8")


BROKEN = """

from loopline.errors import NotFound
from loopline.sdk import Action, Job, Label


@hookimpl
def register_actions(ctx):
    raise LookupError("no actions today")


@hookimpl
def register_pages(ctx):
    return ["a page"]
"""


VIEW = """---
kind: view
id: bad
format: 1
type: list
label: {zh: 坏, en: Bad}
entity: visits
columns: {wings: {}}
"""


def test_every_problem_of_a_plugin_is_named_with_its_place(run, package) -> None:
    (package / "README.md").unlink()
    _append(package / "plugin.py", BROKEN)
    document = package / "documents" / "visits.yaml"
    _append(document, VIEW)
    found = run("plugin", "check", package, "--json")
    assert found.exit_code == 1
    errors = json.loads(found.stdout)["errors"]
    told = {(one["path"], one["code"]) for one in errors}
    code = (package / "plugin.py").read_text("utf-8").splitlines()
    raising = 1 + next(n for n, line in enumerate(code) if "raise LookupError" in line)
    importing = 1 + next(n for n, line in enumerate(code) if "loopline.errors" in line)
    assert ("README.md", "plugin.no_readme") in told
    assert (f"plugin.py:{importing}", "plugin.foreign_import") in told
    assert (f"plugin.py:{raising}", "plugin.raises") in told
    assert ("plugins.visits", "plugin.raises") in told  # the kernel counts what it was given
    columns = 1 + document.read_text("utf-8").splitlines().index("columns: {wings: {}}")
    assert (f"visits.yaml:{columns} view/bad columns.wings", "metadata.no_field") in told


@pytest.mark.parametrize(
    ("code", "place", "what"),
    [
        ("\n1 / 0\n", "plugin.py:", "ZeroDivisionError"),
        ("\ndef broken(:\n", "plugin.py:", "SyntaxError"),
        ("\n@hookimpl\ndef register_wishes(ctx): ...\n", "plugins.visits", "register_wishes"),
    ],
)
def test_a_plugin_that_cannot_be_imported_says_where(run, package, code, place, what) -> None:
    _append(package / "plugin.py", code)
    found = run("plugin", "check", package)
    assert (found.exit_code, found.stderr.startswith(place)) == (1, True)
    assert what in found.stderr


@pytest.mark.parametrize(
    ("manifest", "place"),
    [
        ("{", "plugin.json:1"),
        ('["visits"]', "plugin.json"),
        ('{"id": "other", "title": {"zh": "甲"}, "version": "1"}', "plugin.json id"),
        ('{"id": "visits", "title": {"zh": "甲"}, "version": "1"}', "plugin.json title"),
        (
            '{"id": "visits", "title": "V", "version": "1", "depends_on": ["nowhere"]}',
            "plugin.json depends_on",
        ),
    ],
)
def test_a_manifest_that_does_not_fit_says_where(run, package, manifest, place) -> None:
    (package / "plugin.json").write_text(manifest, encoding="utf-8")
    found = run("plugin", "check", package)
    assert found.exit_code == 1
    assert any(line.startswith(f"{place}: ") for line in found.stderr.splitlines())


DECLARED = """
from loopline.sdk import Action, Job, Label, hookimpl

def nothing(*_): ...

@hookimpl
def register_actions(ctx):
    label = Label({"zh": "做", "en": "Do"})
    yield Action(id="one", label=label, run=nothing, entity="nowhere")
    yield Action(id="two", label=label, run=nothing, entity="customer", shown_if="wings > 2")

@hookimpl
def register_jobs(ctx):
    yield Job(kind="acme.often", run=nothing, every="often")
"""


def test_a_plugin_of_one_file_in_the_site_is_checked_by_its_name(on_site, site) -> None:
    words = {"id": "acme", "title": {"zh": "甲", "en": "Acme"}, "version": "1"}
    (site / "plugins" / "acme.json").write_text(json.dumps(words), encoding="utf-8")
    (site / "plugins" / "acme.py").write_text(DECLARED, encoding="utf-8")
    found = on_site("plugin", "check", "acme")
    assert found.exit_code == 1
    places = [line.partition(": ")[0] for line in found.stderr.splitlines()]
    assert places == ["action one entity", "action two shown_if", "job acme.often every"]


LEADING_NOWHERE = """
from loopline.sdk import Document, Label, ReportWidget, hookimpl

COUNT = {"n": {"aggregate": "count"}}

@hookimpl
def register_documents(ctx):
    sections = {"a": {"fields": {"name": {}}}, "b": {"label": "B", "fields": {"wings": {}}}}
    yield Document("form", "acme", {"entity": "lead", "label": "A", "sections": sections})
    steps = {"a": {"kind": "acme.gone"}, "b": {"approvers": {"x": {"role": "nobody"}}}}
    approval = {"entity": "lead", "locks": ["name"], "steps": steps}
    yield Document("approval", "acme", {"label": "A", **approval})
    asked = {"dataset": {"entity": "lead"}, "dimensions": {"x": {"field": "wings"}}}
    yield Document("report", "acme", {"label": "A", **asked, "measures": COUNT})
    parts = {"a": {"widget": "acme.gone"}, "b": {"report": "gone"}}
    yield Document("dashboard", "acme", {"label": "A", "widgets": parts})

def flying(ctx, settings):
    return {"dataset": {"entity": "bird"}, "measures": COUNT}

@hookimpl
def register_report_widgets(ctx):
    yield ReportWidget(id="flying", label=Label({"zh": "飞", "en": "Fly"}), query=flying)
"""


def test_what_documents_of_code_name_in_vain_is_told_with_the_code(on_site, site) -> None:
    words = {"id": "acme", "title": {"zh": "甲", "en": "Acme"}, "version": "1"}
    words["depends_on"] = ["leads", "reports"]
    (site / "plugins" / "acme.json").write_text(json.dumps(words), encoding="utf-8")
    (site / "plugins" / "acme.py").write_text(LEADING_NOWHERE, encoding="utf-8")
    found = on_site("plugin", "check", "acme", "--json")
    told = {one["path"]: one["code"] for one in json.loads(found.stdout)["errors"]}
    giving, asking = (1 + LEADING_NOWHERE.splitlines().index(one) for one in _HEADS)
    assert found.exit_code == 1
    assert told == {
        f"acme.py:{giving} register_documents form/acme sections.a": "metadata.no_section_label",
        f"acme.py:{giving} register_documents form/acme sections.b.fields.wings": (
            "metadata.no_field"
        ),
        f"acme.py:{giving} register_documents approval/acme steps.a.kind": "approval.no_step_kind",
        f"acme.py:{giving} register_documents approval/acme steps.b.approvers.x.role": (
            "metadata.no_target"
        ),
        f"acme.py:{giving} register_documents report/acme dimensions.x.field": "query.no_field",
        f"acme.py:{giving} register_documents dashboard/acme widgets.b.report": (
            "metadata.no_target"
        ),
        f"acme.py:{asking} widget flying dataset.entity": "metadata.no_document",
    }


_HEADS = ("@hookimpl", "def flying(ctx, settings):")


@pytest.mark.parametrize("words", ["no_such_plugin", "/nowhere/at/all"])
def test_a_plugin_that_is_nowhere_is_wrong_usage(run, words) -> None:
    assert run("plugin", "check", words).exit_code == 2


def test_the_list_tells_versions_states_and_failures(on_site, site) -> None:
    (site / "plugins" / "acme.json").write_text('{"id": "acme"}', encoding="utf-8")
    (site / "plugins" / "acme.py").write_text("", encoding="utf-8")
    listed = {one["id"]: one for one in json.loads(on_site("plugin", "list", "--json").stdout)}
    assert (listed["base"]["state"], listed["leads"]["depends_on"]) == ("enabled", ["base"])
    assert listed["base"]["served"] == listed["base"]["version"]
    assert listed["acme"]["state"] == "failed"
    assert "title" in listed["acme"]["reason"]
    assert "\tfailed\t" in on_site("plugin", "list").stdout


def test_what_another_needs_is_disabled_after_it(on_site) -> None:
    refused = on_site("plugin", "disable", "base")
    assert (refused.exit_code, "disable that first" in refused.stderr) == (1, True)


def test_a_running_process_takes_what_is_disabled_and_enabled_and_new_code_is_told(
    on_site, site, clock, site_templates
) -> None:
    words = {"id": "early", "title": {"zh": "甲", "en": "A"}, "version": "1"}
    (site / "plugins" / "early.json").write_text(json.dumps(words), encoding="utf-8")
    (site / "plugins" / "early.py").write_text("", encoding="utf-8")
    running = site_templates.open(site, clock)
    enabled = on_site("plugin", "enable", "early")
    with running.read() as ctx:
        assert "early" in ctx.calls.enabled
    assert "start serve and worker again" in enabled.stdout
    assert on_site("plugin", "disable", "early").stdout == "early: disabled\n"
    with running.read() as ctx:
        assert "early" not in ctx.calls.enabled
    running.close()
