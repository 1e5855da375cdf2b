"""Whether resolved documents make sense: whole, with references and expressions that hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from loopline.errors import LooplineError, Problem
from loopline.expr.check import check
from loopline.expr.parse import parse
from loopline.fields.registry import FieldTypes
from loopline.meta.approval_checks import ApprovalChecker
from loopline.meta.approvals import approval_problems
from loopline.meta.boards import view_problems
from loopline.meta.body import Body
from loopline.meta.calendars import calendar_notices, calendar_problems
from loopline.meta.capture import build_capture, capture_problems
from loopline.meta.catalog import Catalog
from loopline.meta.clocks import DUE_TYPES, ClockDef, clock_problems
from loopline.meta.conversion_checks import ConversionChecker
from loopline.meta.document import PRESENT, DocumentKey, Leaf, Leaves, Path, nest
from loopline.meta.duplicates import duplicate_problems
from loopline.meta.entities import LINK_TARGETS, EntityDef
from loopline.meta.field_rules import field_problems
from loopline.meta.findings import Findings, place
from loopline.meta.journeys import journey_problems
from loopline.meta.pipeline_checks import pipeline_problems
from loopline.meta.roles import EVERYTHING, expand_scope, role_problems
from loopline.meta.schemas import Schemas
from loopline.meta.scope import EntityScope
from loopline.meta.screens import build_form, build_view
from loopline.meta.tag_groups import rule_problems

LONGEST_SHORT_TEXT: Final = 800
"""Characters of a text that may be indexed: PostgreSQL takes 2,704 bytes, Han needs three each."""
_COMMON: Final = frozenset(
    {
        "type",
        "label",
        "help",
        "pos",
        "required",
        "default",
        "unique",
        "hidden",
        "read_only",
        "retired",
    }
) | {"locked", "audited", "group", "mask", "synonyms", "unit", "timeline"}
_VIRTUAL: Final = frozenset({"formula", "lookup"})
_OF_STORED: Final = frozenset({"required", "default", "unique"})
"""What may be said of a field only if its values are stored."""
_SHOWING: Final = frozenset({"view", "form"})
"""Kinds of documents that may name a field that is stored nowhere."""
_TOLD: Final = {"type": "metadata.no_type", "to": "metadata.no_target"}
"""What may be wrong with a field so that no expression can read it, and where it is told."""


def check_documents(
    catalog: Catalog,
    keys: Iterable[DocumentKey],
    schemas: Schemas,
    types: FieldTypes,
    findings: Findings,
) -> None:
    """Check resolved documents; every problem is noted, not only the first."""
    for key in sorted(keys):
        values = catalog.resolved(key).values
        body = nest(values) | {"kind": key.kind, "id": key.id}
        wrong = list(schemas.problems(key.kind, body, partial=False))
        for path, problem in wrong:
            findings.errors.append(Problem(place(key, path), problem.code, problem.params))
        if not wrong:
            _Checker(catalog, schemas, types, findings, key).run(values)


class _Checker:
    """The semantic checks of one resolved document."""

    def __init__(
        self,
        catalog: Catalog,
        schemas: Schemas,
        types: FieldTypes,
        findings: Findings,
        key: DocumentKey,
    ) -> None:
        self.catalog = catalog
        self.schemas = schemas
        self.types = types
        self.findings = findings
        self.key = key

    def run(self, values: Leaves) -> None:
        """Check references, expressions, and what is particular to the kind."""
        if self.key.kind == "entity":
            self._fields(values)
        retired = {path[:-1] for path, value in values.items() if path[-1] == "retired" and value}
        standing = [
            (path, value)
            for path, value in values.items()
            if not any(path[: len(gone)] == gone for gone in retired)
        ]
        for path, value in standing:
            for at, rule, target in self._references(path, value):
                self._exists(at, rule, target, self._entity_at(at, values))
        for path, value in standing:
            kind = self.schemas.node(self.key.kind, path).get("x-expr")
            if kind and kind != "formula" and isinstance(value, str):  # those with their field
                text = expand_scope(value) if kind == "scope" else value
                if kind == "scope" and not text:
                    continue  # all records, which is no expression
                self._expression(path, text, self._entity_at(path, values))
        self._particulars()

    def _entity_at(self, path: Path, values: Leaves) -> str:
        """Answer the entity that a leaf is about: the one named nearest above it."""
        if self.key.kind == "entity":
            return self.key.id
        above = ((*path[:depth], "entity") for depth in range(len(path) - 1, -1, -1))
        return next((str(values[one]) for one in above if one in values), "")

    def _particulars(self) -> None:
        """Check what only the kind itself can tell."""
        body = Body.of(self.catalog.resolved(self.key))
        by_kind: dict[str, Callable[[Body], Iterable[Problem]]] = {
            "approval": self._of_approval,
            "calendar": calendar_problems,
            "clock": clock_problems,
            "conversion": lambda _: self._of_conversion(),
            "duplicate_rule": lambda _: duplicate_problems(
                self.catalog.duplicate_rule(self.key.id), self.catalog
            ),
            "form": self._of_form,
            "journey": lambda _: journey_problems(self.catalog.journey(self.key.id), self.catalog),
            "pipeline": lambda _: pipeline_problems(
                self.catalog.pipeline(self.key.id), self.catalog, self.types
            ),
            "role": role_problems,
            "tag_group": lambda _: self._of_tags(),
            "view": lambda one: view_problems(build_view(self.key.id, one), self.catalog),
        }
        of_kind = by_kind.get(self.key.kind)
        found = list(of_kind(body)) if of_kind else []
        for problem in found:
            self._error(tuple(problem.path.split(".")), problem.code, **problem.params)
        if self.key.kind == "calendar" and not found:
            for notice in calendar_notices(self.catalog.calendar(self.key.id)):
                at = place(self.key, tuple(notice.path.split(".")))
                self.findings.warnings.append(Problem(at, notice.code, notice.params))
        if self.key.kind == "clock" and not found:
            self._due_field(self.catalog.clock(self.key.id))

    def _of_approval(self, body: Body) -> Iterator[Problem]:
        found = list(approval_problems(body, self._target_of(body.text("entity"))))
        yield from found
        if not found and self.catalog.has("entity", body.text("entity")):
            approval = self.catalog.approval(self.key.id)
            yield from ApprovalChecker(self.catalog, self.types, approval).problems()

    def _of_tags(self) -> Iterator[Problem]:
        group = self.catalog.tag_group(self.key.id)
        named = {rule.entity for rule in group.rules if self.catalog.has("entity", rule.entity)}
        return rule_problems(group, {one: self.catalog.entity(one) for one in named})

    def _of_conversion(self) -> Iterator[Problem]:
        conversion = self.catalog.conversion(self.key.id)
        return ConversionChecker(self.catalog, self.types, conversion).problems()

    def _of_form(self, body: Body) -> Iterator[Problem]:
        form = build_form(self.key.id, body)
        if self.catalog.has("entity", form.entity):
            entity = self.catalog.entity(form.entity)
            yield from capture_problems(build_capture(body), form.use, form.fields, entity)

    def _target_of(self, entity: str) -> Callable[[tuple[str, ...]], str | None]:
        """Answer what tells to which entity a path of links leads."""
        scope = EntityScope(self.catalog, self.types, entity)

        def target(path: tuple[str, ...]) -> str | None:
            definition = scope.definition(path)
            return None if definition is None else definition.to

        return target

    def _due_field(self, clock: ClockDef) -> None:
        if clock.due_field and self.catalog.has("entity", clock.entity):
            field = self.catalog.entity(clock.entity).field(clock.due_field)
            if field is not None and field.type not in DUE_TYPES:
                self._error(("due_field",), "clock.due_kind", field=clock.due_field)

    def _references(self, path: Path, value: Leaf) -> Iterator[tuple[Path, str, str]]:
        """Yield (place, rule, name) for a leaf and for the collections it stands in."""
        node = self.schemas.node(self.key.kind, path)
        rule = node.get("x-ref")
        if rule and path[-1] != PRESENT and not (node.get("x-any") and value == EVERYTHING):
            names = value if isinstance(value, tuple) else (value,)
            yield from ((path, rule, str(name)) for name in names)
        for depth in range(1, len(path)):
            rule = self.schemas.node(self.key.kind, path[:depth]).get("x-ref")
            if rule and depth + 1 < len(path):
                yield path[: depth + 1], rule, path[depth]

    def _exists(self, path: Path, rule: str, name: str, entity: str) -> None:
        if rule in {"field", "sort"}:
            if entity and self.catalog.has("entity", entity):
                definition = self.catalog.entity(entity)
                if definition.field(name.lstrip("-") if rule == "sort" else name) is None:
                    code = (
                        "metadata.retired_field"
                        if name in definition.retired
                        else "metadata.no_field"
                    )
                    self._error(path, code, field=name, entity=entity)
                elif name in definition.virtual and not self._may_show(path):
                    self._error(path, "metadata.virtual_field", field=name, entity=entity)
        elif name and not self.catalog.has(rule, name):
            self._error(path, "metadata.no_target", kind=rule, name=name)

    def _may_show(self, path: Path) -> bool:
        """Whether a field that is stored nowhere may be named at a place."""
        return self.key.kind in _SHOWING or (self.key.kind == "entity" and path[0] == "rules")

    def _expression(self, path: Path, text: str, entity: str) -> None:
        if not self.catalog.has("entity", entity):
            return
        try:
            check(parse(text), EntityScope(self.catalog, self.types, entity))
        except LooplineError as error:
            at = place(self.key, path)
            self.findings.errors += [
                Problem(at, problem.code, problem.params)
                for problem in error.problems
                if not self._is_told(entity, problem)
            ]

    def _is_told(self, entity: str, problem: Problem) -> bool:
        """Whether an expression only lacks what is lacking at a field, where it was told before.

        A field of an unknown type and a link to nowhere would else be told wherever they are named.
        """
        link, _, far = str(problem.params.get("token")).partition(".")
        known = self.catalog.entity(entity).field(link)
        places = {place(DocumentKey("entity", entity), ("fields", link, at)) for at in _TOLD}
        if far and known is not None:
            places.add(place(DocumentKey("entity", known.to), ("fields", far, "type")))
        return problem.code == "expr.unknown_field" and any(
            one.path in places and one.code in _TOLD.values() for one in self.findings.errors
        )

    def _fields(self, values: Leaves) -> None:
        fields: dict[str, dict[str, Leaf]] = {}
        for path, value in values.items():
            if path[0] == "fields" and len(path) > 2:
                fields.setdefault(path[1], {})[path[2]] = value
        for name, found in fields.items():
            self._field(name, found)
        self._defaults(self.catalog.entity(self.key.id))
        for path, code, params in self._field_problems():
            self._error(path, code, **params)

    def _field_problems(self) -> Iterator[tuple[Path, str, dict[str, object]]]:
        return field_problems(self.catalog.entity(self.key.id), self.catalog, self.types)

    def _field(self, name: str, found: Mapping[str, Any]) -> None:
        path = ("fields", name)
        kind = str(found.get("type"))
        if kind not in self.types:
            self._error(
                (*path, "type"), "metadata.no_type", type=kind, known=", ".join(sorted(self.types))
            )
            return
        allowed = _COMMON | self.types[kind].settings
        if kind in _VIRTUAL:
            allowed -= _OF_STORED
        for setting in sorted(set(found) - allowed):
            self._error((*path, setting), "metadata.no_setting", setting=setting, type=kind)
        if self.types[kind].short_text and found.get("max_length", 0) > LONGEST_SHORT_TEXT:
            params = {"most": LONGEST_SHORT_TEXT, "type": kind}
            self._error((*path, "max_length"), "metadata.too_long", **params)
        if "to" in self.types[kind].settings and kind not in LINK_TARGETS and "to" not in found:
            self._error(path, "metadata.missing", keys="to")

    def _defaults(self, entity: EntityDef) -> None:
        for field in entity.fields.values():
            if field.default is None or field.type not in self.types:
                continue
            default = list(field.default) if isinstance(field.default, tuple) else field.default
            kind = self.types[field.type]
            try:
                value = kind.from_json(field, default)
                wrong = [] if value is None else list(kind.check(field, value))
            except ValueError as error:
                wrong = [error]  # type: ignore[list-item]
            for _ in wrong:
                self._error(("fields", field.id, "default"), "metadata.default", value=str(default))

    def _error(self, path: Path, code: str, **params: object) -> None:
        self.findings.error(place(self.key, path), code, **params)
