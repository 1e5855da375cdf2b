"""Rights in words: actions, scopes and why a scope holds, in one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from loopline.access.context import Context
from loopline.errors import LooplineError
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.prose import Prose
from loopline.expr.python import compile_predicate
from loopline.expr.trace import told, trace
from loopline.expr.tree import Node
from loopline.meta.entities import EntityDef
from loopline.meta.naming import EntityNames
from loopline.meta.roles import EVERYTHING, NAMED_SCOPES
from loopline.meta.scope import EntityScope
from loopline.services.actions import actions_of
from loopline.services.expressions import followed, linked_records, values_of
from loopline.services.permits import row_of
from loopline.services.titles import titles
from loopline.store.rows import Record

_NAMES: Final[Mapping[str, str]] = {
    text: name for name, text in reversed(tuple(NAMED_SCOPES.items())) if text
}
"""The name of a scope, by the expression that it stands for."""


@dataclass(frozen=True, slots=True)
class AccessWords:
    """Tells the rights of ``subject`` on an entity to ``asker``."""

    asker: Context
    subject: Context
    entity: EntityDef
    language: str

    def say(self, key: str, **params: object) -> str:
        """Answer a text of the area ``access``."""
        return self.asker.messages.say(f"access.{key}", self.language, **params)

    def action(self, action: str) -> str:
        """Answer what an action is called: by the kernel, by who declares it, or its id."""
        return self._called(action) or action

    def known(self, action: str) -> bool:
        """Whether there is such an action on the entity, or a role that names it."""
        return bool(self._called(action)) or any(
            action in grant.actions
            for role in self.asker.snapshot.catalog.roles()
            for grant in role.grants
            if grant.entity == self.entity.id
        )

    def _called(self, action: str) -> str:
        key = f"access.action.{action}"
        said = self.asker.messages.say(key, self.language)
        if said != key:
            return said
        labels = {one.action.id: one.action.label for one in actions_of(self.asker, self.entity.id)}
        return self.say("do", action=labels[action]) if action in labels else ""

    def plugin(self, plugin: str) -> str:
        """Answer what a plugin is called."""
        manifest = self.asker.calls.plugins.manifests.get(plugin)
        return manifest.title.to(self.language) if manifest is not None else plugin

    def granted(self, entity: str) -> str:
        """Answer what a grant on an entity is about."""
        if entity == EVERYTHING:
            return self.say("everything")
        return self.say("records", entity=self.entity.label)

    def thing(self, record: Record | None) -> str:
        """Answer what is spoken of: a record by its title, or all of the entity."""
        label = self.entity.label.to(self.language)
        if record is None:
            return self.say("records", entity=label)
        return self.say("record", entity=label, title=self.title(self.entity.id, record.id))

    def title(self, entity: str, record: int) -> str:
        """Answer what a record is called, for who asks."""
        return titles(self.asker, entity, [record]).get(record, f"#{record}")

    def role(self, role: str) -> str:
        """Answer what a role is called."""
        return self.asker.snapshot.catalog.role(role).label.to(self.language)

    def scope(self, text: str) -> str:
        """Answer a scope in words; its expression where it cannot be understood any more."""
        if text in _NAMES:
            return self.say(f"scope.{_NAMES[text]}")
        if not text:
            return self.say("scope.all")
        node = self._node(text)
        if node is None:
            return text
        return self._prose.tell(node) if self._may_be_told(node) else self.say("scope.hidden")

    def outcome(self, text: str, record: Record) -> str:
        """Answer whether a scope holds for a record, and the facts that decide."""
        node = self._node(text)
        if node is None:
            return self.say("scope.mistaken")
        row = row_of(record)
        links = followed(references(node))
        linked = linked_records(self.subject, self.entity.id, links, [row])
        values = values_of(row, linked)
        if not self._may_be_told(node):
            holds = compile_predicate(node)(values, self.subject.moment)
            return self.say("scope.holds" if holds else "scope.fails")
        return told(trace(node, values, self.subject.moment), values, self._prose)

    def _may_be_told(self, node: Node) -> bool:
        """Whether an expression names nothing that who asks may not read."""
        rights = self.asker.rights
        if rights.unrestricted:
            return True
        paths = references(node)
        return all(
            len(path) == 1 and rights.level(self.entity, path[0]) in {"read", "write"}
            for path in paths
        )

    @property
    def _prose(self) -> Prose:
        return Prose(EntityNames(self._scope, self.title), self.language, self.asker.messages)

    @property
    def _scope(self) -> EntityScope:
        snapshot = self.asker.snapshot
        return EntityScope(snapshot.catalog, snapshot.types, self.entity.id)

    def _node(self, text: str) -> Node | None:
        try:
            return check(parse(text), self._scope)
        except LooplineError:
            return None
