"""Outcomes: what a document has written on the record when its request comes to something.

Written in the same transaction by the one way of writing, in the name of whoever acted, whatever
their own rights: guards, rules, clocks and the trail take part, and what they refuse undoes the
act as well.
"""

from collections.abc import Iterator, Mapping

from loopline.access.context import Context
from loopline.errors import NotValid, Problem
from loopline.expr.check import references
from loopline.expr.python import compile_formula
from loopline.fields.base import Unreadable
from loopline.meta.approval_effects import Outcome, expression_of
from loopline.meta.conversion_checks import Value, read_value
from loopline.meta.scope import EntityScope
from loopline.services.approvals.case import Case, row_of
from loopline.services.expressions import followed, linked_records, values_of
from loopline.services.fitting import fitted
from loopline.store.tables import StoredField


def write_outcome(ctx: Context, case: Case, outcome: Outcome) -> None:
    """Write what the document sets at an outcome; nothing on a record that was deleted.

    Raises NotValid where a value does not fit its field or the record may not become that.
    """
    sets = case.definition.sets.get(outcome)
    if not sets or case.record.deleted_at is not None:
        return
    whole = ctx.through(ctx.via, f"approval:{case.request.id}").elevated("an approval")
    whole = whole.because(approval=case.request.document, outcome=outcome)
    ctx.amend(whole, case.record.entity, case.record.id, dict(_values(whole, case, sets)))


def _values(ctx: Context, case: Case, sets: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    one = ctx.snapshot.table(case.record.entity)
    for name, said in sets.items():
        stored, text = one.fields.get(name), expression_of(said)
        if stored is None:
            continue  # the plugin that declares the field is disabled
        try:
            yield name, _computed(ctx, case, text, stored) if text else constant(stored, said)
        except Unreadable as error:
            raise NotValid(Problem(f"fields.{name}", error.code, error.params)) from error


def constant(stored: StoredField, said: object) -> object:
    """Answer a constant of a document as its field holds it. Raises Unreadable."""
    return stored.type.from_json(stored.definition, list(said) if isinstance(said, tuple) else said)


def _computed(ctx: Context, case: Case, text: str, stored: StoredField) -> object:
    entity = case.record.entity
    scope = EntityScope(ctx.snapshot.catalog, ctx.snapshot.types, entity)
    value: Value = ctx.snapshot.memo(("outcome", entity, text), lambda: read_value(text, scope))
    paths = frozenset({value.path}) if value.field else references(value.node)
    row = row_of(case.record)
    value_at = values_of(row, linked_records(ctx, entity, followed(paths), [row]))
    held = (
        value_at(value.path) if value.field else compile_formula(value.node)(value_at, ctx.moment)
    )
    return None if held is None else fitted(ctx, value, held, stored)
