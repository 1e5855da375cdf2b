"""Publishing: a candidate becomes the head, whole or not at all."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from functools import partial

from loopline.access.context import Context
from loopline.errors import Conflict, NotFound, NotValid, PluginFailed, Problem, refuse_if
from loopline.hooks.declarations import Document
from loopline.hooks.events import Publishing
from loopline.jobs.queue import enqueue
from loopline.meta.catalog import Catalog
from loopline.meta.document import DocumentKey, nest
from loopline.meta.release import Release
from loopline.meta.schemas import Schemas
from loopline.services.approvals.review import review_published
from loopline.services.clock_filling import enqueue_filling
from loopline.services.duplicates.filling import renew_marks
from loopline.services.observing import announce_publish
from loopline.services.pipelines.opening import open_published
from loopline.services.planning import CLOCKS, SEARCH_TOKENS, Plan, make_plan
from loopline.services.query_checks import query_problems
from loopline.services.tagging import RUN as TAG_RULES
from loopline.store.ddl import apply_changes
from loopline.store.locks import keep_publishers_out
from loopline.store.releases import insert_release, load_release, lock_head, move_head
from loopline.store.snapshot import Snapshot

BACKFILL = "publish.backfill"
VALIDATE = "publish.validate"
REINDEX = "publish.reindex"


def publish(ctx: Context, plan: Plan, note: str = "") -> Release:
    """Make the plan's candidate the head, in the caller's one transaction.

    Raises NotValid when the plan has errors, Conflict when the head moved since it was made or a
    table of that name is not the kernel's. Deferred work is enqueued here and done afterwards.
    """
    if plan.findings.errors:
        raise NotValid(*plan.findings.errors, code="publish.not_valid")
    keep_publishers_out(ctx.connection)
    if lock_head(ctx.connection) != plan.base:
        raise Conflict(code="publish.head_moved", base=plan.base)
    if plan.empty:
        return ctx.snapshot.catalog.release
    release = replace(
        plan.candidate.catalog.release,
        published_at=ctx.now,
        published_by=ctx.actor.id,
        note=note,
    )
    documents = [str(key) for key in plan.changed]
    event = _publishing(ctx, plan.candidate, plan.changed, note)
    refuse_if(ctx.calls.before_publish(ctx.contexts, event))
    apply_changes(ctx.connection, plan.physical, release.revision)
    insert_release(ctx.connection, release, plan.hash)
    _defer(ctx, plan)
    _rerun_tag_rules(ctx, plan)
    renew_marks(ctx, plan.candidate)
    open_published(ctx, plan.candidate)
    review_published(ctx, release)
    move_head(ctx.connection, release.revision)
    served = replace(ctx, calls=ctx.calls.serving(release.plugins))
    announce_publish(served, release.revision, documents)
    return release


def told_refusals(ctx: Context, plan: Plan) -> Plan:
    """Answer a plan with what plugins would refuse of it among its findings."""
    if not (plan.findings.errors or plan.empty):
        plan.findings.errors += refusals(ctx, plan.candidate, plan.changed)
    return plan


def refusals(ctx: Context, candidate: Snapshot, keys: Collection[DocumentKey]) -> list[Problem]:
    """Answer why plugins would refuse to publish some documents of a candidate.

    One that fails at it refuses too: a publish would stop there.
    """
    try:
        return ctx.calls.before_publish(ctx.contexts, _publishing(ctx, candidate, keys))
    except (NotValid, PluginFailed) as error:
        return list(error.problems)


def _publishing(
    ctx: Context, candidate: Snapshot, keys: Collection[DocumentKey], note: str = ""
) -> Publishing:
    ordered = sorted(keys)
    return Publishing(
        documents=tuple(map(str, ordered)),
        note=note,
        resolved=tuple(_resolved(candidate.catalog, ordered)),
        query_problems=partial(query_problems, replace(ctx, snapshot=candidate)),
    )


def _resolved(catalog: Catalog, keys: Iterable[DocumentKey]) -> Iterator[Document]:
    """Yield those of some documents that a release has, as they are over all of its layers."""
    for key in keys:
        if catalog.has(key.kind, key.id):
            yield Document(key.kind, key.id, nest(catalog.resolved(key).values))


def _rerun_tag_rules(ctx: Context, plan: Plan) -> None:
    """Have tags given and taken anew where a group that has rules, or had some, is changed."""
    names = [key.id for key in plan.changed if key.kind == "tag_group"]
    catalogs = (ctx.snapshot.catalog, plan.candidate.catalog)
    if any(c.has("tag_group", one) and c.tag_group(one).rules for one in names for c in catalogs):
        enqueue(ctx.connection, TAG_RULES, {}, ctx.now, unique_key=TAG_RULES)


def _defer(ctx: Context, plan: Plan) -> None:
    """Enqueue what may follow at leisure: keys and tokens of old rows, checking old links."""
    for operation in plan.operations:
        if operation.key == SEARCH_TOKENS:
            enqueue(ctx.connection, REINDEX, {"entity": operation.params["entity"]}, ctx.now)
            continue
        table, name = operation.params["table"], operation.params["name"]
        if operation.key == CLOCKS:
            enqueue_filling(ctx, str(name), plan.candidate.catalog.release.revision)
            continue
        payload = {"table": table, "name": name, "after": 0}
        if operation.kind == "back-fill":
            enqueue(ctx.connection, BACKFILL, payload, ctx.now)
        if operation.key == "plan.foreign_key" and ctx.connection.dialect.name == "postgresql":
            enqueue(ctx.connection, VALIDATE, payload, ctx.now)


def rollback_plan(
    ctx: Context, revision: int, schemas: Schemas, related: frozenset[tuple[str, str]]
) -> Plan:
    """Plan a new release with the documents of an old one. Raises NotFound."""
    if not 0 < revision <= ctx.snapshot.revision:
        raise NotFound(code="metadata.no_release", revision=revision)
    old = load_release(ctx.connection, revision)
    later = frozenset(
        layer.name for layer in ctx.snapshot.catalog.release.layers if not old.layer(layer.name)
    )
    return make_plan(ctx, old.layers, schemas, related, later)
