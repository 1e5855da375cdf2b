"""The code field: the short name of a record, given by a numbering or typed."""

from loopline.fields.base import Widget
from loopline.fields.cleaning import narrow
from loopline.fields.definition import FieldDef
from loopline.fields.text import ShortTextType


class CodeType(ShortTextType):
    """A code such as ``HT-2026-0001``; full-width signs become ASCII, letters keep their case."""

    id = "code"
    settings = frozenset({"numbering", "max_length"})
    longest = 64

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer ``text`` in one line and NFKC. Raises Unreadable."""
        return narrow(text)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input that browsers neither correct nor complete."""
        limit = definition.max_length or self.longest
        return Widget(
            attributes={"maxlength": str(limit), "autocomplete": "off", "spellcheck": "false"}
        )
