"""What the contracts plugin contributes: each hook leads to the module that knows the concept."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from loopline.sdk import (
    Action,
    Add,
    ApprovalStep,
    Context,
    DeclareContext,
    DocumentFolder,
    Kind,
    Page,
    Panel,
    RecordsChanging,
    RecordsMoving,
    Refuse,
    ReportWidget,
    Set,
    Showing,
    hookimpl,
)
from loopline_contracts import (
    boxes,
    contracts,
    credit,
    deliveries,
    kinds,
    ledger,
    legal,
    orders,
    payments,
    plans,
    priced_lines,
    quote_pages,
    quotes,
    returns,
    statements,
    versions,
    widgets,
)
from loopline_contracts.priced_lines import HEADS, LINES

Guard = Callable[[Context, RecordsChanging], Iterable[Set | Refuse | Add]]


@hookimpl
def register_documents(ctx: DeclareContext) -> Iterable[DocumentFolder]:
    """Name the folder of documents; those in ``with_<plugin>/`` count where that plugin is."""
    return [DocumentFolder(Path(__file__).parent / "documents")]


@hookimpl
def register_actions(ctx: DeclareContext) -> Iterable[Action]:
    """Answer the actions of quotes, contracts, orders and receipts."""
    with_pipeline = "pipeline" in ctx.plugins
    return [
        *quotes.actions(with_pipeline=with_pipeline),
        *contracts.actions(),
        *orders.actions(),
        *payments.actions(),
        *returns.actions(),
    ]


@hookimpl
def register_kinds(ctx: DeclareContext) -> Iterable[Kind]:
    """Answer the kind of contract templates."""
    return kinds.kinds()


@hookimpl
def register_pages(ctx: DeclareContext) -> Iterable[Page]:
    """Answer the page on which customers answer a quote, statements and what versions changed."""
    return [*quote_pages.pages(), *statements.pages(), *versions.pages()]


@hookimpl
def panels(ctx: Context, event: Showing) -> Iterable[Panel]:
    """Answer the customer's page, the change of versions, what is paid and what is owed."""
    return boxes.boxes(ctx, event)


@hookimpl
def register_report_widgets(ctx: DeclareContext) -> Iterable[ReportWidget]:
    """Answer what is overdue, for dashboards."""
    return widgets.widgets()


@hookimpl
def register_approval_steps(ctx: DeclareContext) -> Iterable[ApprovalStep]:
    """Answer the step that asks lawyers about deviating clauses."""
    return legal.steps()


@hookimpl
def before_transition(ctx: Context, event: RecordsMoving) -> Iterable[Set | Refuse]:
    """Hold orders to what their customers may owe, and to deliveries."""
    yield from credit.guard(ctx, event)
    yield from deliveries.guard_shipping(ctx, event)


@hookimpl
def before_change(ctx: Context, event: RecordsChanging) -> Iterable[Set | Refuse | Add]:
    """Price lines, keep what is fixed, and write the ledger along with what moves it."""
    entity = event.entity
    if entity in LINES:
        yield from priced_lines.guard_lines(ctx, event, LINES[entity])
    if entity in HEADS:
        yield from priced_lines.guard_head(event, HEADS[entity])
    if entity in deliveries.OF_ORDERS:
        yield from deliveries.guard_customers(ctx, event)
    if entity == "order":
        yield from plans.guard(ctx, event)
    if entity in _GUARDS:
        yield from _GUARDS[entity](ctx, event)
    yield from ledger.guard(ctx, event)


_GUARDS: Final[Mapping[str, Guard]] = {
    "order": orders.guard,
    "contract_clause": contracts.guard_clauses,
    "delivery_line": deliveries.guard_quantities,
    "return_line": returns.guard_returns,
    "allocation": payments.guard_allocations,
    "refund": payments.guard_refunds,
}
