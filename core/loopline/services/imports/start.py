"""Starting an import: the file is kept, understood and entered as a run."""

import hashlib
from pathlib import Path

import orjson

from loopline.access.context import Context
from loopline.errors import NotFound
from loopline.expr.suggest import meant
from loopline.services.imports.opening import file_hash, keep, open_table
from loopline.services.imports.plan import make_plan, mapping_of
from loopline.services.imports.request import ImportReport, ImportRequest, report_of
from loopline.services.permits import require_entity
from loopline.store import imports as store


def start(ctx: Context, request: ImportRequest, files: Path, *, new: bool = False) -> int:
    """Enter an import and answer its id; ``files`` is the site's folder of files.

    The unfinished run of the same import (entity, file, options, user) is answered instead unless
    ``new``. Raises NotFound for the entity, Forbidden, and NotValid when the file cannot be read or
    its columns do not fit.
    """
    if not ctx.catalog.has("entity", request.entity):
        near = meant(request.entity, (one.id for one in ctx.catalog.entities()))
        raise NotFound(code="import.no_entity", entity=request.entity, near=near)
    require_entity(ctx, ctx.snapshot.table(request.entity), "create")
    digest = file_hash(request.content)
    signature = _signature(ctx, request, digest)
    if new:
        store.leave(ctx.connection, signature)
    else:
        known = store.unfinished(ctx.connection, signature)
        if known is not None:
            return known
    mapping = mapping_of(request.options, request.entity)
    header_row = mapping.header_row if mapping else None
    table = open_table(request.content, request.file_name, request.options, header_row)
    plan = make_plan(ctx, request.entity, table, request.options)
    run = {
        "entity": request.entity,
        "file_name": request.file_name,
        "file_hash": digest,
        "stored_file": keep(request.content, digest, files),
        "options": orjson.dumps(request.options.to_json()).decode(),
        "actor": ctx.actor.id,
        "started_at": ctx.now,
        "notes": orjson.dumps(plan.notes(), default=str).decode(),
    }
    return store.start(ctx.connection, signature, run)


def report(ctx: Context, import_id: int) -> ImportReport:
    """Answer an import as it stands. Raises NotFound."""
    return report_of(store.read(ctx.connection, import_id))


def _signature(ctx: Context, request: ImportRequest, digest: str) -> str:
    asked = [request.entity, digest, request.options.to_json(), ctx.actor.id]
    return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()
