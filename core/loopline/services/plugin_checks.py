"""Checking a plugin where it stands, installed or not: all that is wrong with it, and where."""

import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from json import JSONDecodeError
from pathlib import Path
from typing import Any, Final

import click

from loopline.errors import PluginFailed
from loopline.hooks.boundary import boundary
from loopline.hooks.candidates import Candidate, importable
from loopline.hooks.declarations import (
    Action,
    ApprovalStep,
    Document,
    Job,
    Kind,
    Page,
    ReportWidget,
)
from loopline.hooks.declare import DeclareContext, DocumentFolder
from loopline.hooks.foreign_imports import foreign_imports
from loopline.hooks.manager import Plugins, all_of
from loopline.hooks.manifest import (
    Manifest,
    discover,
    in_order,
    manifest_of,
    manifest_problems,
    read_content,
)
from loopline.hooks.specs import SPECS
from loopline.language import LANGUAGES
from loopline.meta.findings import Findings
from loopline.meta.schemas import Schemas
from loopline.services.plugin_declared import Declared, check_declared
from loopline.services.plugin_places import code_place

DECLARING: Final[Mapping[str, tuple[type[Any], ...]]] = {
    "register_documents": (DocumentFolder, Document),
    "register_kinds": (Kind,),
    "register_actions": (Action,),
    "register_approval_steps": (ApprovalStep,),
    "register_jobs": (Job,),
    "register_pages": (Page,),
    "register_commands": (click.Command,),
    "register_report_widgets": (ReportWidget,),
}
"""The hooks that are asked, and what they may answer."""


@dataclass(slots=True)
class PluginReport:
    """What was found of a plugin: the hooks it implements, its documents, and what is wrong."""

    id: str
    version: str = ""
    hooks: tuple[str, ...] = ()
    documents: int = 0
    findings: Findings = field(default_factory=Findings)


def check_plugin(candidate: Candidate, kernel: Schemas, language: str) -> PluginReport:
    """Read a plugin's manifest, import it, ask what it declares, and check that with its documents.

    Nothing but that runs. Every problem is noted that can be seen beside the others.
    """
    report = PluginReport(candidate.name)
    try:
        with importable(candidate) as (folder, module):
            manifest = _read_manifest(report, candidate, (folder, module), kernel)
            _check_files(report, candidate, folder)
            if manifest is not None:
                report.version = manifest.version
                _check_code(report, manifest, kernel, language)
    except FileNotFoundError:
        report.findings.error("pyproject.toml", "plugin.no_module", value=candidate.value)
    return report


def _read_manifest(
    report: PluginReport, candidate: Candidate, found: tuple[Path, str], kernel: Schemas
) -> Manifest | None:
    """Answer the manifest; None where it says nothing that can be gone by."""
    (folder, module), code = found, candidate.file
    file = code.with_suffix(".json") if code else folder / "plugin.json"
    wrong = report.findings
    if code and not code.is_file():
        wrong.error(code.name, "plugin.no_code", file=code.name)
        return None
    try:
        content = read_content(file)
    except FileNotFoundError:
        wrong.error(file.name, "plugin.no_manifest", file=file.name)
        return None
    except ValueError as error:
        line = f":{error.lineno}" if isinstance(error, JSONDecodeError) else ""
        wrong.error(f"{file.name}{line}", "metadata.syntax", reason=str(error))
        return None
    problems = manifest_problems(content, candidate.name, kernel)
    for one in problems:
        wrong.error(f"{file.name} {one.path}".rstrip(), one.code, **one.params)
    if problems:
        return None
    manifest = manifest_of(content, folder, module=module, file=code)
    for language in LANGUAGES:
        if not manifest.title.get(language):
            wrong.error(f"{file.name} title", "plugin.no_title", language=language)
    return manifest


def _check_files(report: PluginReport, candidate: Candidate, folder: Path) -> None:
    files = [candidate.file] if candidate.file else sorted(folder.rglob("*.py"))
    for file in files:
        for line, name in foreign_imports(file):
            place = f"{file.relative_to(folder)}:{line}"
            report.findings.error(place, "plugin.foreign_import", module=name)
    if candidate.file is None and not any(
        (one / "README.md").is_file() for one in (folder, folder.parent)
    ):
        report.findings.error("README.md", "plugin.no_readme", folder=folder.name)


def _check_code(report: PluginReport, manifest: Manifest, kernel: Schemas, language: str) -> None:
    wrong, name = report.findings, manifest.id
    others = discover(kernel, frozenset({name})).manifests
    found = in_order({one.id: one for one in (*others, manifest)}, {})
    if name in found.failures:
        wrong.error("plugin.json depends_on", "plugin.unmet", reason=found.failures[name])
        return
    plugins = Plugins(found, language)
    if name in plugins.raised:
        _note(wrong, plugins.raised[name], manifest.folder)
        return
    report.hooks = tuple(_hooks_of(plugins, name))
    asked = {hook: dict(plugins.implementations(hook)).get(name) for hook in DECLARING}
    answers: dict[str, list[Any]] = {}
    context = DeclareContext(plugin=name, plugins=frozenset(plugins.manifests), language=language)
    for hook, implementation in asked.items():
        try:
            with boundary(name, hook, (), log=False):
                answer = implementation(ctx=context) if implementation else ()
                answers[hook] = all_of(answer, *DECLARING[hook])
        except PluginFailed as failure:
            _note(wrong, failure, manifest.folder)
    giving = asked["register_documents"]
    declared = Declared(manifest, answers, code_place(giving, manifest.folder) if giving else "")
    report.documents = check_declared(declared, plugins, kernel, language, wrong)


def _hooks_of(plugins: Plugins, name: str) -> Iterator[str]:
    for hook in (one for spec in SPECS for one in vars(spec) if not one.startswith("_")):
        if name in dict(plugins.implementations(hook)):
            yield hook


def _note(wrong: Findings, failure: PluginFailed, folder: Path) -> None:
    """Note a failure at the line of the plugin that it comes from."""
    hook, reason = failure.params["hook"], failure.params["reason"]
    place = _place_of(failure.__cause__, folder) or f"plugins.{failure.params['plugin']}"
    wrong.error(place, "plugin.raises", hook=hook, reason=reason)


def _place_of(error: BaseException | None, folder: Path) -> str:
    if error is None:
        return ""
    frames = traceback.extract_tb(error.__traceback__)
    places: Iterable[tuple[str, int | None]] = [(one.filename, one.lineno) for one in frames]
    if isinstance(error, SyntaxError) and error.filename:
        places = [*places, (error.filename, error.lineno)]
    told = ""
    for file, line in places:
        with suppress(ValueError):
            told = f"{Path(file).resolve().relative_to(folder.resolve())}:{line}"
    return told
