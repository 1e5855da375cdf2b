"""What the fields, options and records of an entity are called, for expressions told to people."""

from collections.abc import Callable
from dataclasses import dataclass

from loopline.meta.scope import EntityScope


@dataclass(frozen=True, slots=True)
class EntityNames:
    """The labels of one entity; implements :class:`loopline.expr.prose.Names`.

    ``title`` answers what a record of an entity is called.
    """

    scope: EntityScope
    title: Callable[[str, int], str] = lambda entity, record: f"#{record}"

    def field(self, path: tuple[str, ...], language: str) -> str:
        """Answer the label of a field, those of the links before it first."""
        steps = [path[: end + 1] for end in range(len(path))]
        found = [self.scope.definition(step) for step in steps]
        names = zip(path, found, strict=True)
        return " · ".join(one.label.to(language) if one else name for name, one in names)

    def option(self, path: tuple[str, ...], code: str, language: str) -> str:
        """Answer the label of a choice, the text itself where it is none."""
        definition = self.scope.definition(path)
        option = definition.options.get(code) if definition else None
        return option.label.to(language) if option else code

    def record(self, path: tuple[str, ...], record: int) -> str:
        """Answer the title of a record that the link at ``path`` may point to."""
        definition = self.scope.definition(path)
        return self.title(definition.to, record) if definition and definition.to else str(record)
