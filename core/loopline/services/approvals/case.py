"""A case: one request beside its document and the record it is about, all three locked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import loopline.store.approvals as store
from loopline.access.context import Context
from loopline.errors import Conflict, Forbidden, NotFound
from loopline.language import LANGUAGES, Label
from loopline.meta.approvals import ApprovalDef
from loopline.services.expressions import linked_records, predicate, values_of
from loopline.services.permits import require
from loopline.store.approvals import Request
from loopline.store.rows import SYSTEM_COLUMNS, Record, fetch


@dataclass(frozen=True, slots=True)
class Case:
    """A request, its document as the release has it, and the whole record."""

    request: Request
    definition: ApprovalDef
    record: Record

    def as_of(self, ctx: Context) -> "Case":
        """Answer the case with its request and its record as they now stand."""
        found = store.request_by_id(ctx.connection, self.request.id)
        record = locked_record(ctx, self.record.entity, self.record.id)
        return replace(self, request=found or self.request, record=record or self.record)


def open_case(ctx: Context, number: int, *, documented: bool = True) -> Case:
    """Lock the record, then the request, and answer both.

    Raises NotFound where one of them is gone, and where it must be ``documented``, Conflict where
    the approval is in no release any more or its plugin is disabled.
    """
    found = store.request_by_id(ctx.connection, number)
    record = locked_record(ctx, found.entity, found.record) if found else None
    request = store.lock_request(ctx.connection, number) if record else None
    if record is None or request is None or record.deleted_at is not None:
        raise NotFound(code="approval.not_found", id=number)
    definition = _known(ctx, request)
    if definition is None and documented:
        raise Conflict(code="approval.document_gone", document=request.document)
    return Case(request, definition or _bare(ctx, request), record)


def locked_record(ctx: Context, entity: str, record: int) -> Record | None:
    """Answer a whole record that nobody else changes until this transaction ends."""
    if not ctx.snapshot.catalog.has("entity", entity):
        return None
    one = ctx.snapshot.table(entity)
    return fetch(ctx.connection, one, [record], lock=True).get(record)


def _known(ctx: Context, request: Request) -> ApprovalDef | None:
    known = ctx.snapshot.catalog.approvals.get(request.entity, ())
    return next((one for one in known if one.id == request.document), None)


def definition_of(ctx: Context, request: Request) -> ApprovalDef:
    """Answer the document of a request, or what is left of it."""
    return _known(ctx, request) or _bare(ctx, request)


def _bare(ctx: Context, request: Request) -> ApprovalDef:
    """Answer what is left of an approval that is no more: enough to end a request of it."""
    return ApprovalDef(
        id=request.document,
        label=Label({one: ctx.messages.say("approval.gone", one) for one in LANGUAGES}),
        entity=request.entity,
        when="",
        locks=(),
        refuses_changes=False,
        self_approval="refuse",
        calendar="",
        before=None,
        sets={},
        steps=(),
    )


def require_right(ctx: Context, record: Record, right: str = "read") -> None:
    """Raise NotFound or Forbidden where the actor may not do this, or not write at all."""
    if "write" not in ctx.actor.scopes:
        raise Forbidden(code="auth.scope", scope="write")
    require(ctx, ctx.snapshot.table(record.entity), right, record)


def holds(ctx: Context, record: Record, text: str) -> bool:
    """Whether a condition holds for a record; a blank one does."""
    if not text:
        return True
    met, links = predicate(ctx.snapshot, record.entity, text)
    row = row_of(record)
    return met(values_of(row, linked_records(ctx, record.entity, links, [row])), ctx.moment)


def row_of(record: Record) -> Mapping[str, object]:
    """Answer all that expressions may name of a record itself."""
    system = {name: getattr(record, attribute) for name, attribute in SYSTEM_COLUMNS.items()}
    return {**system, **record.values}
