"""Random organisations, roles and records, and what they allow by plain arithmetic.

Nothing here asks the kernel who may do what: :class:`World` says it again from the generated data,
so that a test can hold the kernel against it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, Final

DOCUMENTS: Final = """
kind: entity
id: x_case
format: 1
label: {zh: 案件, en: Case}
title_field: name
traits: {audited: true, searchable: true, owned: true}
fields:
  name:   {type: text, label: {zh: 名称, en: Name}, max_length: 80}
  secret: {type: text, label: {zh: 底价, en: Secret}, group: private}
  phone:  {type: phone, label: {zh: 电话, en: Phone}, group: private}
  mail:   {type: email, label: {zh: 邮箱, en: Mail}}
  amount: {type: integer, label: {zh: 金额, en: Amount}}
  kind:
    type: choice
    label: {zh: 种类, en: Kind}
    options: {big: {label: {zh: 大, en: Big}}, small: {label: {zh: 小, en: Small}}}
  parent: {type: link, to: x_case, label: {zh: 上级, en: Parent}, on_delete: clear}
  helper: {type: user, label: {zh: 协助人, en: Helper}, on_delete: clear}
---
kind: entity
id: x_note
format: 1
label: {zh: 便条, en: Note}
title_field: words
traits: {audited: true, searchable: true}
fields:
  words: {type: text, label: {zh: 内容, en: Words}}
  case:  {type: link, to: x_case, label: {zh: 案件, en: Case}, on_delete: clear}
"""
CASE, NOTE = "x_case", "x_note"
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    CASE: ("name", "secret", "phone", "mail", "amount", "kind", "parent", "helper"),
    NOTE: ("words", "case"),
}
OWNED: Final = ("owner", "department")
ACTIONS: Final = ("read", "update", "create", "delete", "assign", "reveal")
LEVELS: Final = ("none", "mask", "read", "write")
READING: Final = frozenset({"read", "export", "reveal"})
_PRIVATE: Final = frozenset({"secret", "phone"})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """A user: their place, the roles they hold, and whether their token only reads."""

    id: int
    manager: int | None = None
    department: int | None = None
    roles: frozenset[str] = frozenset()
    reading: bool = False


Holds = Callable[["World", Person, Row], bool]


def _own(world: "World", me: Person, row: Row) -> bool:
    return row["owner"] == me.id


def _reports(world: "World", me: Person, row: Row) -> bool:
    return row["owner"] == me.id or row["owner"] in world.below(me.id)


def _department(world: "World", me: Person, row: Row) -> bool:
    here = me.department is not None and row["department"] == me.department
    return row["owner"] == me.id or here


def _tree(world: "World", me: Person, row: Row) -> bool:
    inside = me.department is not None and row["department"] in world.tree(me.department)
    return row["owner"] == me.id or inside


def _all(world: "World", me: Person, row: Row) -> bool:
    return True


def _parent(world: "World", row: Row) -> Row:
    return world.cases.get(row["parent"] or 0, {"owner": None, "department": None, "amount": None})


def _case(world: "World", row: Row) -> Row:
    return world.cases.get(row["case"] or 0, {"owner": None, "department": None, "amount": None})


NAMED: Final[Mapping[str, Holds]] = {
    "": _all,
    "all": _all,
    "own": _own,
    "reports": _reports,
    "department": _department,
    "tree": _tree,
}
WRITTEN: Final[Mapping[str, Mapping[str, Holds]]] = {
    CASE: {
        "amount > 50": lambda w, me, r: r["amount"] is not None and r["amount"] > 50,
        "kind == 'big' || owner == me": lambda w, me, r: r["kind"] == "big" or r["owner"] == me.id,
        "helper == me && !(amount > 50)": lambda w, me, r: (
            r["helper"] == me.id and not (r["amount"] is not None and r["amount"] > 50)
        ),
        "parent.owner == me": lambda w, me, r: _parent(w, r)["owner"] == me.id,
        "is_blank(owner)": lambda w, me, r: r["owner"] is None,
        "in_tree(parent.department, me.department)": lambda w, me, r: (
            me.department is not None and _parent(w, r)["department"] in w.tree(me.department)
        ),
        "owner.department == me.department": lambda w, me, r: (
            me.department is not None and w.department_of(r["owner"]) == me.department
        ),
    },
    NOTE: {
        "case.owner == me": lambda w, me, r: _case(w, r)["owner"] == me.id,
        "case.amount > 50 || is_blank(case)": lambda w, me, r: (
            r["case"] is None or (_case(w, r)["amount"] or 0) > 50
        ),
        "in_reports(case.owner, me)": lambda w, me, r: _case(w, r)["owner"] in w.below(me.id),
    },
}
MISTAKEN: Final = "no_such_field == 1"
"""What a plugin demands that nobody can understand: nothing is left."""


@dataclass(frozen=True)
class Given:
    """A grant as a role document says it."""

    role: str
    entity: str
    actions: frozenset[str]
    withhold: frozenset[str]
    scope: str
    departments: frozenset[str]
    fields: Mapping[str, str]

    @property
    def all_actions(self) -> frozenset[str]:
        """The actions with those they bring, withheld ones left out."""
        brought = {"read": "export", "create": "import", "delete": "restore"}
        more = {brought[one] for one in self.actions if one in brought}
        return self.actions | (more - self.withhold)

    def body(self) -> dict[str, Any]:
        """Answer the grant as a document has it."""
        said = {
            "entity": self.entity,
            "actions": sorted(self.actions),
            "withhold": sorted(self.withhold),
            "scope": self.scope,
            "departments": sorted(self.departments),
            "fields": dict(self.fields),
        }
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True)
class Law:
    """Everything that is published: the roles, and what a plugin demands besides, by entity."""

    grants: tuple[Given, ...]
    demands: Mapping[str, str]

    @property
    def roles(self) -> tuple[str, ...]:
        """The ids of the roles."""
        return tuple(dict.fromkeys(one.role for one in self.grants))

    def documents(self) -> str:
        """Answer the roles as documents."""
        texts = []
        for role in self.roles:
            grants = {
                f"g{at}": one.body() for at, one in enumerate(self.grants) if one.role == role
            }
            label = {"zh": role, "en": role}
            body = {"kind": "role", "id": role, "format": 1, "label": label, "grants": grants}
            texts.append(json.dumps(body))
        return "\n---\n".join(texts)


def seeded(text: str) -> Random:
    """Answer the chance of a test: the same at every run."""
    return Random(text)  # noqa: S311 no secret


CODES: Final = ("north", "south", "east", "west")


def random_law(rng: Random, name: str) -> Law:
    """Answer eight roles of one to three grants, and now and then a demand of a plugin."""
    grants = [
        _random_grant(rng, f"{name}_r{role}") for role in range(8) for _ in range(rng.randint(1, 3))
    ]
    demands = {
        entity: rng.choice([*texts, *texts, MISTAKEN])
        for entity, texts in WRITTEN.items()
        if rng.random() < 0.25
    }
    return Law(tuple(grants), demands)


def _random_grant(rng: Random, role: str) -> Given:
    entity = rng.choice([CASE, CASE, CASE, NOTE, NOTE, "*"])
    actions = {"*"} if rng.random() < 0.15 else set(rng.sample(ACTIONS, rng.randint(1, 4)))
    if rng.random() < 0.6:
        actions |= {"read"}
    named = list(NAMED)
    scopes = {CASE: [*named, *WRITTEN[CASE]], NOTE: ["", *WRITTEN[NOTE]], "*": named}[entity]
    names = [*FIELDS.get(entity, FIELDS[CASE]), "private", "owner"]
    chosen = rng.sample(names, rng.randint(0, 3))
    return Given(
        role=role,
        entity=entity,
        actions=frozenset(actions),
        withhold=frozenset({"export"} if rng.random() < 0.2 else ()),
        scope=rng.choice(scopes),
        departments=frozenset(
            rng.sample(CODES, rng.randint(1, 2)) if entity == CASE and rng.random() < 0.15 else ()
        ),
        fields={one: rng.choice(LEVELS) for one in chosen},
    )


@dataclass(frozen=True)
class World:
    """An organisation with its records, under a law; ids are those of the database."""

    law: Law
    parents: Mapping[int, int | None]
    codes: Mapping[int, str]
    people: Mapping[int, Person]
    cases: Mapping[int, Row] = field(default_factory=dict)
    notes: Mapping[int, Row] = field(default_factory=dict)

    def with_records(self, cases: Mapping[int, Row], notes: Mapping[int, Row]) -> "World":
        """Answer the world with these records."""
        return replace(self, cases=cases, notes=notes)

    def rows(self, entity: str) -> Mapping[int, Row]:
        """Answer the records of an entity."""
        return self.cases if entity == CASE else self.notes

    def department_of(self, user: int | None) -> int | None:
        """Answer where a user stands now."""
        found = self.people.get(user or 0)
        return None if found is None else found.department

    def below(self, user: int) -> frozenset[int]:
        """Answer who reports to a user, at any level, the user left out."""
        managers = {one.id: one.manager for one in self.people.values()}
        return _below(managers, user) - {user}

    def tree(self, department: int) -> frozenset[int]:
        """Answer a department with all below it."""
        return _below(self.parents, department) | {department}

    def _grants(self, me: Person, entity: str, action: str) -> Iterator[Given]:
        if me.reading and action not in READING:
            return
        for one in self.law.grants:
            about = self._about(one, entity)
            if one.role in me.roles and about and one.all_actions & {action, "*"}:
                yield one

    @staticmethod
    def _about(one: Given, entity: str) -> bool:
        """Whether a grant is about an entity; a scoped one for all is not where nobody owns."""
        widely = entity == CASE or one.scope in {"", "all"}
        return one.entity == entity or (one.entity == "*" and widely)

    def anywhere(self, me: Person, entity: str, action: str) -> bool:
        """Whether the action is allowed on any record at all."""
        return any(True for _ in self._grants(me, entity, action))

    def may(self, me: Person, action: str, entity: str, row: Row) -> bool:
        """Whether the action is allowed on a record as the row has it."""
        demanded = self.law.demands.get(entity, "")
        if demanded and (demanded == MISTAKEN or not WRITTEN[entity][demanded](self, me, row)):
            return False
        return any(self._holds(one, me, entity, row) for one in self._grants(me, entity, action))

    def _holds(self, one: Given, me: Person, entity: str, row: Row) -> bool:
        holds = NAMED.get(one.scope) or WRITTEN[entity][one.scope]
        chosen = not one.departments or self.codes.get(row["department"] or 0) in one.departments
        return chosen and holds(self, me, row)

    def allowed(self, me: Person, action: str, entity: str) -> set[int]:
        """Answer the records on which the action is allowed."""
        return {one for one, row in self.rows(entity).items() if self.may(me, action, entity, row)}

    def level(self, me: Person, entity: str, name: str) -> str:
        """Answer how much of a field somebody gets."""
        found = "none"
        for one in self.law.grants:
            if one.role in me.roles and self._about(one, entity):
                found = max(found, self._level(one, entity, name), key=LEVELS.index)
        return "read" if found == "write" and me.reading else found

    def _level(self, one: Given, entity: str, name: str) -> str:
        group = "private" if entity == CASE and name in _PRIVATE else ""
        said = one.fields.get(name) or one.fields.get(group)
        if said:
            return said
        if one.all_actions & {"create", "update", "*"}:
            return "write"
        return "read" if one.all_actions & {"read", "*"} else "none"


def _below(above: Mapping[int, int | None], top: int) -> frozenset[int]:
    found: set[int] = set()
    waiting = {top}
    while waiting:
        waiting = {one for one, over in above.items() if over in waiting} - found
        found |= waiting
    return frozenset(found)


def random_people(
    rng: Random, law: Law, users: Sequence[int], places: Sequence[int]
) -> list[Person]:
    """Answer users with managers (circles too), departments or none, and up to three roles."""
    return [
        Person(
            id=one,
            manager=rng.choice([None, *users]),
            department=rng.choice([None, *places, *places]),
            roles=frozenset(rng.sample(law.roles, rng.randint(0, 3))),
            reading=rng.random() < 0.15,
        )
        for one in users
    ]


def random_case(
    rng: Random, number: int, users: Sequence[int], places: Sequence[int]
) -> dict[str, Any]:
    """Answer a case whose texts are found nowhere else."""
    return {
        "name": f"alpha n{number:04d}q",
        "secret": f"bravo s{number:04d}q" if rng.random() < 0.8 else None,
        "phone": f"+86138{number:04d}{rng.randint(1000, 9999)}" if rng.random() < 0.8 else None,
        "mail": f"m{number:04d}charlie@delta.example" if rng.random() < 0.8 else None,
        "amount": rng.choice([None, 10, 50, 51, 900]),
        "kind": rng.choice([None, "big", "small"]),
        "helper": rng.choice([None, *users]),
        "owner": rng.choice([None, *users, *users]),
        "department": rng.choice([None, *places]),
        "parent": None,
    }
