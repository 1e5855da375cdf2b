"""The tags field: any number of the tags that tag groups hold."""

from collections.abc import Iterator
from typing import cast

from loopline.fields.base import StorageKind, Unreadable, Widget
from loopline.fields.definition import FieldDef, Option
from loopline.fields.multi_choice import MultiChoiceType


class TagsType(MultiChoiceType):
    """A tuple of codes in the order of groups and levels.

    Read and written like a multiple choice; each tag is kept in a row of its own as well, so that
    the records that have a tag are found by an index.
    """

    id = "tags"
    settings = frozenset({"groups"})
    member_kind = StorageKind.CODE

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem for each tag that is gone or retired, or the second of its group."""
        yield from super().check(definition, value)
        first: dict[str, Option] = {}
        for code in cast("tuple[str, ...]", value):
            one = definition.options.get(code)
            if one is not None and one.exclusive and first.setdefault(one.group, one) is not one:
                yield Unreadable("tags.exclusive", one=first[one.group].label, other=one.label)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer tick boxes by group."""
        return Widget(name="tags")

    def members(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the codes."""
        return cast("tuple[object, ...]", value)
