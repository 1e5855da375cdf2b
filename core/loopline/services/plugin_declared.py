"""Checking what a plugin declares: its kinds, its documents, its actions and jobs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError

from loopline.errors import LooplineError, Problem
from loopline.expr.check import check
from loopline.expr.parse import parse
from loopline.fields.registry import kernel_field_types
from loopline.hooks.calls import Calls
from loopline.hooks.declarations import Action, Job
from loopline.hooks.manager import Plugins
from loopline.hooks.manifest import Manifest
from loopline.jobs.schedule import read_rhythm
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey
from loopline.meta.findings import Findings
from loopline.meta.load import Loaded
from loopline.meta.ownership import check_ownership, peers_that_clash
from loopline.meta.release import Release
from loopline.meta.schemas import Schemas
from loopline.meta.scope import EntityScope
from loopline.meta.settle import settle
from loopline.meta.validate import check_documents
from loopline.services.approvals.plugin_steps import step_kinds
from loopline.services.document_notices import document_notices
from loopline.services.plugin_places import Places, code_place
from loopline.services.plugin_rehearsal import may_rehearse, rehearsing, sound, widget_problems
from loopline.services.publishing import refusals
from loopline.services.sources import given_documents, kernel_layer, plugin_layer


@dataclass(frozen=True, slots=True)
class Declared:
    """A plugin, and what each of its declaring hooks answered; a hook that failed is not there.

    ``declaring`` is where the hook stands that gives documents, as ``plugin.py:31``.
    """

    manifest: Manifest
    answers: Mapping[str, list[Any]]
    declaring: str = ""

    def of(self, hook: str) -> list[Any]:
        """Answer what a hook gave, nothing where it failed."""
        return self.answers.get(hook, [])


def check_declared(
    declared: Declared, plugins: Plugins, kernel: Schemas, language: str, wrong: Findings
) -> int:
    """Note what is wrong with what a plugin declares; answer how many documents it has.

    The documents are checked beside what it depends on, and then beside every installed plugin:
    those in ``with_<plugin>/`` count only there. Both times a publish is rehearsed.
    """
    name = declared.manifest.id
    schemas = plugins.schemas(kernel)
    if name in plugins.raised:
        if "register_kinds" in declared.answers:  # they could be asked, and do not fit
            reason = plugins.raised[name].params["reason"]
            wrong.error("register_kinds", "plugin.raises", hook="register_kinds", reason=reason)
        return 0
    read = _read_all(declared, plugins, schemas, language)
    places = Places(declared.of("register_documents"), read[name].documents, declared.declaring)
    wrong.errors += map(places.located, read[name].problems)
    kernel_share = kernel_layer(schemas, language)
    everything = frozenset(plugins.manifests)
    for enabled in dict.fromkeys((_with_needed(name, plugins.manifests), everything)):
        shares = {
            one: plugin_layer(manifest, read[one].documents, enabled)
            for one, manifest in plugins.manifests.items()
            if one in enabled and one in read
        }
        layers = settle([kernel_share, *shares.values()], ())
        catalog, found = Catalog(Release(revision=1, layers=layers)), Findings()
        keys = frozenset(shares[name].documents)
        _check_catalog(catalog, plugins, keys, schemas, found)
        found.errors += document_notices(catalog, keys, step_kinds(Calls(plugins, enabled)))
        found.errors += _rehearsed(declared, catalog, plugins, language, found)
        told = [places.located(one) for one in found.errors]
        wrong.errors += [one for one in told if one not in wrong.errors]
        warned = [places.located(one) for one in found.warnings]
        wrong.warnings += [one for one in warned if one not in wrong.warnings]
    if not wrong.errors:  # an action is told of a document only if that can be read
        _check_actions(declared.of("register_actions"), catalog, wrong)
    _check_jobs(declared.of("register_jobs"), wrong)
    return len(read[name].documents)


def _read_all(
    declared: Declared, plugins: Plugins, schemas: Schemas, language: str
) -> dict[str, Loaded]:
    """Answer the documents of every plugin by its name, those of the declared one as it gave."""
    given = {
        manifest.id: found for manifest, found in plugins.documents(language, plugins.manifests)
    }
    given[declared.manifest.id] = declared.of("register_documents")
    return {name: given_documents(found, schemas, language) for name, found in given.items()}


def _with_needed(name: str, manifests: Mapping[str, Manifest]) -> frozenset[str]:
    """Answer a plugin and what it depends on, through others too."""
    found, waiting = set[str](), [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += manifests[one].depends_on
    return frozenset(found)


def _rehearsed(
    declared: Declared, catalog: Catalog, plugins: Plugins, language: str, found: Findings
) -> list[Problem]:
    """Answer what a publish of the plugin's documents, and asking its widgets, would refuse.

    Documents that are known to be wrong are left out; without their entities nothing is asked.
    """
    if not may_rehearse(found):
        return []
    name, folder = declared.manifest.id, declared.manifest.folder
    layer = catalog.release.layer(name)
    keys = sound(layer.documents if layer else (), found)
    with rehearsing(catalog, plugins, language) as ctx:
        problems = refusals(ctx, ctx.snapshot, keys)
        for widget in declared.of("register_report_widgets"):
            place = f"{code_place(widget.query, folder)} widget {widget.id}".strip()
            problems += [
                replace(one, path=f"{place} {one.path}".rstrip())
                for one in widget_problems(ctx, name, widget)
            ]
    return problems


def _check_catalog(
    catalog: Catalog,
    plugins: Plugins,
    keys: frozenset[DocumentKey],
    schemas: Schemas,
    found: Findings,
) -> None:
    related = frozenset(
        (one.id, other) for one in plugins.manifests.values() for other in one.depends_on
    )
    check_ownership(catalog, keys, schemas, found)
    peers_that_clash(catalog, keys, related, found)
    check_documents(catalog, keys, schemas, kernel_field_types(), found)


def _check_actions(actions: list[Action], catalog: Catalog, wrong: Findings) -> None:
    types = kernel_field_types()
    for one in actions:
        place = f"action {one.id}"
        try:
            Draft202012Validator.check_schema(one.settings)
        except SchemaError as error:
            wrong.error(f"{place} settings", "metadata.invalid", reason=error.message)
        if one.entity is not None and not catalog.has("entity", one.entity):
            wrong.error(f"{place} entity", "plugin.unknown_entity", entity=one.entity)
        elif one.entity is not None and one.shown_if:
            scope = EntityScope(catalog, types, one.entity)
            wrong.errors += _unreadable(f"{place} shown_if", one.shown_if, scope)


def _unreadable(place: str, text: str, scope: EntityScope) -> Iterator[Problem]:
    try:
        check(parse(text, place), scope, place)
    except LooplineError as error:
        yield from error.problems


def _check_jobs(jobs: list[Job], wrong: Findings) -> None:
    for one in jobs:
        try:
            if one.every:
                read_rhythm(one.every, "UTC")
        except LooplineError as error:
            for problem in error.problems:
                wrong.error(f"job {one.kind} every", problem.code, **problem.params)
