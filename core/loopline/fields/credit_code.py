"""The credit code field: the unified social credit code of a Chinese organisation."""

import re

from loopline.fields.base import Unreadable, Widget
from loopline.fields.cleaning import excerpt, narrow
from loopline.fields.definition import FieldDef
from loopline.fields.text import ShortTextType

_LENGTH = 18
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015 table 3: no I, O, S, V, Z
_SHAPE = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")
_SPACING = re.compile(r"[\s-]+")


class CreditCodeType(ShortTextType):
    """18 characters, the last of which checks the others."""

    id = "credit_code"
    settings = frozenset()
    longest = _LENGTH

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer the code in upper case without spaces.

        Raises Unreadable ``credit_code.length``, ``.characters`` or ``.check_digit``.
        """
        code = _SPACING.sub("", narrow(text)).upper()
        if not code:
            return ""
        if len(code) != _LENGTH:
            raise Unreadable("credit_code.length", text=excerpt(text), length=len(code))
        if not _SHAPE.fullmatch(code):
            raise Unreadable("credit_code.characters", text=excerpt(text))
        if check_character(code[:-1]) != code[-1]:
            raise Unreadable("credit_code.check_digit", text=excerpt(text))
        return code

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input that leaves room for pasted spaces."""
        return Widget(attributes={"autocomplete": "off", "spellcheck": "false"})


def check_character(body: str) -> str:
    """Answer the 18th character that belongs to 17 others (GB 32100-2015, section 5)."""
    total = sum(_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return _ALPHABET[-total % 31]
