"""``loopline metadata``: check, plan, apply, explain and roll back documents."""

from pathlib import Path

import click

from loopline.bootstrap import Platform
from loopline.cli.options import (
    json_option,
    language,
    open_platform,
    print_json,
    refusals,
    site_option,
    told,
)
from loopline.errors import NotValid
from loopline.language import LANGUAGES, Messages
from loopline.meta.document import dotted
from loopline.meta.release import SITE
from loopline.meta.usage import parse_path, where_used
from loopline.services.explaining import explain as explain_path
from loopline.services.explaining import untranslated as untranslated_labels
from loopline.services.packs import export_layer
from loopline.services.planning import Plan
from loopline.services.publishing import publish, rollback_plan
from loopline.sites import drift_report, plan_pack, publish_pack, validate_pack
from loopline.store.releases import history as release_history

_path = click.argument("path")


@click.group()
def metadata() -> None:
    """Documents: entities, forms, views and the rest, in layers and releases."""


@metadata.command()
@_path
def validate(path: str) -> None:
    """Check the documents of the pack in PATH against the schemas and each other."""
    messages = Messages()
    with refusals():
        findings = validate_pack(path)
    for problem in (*findings.errors, *findings.warnings):
        click.echo(f"{problem.path}: {messages.tell(problem, language())}")
    if findings.errors:
        raise SystemExit(1)
    click.echo(f"{path}: nothing wrong")


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
def apply(path: str, site: Path, note: str, *, yes: bool) -> None:
    """Plan the pack in PATH and publish it."""
    with refusals(), open_platform(site) as platform:
        planned = plan_pack(platform, path)
        _show_plan(platform, planned, as_json=False)
        if planned.findings.errors:
            raise SystemExit(1)
        if planned.empty:
            return
        if not yes:
            click.confirm("Publish this?", abort=True)
        release = publish_pack(platform, path, planned.hash, note)
        platform.worker().run_due()
    click.echo(f"release {release.revision}")


@metadata.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--layer", default=SITE, show_default=True)
@site_option
def export(folder: Path, layer: str, site: Path) -> None:
    """Write the site layer as a pack into FOLDER."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        count = export_layer(ctx.catalog.release, layer, folder)
    click.echo(f"{folder}: {count} documents")


@metadata.command()
@site_option
@json_option
def history(site: Path, *, as_json: bool) -> None:
    """List the releases, newest first."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        rows = [dict(row) for row in release_history(ctx.connection)]
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo(f"{row['revision']}\t{row['published_at']:%Y-%m-%d %H:%M}Z\t{row['note']}")


@metadata.command()
@click.argument("revision", type=int)
@site_option
def rollback(revision: int, site: Path) -> None:
    """Publish a new release with the documents of REVISION."""
    with refusals(), open_platform(site) as platform:
        with platform.write(via="cli") as ctx:
            planned = rollback_plan(ctx, revision, platform.schemas, platform.related_plugins)
            release = publish(ctx, planned, f"rollback to {revision}")
        platform.worker().run_due()
    click.echo(f"release {release.revision}")


@metadata.command()
@_path
@site_option
@json_option
def explain(path: str, site: Path, *, as_json: bool) -> None:
    """Say who set each value at PATH (lead.fields.budget.label), when, and what lies beneath."""
    with refusals(), open_platform(site) as platform, platform.read(via="cli") as ctx:
        key, below = parse_path(ctx.catalog, path)
        found = explain_path(ctx, key, below)
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
            {"document": str(use.document), "path": dotted(use.path)}
            for use in where_used(ctx.catalog, platform.schemas, key, below)
        ]
    if as_json:
        print_json(uses)
        return
    for use in uses:
        click.echo(f"{use['document']} {use['path']}")


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
                "errors": list(map(str, planned.findings.errors)),
                "warnings": list(map(str, planned.findings.warnings)),
            }
        )
        return
    for change in planned.changes:
        click.echo(f"{change.document} {dotted(change.path)}: {change.old!r} → {change.new!r}")
    for operation in planned.operations:
        text = messages.say(operation.key, spoken, **operation.params)
        rows = f", {operation.rows} rows" if operation.rows else ""
        click.echo(f"[{operation.kind}{rows}] {text}")
    for line in (
        told(NotValid(*planned.findings.errors), messages, spoken)
        if planned.findings.errors
        else ()
    ):
        click.echo(f"error: {line}", err=True)
    for problem in planned.findings.warnings:
        click.echo(f"warning: {problem.path}: {messages.tell(problem, spoken)}")
    if planned.empty:
        click.echo("nothing to do")
