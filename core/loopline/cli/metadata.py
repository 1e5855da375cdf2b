"""``loopline metadata``: check, plan, apply, explain and roll back documents."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from loopline.bootstrap import Platform
from loopline.cli.options import (
    done,
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
)
from loopline.errors import NotFound, NotValid, Problem
from loopline.language import LANGUAGES, Label, Messages
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey, dotted
from loopline.meta.release import SITE
from loopline.meta.usage import parse_path, where_used
from loopline.query.titles import titles
from loopline.services.explaining import explain as explain_path
from loopline.services.explaining import untranslated as untranslated_labels
from loopline.services.packs import export_layer
from loopline.services.planning import Plan
from loopline.services.publishing import publish, rollback_plan
from loopline.sites import drift_report, plan_pack, publish_pack, validate_pack
from loopline.store.releases import history as release_history

_path = click.argument("path")

_USER: Final = "user"


@click.group()
def metadata() -> None:
    """Documents: entities, forms, views and the rest, in layers and releases."""


@metadata.command()
@_path
@site_option
@json_option
def validate(path: str, site: Path, *, as_json: bool) -> None:
    """Check the documents of the pack in PATH against the schemas and each other; needs no site."""
    messages = Messages()
    errors: Sequence[Problem] = ()
    warnings: Sequence[Problem] = ()
    with refusals():
        try:
            findings = validate_pack(path)
            errors, warnings = findings.errors, findings.warnings
        except NotValid as error:
            errors = error.problems
    if as_json:
        print_json({"errors": _shown(errors, messages), "warnings": _shown(warnings, messages)})
    else:
        _tell(errors, "", messages, err=True)
        _tell(warnings, "warning: ", messages, err=True)
        if not errors:
            click.echo(f"{path}: nothing wrong")
    if errors:
        raise SystemExit(1)


@metadata.command()
@_path
@site_option
@json_option
def plan(path: str, site: Path, *, as_json: bool) -> None:
    """Show what applying the pack in PATH would do; change nothing."""
    with refusals(), open_platform(site) as platform:
        planned = plan_pack(platform, path)
        _show_plan(platform, planned, as_json=as_json)
    if planned.findings.errors:
        raise SystemExit(1)


@metadata.command()
@_path
@site_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--note", default="", help="What the release is about.")
@json_option
def apply(path: str, site: Path, note: str, *, yes: bool, as_json: bool) -> None:
    """Plan the pack in PATH and publish it; --json asks nothing and needs --yes."""
    if as_json and not yes:
        raise click.UsageError("--json cannot ask; give --yes too")
    with refusals(), open_platform(site) as platform:
        planned = plan_pack(platform, path)
        if planned.findings.errors or not as_json:
            _show_plan(platform, planned, as_json=as_json)
        if planned.findings.errors:
            raise SystemExit(1)
        if planned.empty:
            if as_json:
                print_json({"release": planned.base, "changed": False})
            return
        if not yes:
            click.confirm("Publish this?", abort=True)
        release = publish_pack(platform, path, planned.hash, note)
        platform.worker().run_due()
    result = {"release": release.revision, "changed": True}
    done(f"release {release.revision}", result, as_json=as_json)


@metadata.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--layer", default=SITE, show_default=True)
@site_option
@json_option
def export(folder: Path, layer: str, site: Path, *, as_json: bool) -> None:
    """Write the site layer as a pack into FOLDER."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        count = export_layer(ctx.catalog.release, layer, folder)
    result = {"folder": str(folder), "documents": count}
    done(f"{folder}: {count} documents", result, as_json=as_json)


@metadata.command()
@site_option
@json_option
def history(site: Path, *, as_json: bool) -> None:
    """List the releases, newest first: when, what it was (of a pack its version), and who."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        found = release_history(ctx.connection)
        people = titles(ctx, _USER, {row["published_by"] for row in found} - {None})
        rows = [{**row, "publisher": people.get(row["published_by"], "")} for row in found]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        who = row["publisher"] or Messages().say("metadata.by_command", language())
        at = f"{row['published_at']:%Y-%m-%d %H:%M}Z"
        click.echo(f"{row['revision']}\t{at}\t{row['note']}\t{who}")


@metadata.command()
@click.argument("revision", type=int)
@site_option
@json_option
def rollback(revision: int, site: Path, *, as_json: bool) -> None:
    """Publish a new release with the documents of REVISION."""
    with refusals(), open_platform(site) as platform:
        with platform.write(via="cli") as ctx:
            planned = rollback_plan(ctx, revision, platform.schemas, platform.related_plugins)
            release = publish(ctx, planned, f"rollback to {revision}")
        platform.worker().run_due()
    done(f"release {release.revision}", {"release": release.revision}, as_json=as_json)


@metadata.command()
@_path
@site_option
@json_option
def explain(path: str, site: Path, *, as_json: bool) -> None:
    """Say who set each value at PATH (lead.fields.budget.label), when, and what lies beneath."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        key, below = parse_path(ctx.catalog, path)
        found = explain_path(ctx, key, below)
        if not found:
            raise NotFound(code="metadata.nothing_there", path=path)
    if as_json:
        print_json(
            [{"path": dotted(one.path), "voices": [_voice(v) for v in one.voices]} for one in found]
        )
        return
    for one in found:
        for index, voice in enumerate(one.voices):
            where = dotted(one.path) if index == 0 else "  beneath"
            click.echo(f"{where}: {voice.value!r}  {voice.layer}, release {voice.since}")


def _voice(voice: object) -> dict[str, object]:
    return {name: getattr(voice, name) for name in ("layer", "value", "since", "published_at")}


@metadata.command("where-used")
@_path
@site_option
@json_option
def where_used_command(path: str, site: Path, *, as_json: bool) -> None:
    """List every place that refers to PATH (lead.fields.budget)."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        key, below = parse_path(ctx.catalog, path)
        uses = [
            {
                "document": str(use.document),
                "label": _label(ctx.catalog, use.document),
                "path": dotted(use.path),
            }
            for use in where_used(ctx.catalog, platform.schemas, key, below)
        ]
    if as_json:
        print_json(uses)
        return
    for use in uses:
        named = f" ({use['label']})" if use["label"] else ""
        click.echo(f"{use['document']}{named} {use['path']}")


def _label(catalog: Catalog, document: DocumentKey) -> str:
    """Answer what a document is called in the language of the command; blank if it has no name."""
    values = catalog.resolved(document).values
    told = {one: str(values[at]) for one in LANGUAGES if (at := ("label", one)) in values}
    return Label(told).to(language())


@metadata.command()
@site_option
@json_option
def drift(site: Path, *, as_json: bool) -> None:
    """List values of packs and site whose lower value has moved since they were set."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        found = drift_report(ctx.catalog.release)
    if as_json:
        print_json(found)
        return
    for place, kind in found.items():
        click.echo(f"{place}: {kind}")


@metadata.command()
@site_option
@json_option
def untranslated(site: Path, *, as_json: bool) -> None:
    """List labels that lack Chinese or English."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        found = [
            {"document": str(key), "path": dotted(path), "language": missing}
            for key, path, missing in untranslated_labels(ctx, LANGUAGES)
        ]
    if as_json:
        print_json(found)
        return
    for one in found:
        click.echo(f"{one['document']} {one['path']}: {one['language']}")


def _show_plan(platform: Platform, planned: Plan, *, as_json: bool) -> None:
    messages, spoken = platform.messages, language()
    if as_json:
        print_json(
            {
                "plan": planned.hash,
                "base": planned.base,
                "operations": [
                    {"class": one.kind, "sql": one.sql, "rows": one.rows}
                    for one in planned.operations
                ],
                "changes": [
                    {
                        "document": str(c.document),
                        "path": dotted(c.path),
                        "old": c.old,
                        "new": c.new,
                    }
                    for c in planned.changes
                ],
                "errors": _shown(planned.findings.errors, messages),
                "warnings": _shown(planned.findings.warnings, messages),
            }
        )
        return
    for change in planned.changes:
        click.echo(f"{change.document} {dotted(change.path)}: {change.old!r} → {change.new!r}")
    for operation in planned.operations:
        text = messages.say(operation.key, spoken, **operation.params)
        rows = f", {operation.rows} rows" if operation.rows else ""
        click.echo(f"[{operation.kind}{rows}] {text}")
    _tell(planned.findings.errors, "error: ", messages, err=True)
    _tell(planned.findings.warnings, "warning: ", messages, err=False)
    if planned.empty:
        click.echo("nothing to do")


def _tell(problems: Sequence[Problem], mark: str, messages: Messages, *, err: bool) -> None:
    """Print problems, one a line as ``where: what``."""
    for one in problems:
        click.echo(f"{mark}{one.path}: {messages.tell(one, language())}", err=err)


def _shown(problems: Sequence[Problem], messages: Messages) -> list[dict[str, str]]:
    return [
        {"path": one.path, "code": one.code, "message": messages.tell(one, language())}
        for one in problems
    ]
