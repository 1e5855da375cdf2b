"""Editing metadata: from document bodies to edited layers, kept as drafts until published."""

from collections.abc import Mapping, Sequence

from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotFound, Problem, refuse_if
from loopline.meta.load import Loaded, load_body
from loopline.meta.release import SITE, Layer, Release
from loopline.meta.schemas import Schemas
from loopline.meta.settle import merge_documents, replace_documents
from loopline.services.planning import Plan, make_plan
from loopline.services.publishing import publish, told_refusals
from loopline.store.drafts import keep_draft, read_draft

Related = frozenset[tuple[str, str]]


def require_configure(ctx: Context) -> None:
    """Raise Forbidden unless the actor may read and publish metadata."""
    if not (ctx.actor.administrator and "metadata" in ctx.actor.scopes):
        raise Forbidden(code="auth.administrators_only")


def edited_layer(
    ctx: Context, name: str, bodies: Sequence[object], schemas: Schemas, language: str
) -> Layer:
    """Answer a layer with documents written into it: merged for the site, replaced for a pack.

    Raises NotFound for an unknown layer, Forbidden for one that comes from files, NotValid naming
    every problem of the documents.
    """
    loaded = Loaded()
    for index, body in enumerate(bodies):
        found = load_body(body, f"documents.{index}", schemas, language)
        loaded.documents += found.documents
        loaded.problems += [
            Problem(f"documents.{index} {one.path}".rstrip(), one.code, one.params)
            for one in found.problems
        ]
    refuse_if(loaded.problems)
    layer = ctx.snapshot.catalog.release.layer(name) or (
        Layer(name=SITE, kind="site") if name == SITE else None
    )
    if layer is None:
        raise NotFound(code="metadata.no_layer", layer=name)
    if layer.kind in {"kernel", "plugin"}:
        raise Forbidden(code="metadata.layer_from_files", layer=name)
    if layer.kind == "site":
        return merge_documents(layer, loaded.documents)
    return replace_documents(layer, loaded.documents)


def plan_draft(ctx: Context, layer: Layer, schemas: Schemas, related: Related) -> Plan:
    """Plan an edited layer and keep it, so that it can be published by the plan's hash."""
    plan = told_refusals(ctx, make_plan(ctx, [layer], schemas, related))
    keep_draft(ctx.connection, plan.hash, [layer], ctx.actor.id, ctx.now)
    return plan


def publish_draft(
    ctx: Context, plan_hash: str, note: str, schemas: Schemas, related: Related
) -> Release:
    """Publish what was planned. Raises NotFound, Conflict when the head moved since, NotValid."""
    layers = read_draft(ctx.connection, plan_hash)
    if layers is None:
        raise NotFound(code="publish.no_plan", plan=plan_hash)
    plan = make_plan(ctx, layers, schemas, related)
    if plan.hash != plan_hash:
        raise Conflict(code="publish.head_moved", base=ctx.snapshot.revision)
    return publish(ctx, plan, note)


def documents_of(ctx: Context, layer: str) -> list[Mapping[str, object]]:
    """Answer the documents of a layer as bodies, or of every layer when none is named."""
    layers = [one for one in ctx.snapshot.catalog.release.layers if layer in {"", one.name}]
    if not layers:
        raise NotFound(code="metadata.no_layer", layer=layer)
    return [
        {
            "layer": one.name,
            "kind": key.kind,
            "id": key.id,
            "format": 1,
            **({"extend": True} if stored.extend else {}),
            **stored.body,
        }
        for one in layers
        for key, stored in one.documents.items()
    ]
