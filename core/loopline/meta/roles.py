"""Roles: which actions on which records, and how much of their fields."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from loopline.errors import Problem
from loopline.language import Label
from loopline.meta.body import Body
from loopline.meta.entities import EntityDef

EVERYTHING: Final = "*"
"""As an entity or an action: all of them."""
NAMED_SCOPES: Final[Mapping[str, str]] = {
    "": "",
    "all": "",
    "own": "owner == me",
    "reports": "owner == me || in_reports(owner, me)",
    "department": "owner == me || department == me.department",
    "tree": "owner == me || in_tree(department, me.department)",
}
"""Shorthand for the scopes that every client asks for; a blank expression is all records."""
_NARROW: Final = frozenset({"none", "mask"})
_BROUGHT: Final[Mapping[str, str]] = {
    "read": "export",
    "create": "import",
    "delete": "restore",
}
"""Actions that come with another one unless a grant withholds them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """One permission. ``scope`` is an expression over the record, blank for all of them.

    ``actions`` already holds what others bring with them; ``fields`` says, by field or field
    group, how much its holders get: none, mask, read or write.
    """

    role: str
    id: str
    entity: str
    actions: frozenset[str]
    scope: str
    fields: Mapping[str, str]

    def allows(self, action: str) -> bool:
        """Whether the grant is for the action."""
        return action in self.actions or EVERYTHING in self.actions


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleDef:
    """A role. One for ``everyone`` holds without being given."""

    id: str
    label: Label
    help: Label
    everyone: bool
    grants: tuple[Grant, ...]


def expand_scope(text: str) -> str:
    """Answer the expression behind a scope: what a name stands for, or the text itself."""
    return NAMED_SCOPES.get(text.strip(), text)


def narrowed_fields(roles: Iterable[RoleDef], entity: EntityDef) -> frozenset[str]:
    """Answer the fields of an entity that some role keeps from its holders, or masks."""
    said = {
        name
        for role in roles
        for grant in role.grants
        if grant.entity in {entity.id, EVERYTHING}
        for name, level in grant.fields.items()
        if level in _NARROW
    }
    if not said:
        return frozenset()
    return frozenset(one.id for one in entity.fields.values() if said & {one.id, one.group})


def narrowing(roles: Iterable[RoleDef]) -> bool:
    """Whether any role keeps any field from its holders, or masks it."""
    return any(
        level in _NARROW for role in roles for one in role.grants for level in one.fields.values()
    )


def role_problems(body: Body) -> Iterator[Problem]:
    """Yield what is wrong with a resolved role, at paths within it."""
    for name, grant in body.elements("grants"):
        if grant.text("entity") == EVERYTHING and grant.text("scope").strip() not in NAMED_SCOPES:
            known = ", ".join(sorted(filter(None, NAMED_SCOPES)))
            yield Problem(f"grants.{name}.scope", "role.scope_of_all", {"known": known})


def build_role(role: str, body: Body) -> RoleDef:
    """Build a role from its resolved document."""
    return RoleDef(
        id=role,
        label=body.label("label"),
        help=body.label("help"),
        everyone=body.flag("everyone"),
        grants=tuple(_build_grant(role, name, one) for name, one in body.elements("grants")),
    )


def _build_grant(role: str, name: str, body: Body) -> Grant:
    actions = frozenset(body.texts("actions"))
    brought = {more for action, more in _BROUGHT.items() if action in actions}
    return Grant(
        role=role,
        id=name,
        entity=body.text("entity"),
        actions=actions | (brought - frozenset(body.texts("withhold"))),
        scope=_scope(expand_scope(body.text("scope")), body.texts("departments")),
        fields={field: str(level) for field, level in body.raw("fields").items()},
    )


def _scope(text: str, departments: tuple[str, ...]) -> str:
    if not departments:
        return text
    codes = ", ".join(f'"{code}"' for code in departments)
    chosen = f"department.code in [{codes}]"
    return f"({text}) && {chosen}" if text else chosen
