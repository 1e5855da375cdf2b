"""Whether what an approval does to its records makes sense: fields that are there, values that fit.

An approval never writes what it covers, nor what decides whether it is needed: else its own
outcome would void it, or let a record pass without it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from loopline.errors import LooplineError, Problem
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.approval_effects import Outcome, expression_of
from loopline.meta.approvals import ApprovalDef
from loopline.meta.catalog import Catalog
from loopline.meta.conversion_checks import fitting_problems, read_value
from loopline.meta.scope import EntityScope

_KEPT_BACK: Final = frozenset({"choice", "boolean", "text"})
"""Types of fields whose values can be kept back."""
_NOT_WRITTEN: Final = frozenset({"lines", "code"})


class ApprovalChecker:
    """Checks the effects of one approval against the catalog and the types of fields."""

    def __init__(self, catalog: Catalog, types: FieldTypes, approval: ApprovalDef) -> None:
        self._approval = approval
        self._types = types
        self._entity = catalog.entity(approval.entity)
        self._scope = EntityScope(catalog, types, approval.entity)
        self._deciding = self._read_by_condition()

    def problems(self) -> Iterator[Problem]:
        """Yield what is wrong, at paths within the document."""
        for outcome, sets in self._approval.sets.items():
            yield from self._of_sets(outcome, sets)
        if self._approval.before is not None:
            yield from self._of_before(self._approval.before.field, self._approval.before.to)

    def _read_by_condition(self) -> frozenset[str]:
        try:
            node = check(parse(self._approval.when), self._scope) if self._approval.when else None
        except LooplineError:
            return frozenset()  # told where expressions are checked
        return frozenset() if node is None else frozenset(path[0] for path in references(node))

    def _of_sets(self, outcome: Outcome, sets: Mapping[str, object]) -> Iterator[Problem]:
        for name, value in sets.items():
            at, field = f"on_{outcome}.set.{name}", self._entity.fields.get(name)
            if field is None:
                yield Problem(at, "metadata.no_field", {"field": name, "entity": self._entity.id})
            elif name in self._entity.computed or field.type in _NOT_WRITTEN:
                yield Problem(at, "approval.set_computed", {"field": name})
            elif field.type in self._types:
                yield from self._moved_by_itself(at, name)
                yield from self._of_value(at, field, value)
                yield from self._kept_back(at, outcome, name, value)

    def _moved_by_itself(self, at: str, name: str) -> Iterator[Problem]:
        if name in self._approval.locks:
            yield Problem(at, "approval.set_locked", {"field": name})
        if name in self._deciding:
            yield Problem(at, "approval.set_in_when", {"field": name})

    def _of_value(self, at: str, field: FieldDef, value: object) -> Iterator[Problem]:
        text = expression_of(value)
        if not text:
            yield from self._of_constant(at, field, value)
            return
        try:
            read = read_value(text, self._scope, at)
        except LooplineError as error:
            yield from (replace(one, path=at) for one in error.problems)
        else:
            yield from fitting_problems(at, read, field, self._types)

    def _of_constant(self, at: str, field: FieldDef, value: object) -> Iterator[Problem]:
        kind = self._types[field.type]
        given = list(value) if isinstance(value, tuple) else value
        try:
            held = kind.from_json(field, given)
        except Unreadable as error:
            yield error.at(at)
            return
        if held is not None:
            yield from (problem.at(at) for problem in kind.check(field, held))

    def _kept_back(self, at: str, outcome: Outcome, name: str, value: object) -> Iterator[Problem]:
        """Yield a value that no outcome but an approval may set: it would always be refused."""
        before = self._approval.before
        if before and name == before.field and value in before.to and outcome != "approved":
            yield Problem(at, "approval.set_kept_back", {"field": name, "value": str(value)})

    def _of_before(self, name: str, to: tuple[object, ...]) -> Iterator[Problem]:
        field = self._entity.fields.get(name)
        if field is None:
            return  # told where references are checked
        if field.type not in _KEPT_BACK or field.virtual is not None:
            params = {"field": name, "known": ", ".join(sorted(_KEPT_BACK))}
            yield Problem("before.field", "approval.before_kind", params)
            return
        yield from self._moved_by_itself("before.field", name)
        for value in to:
            yield from self._of_constant("before.to", field, value)
