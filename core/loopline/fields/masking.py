"""Masks: what is left of a value for people who may know that it is there, not what it is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from loopline.fields.definition import FieldDef

HIDDEN: Final = "****"


@dataclass(frozen=True, slots=True)
class Masked:
    """Stands in a record for a value its viewer gets masked; ``text`` is all they see."""

    text: str

    def __str__(self) -> str:
        return self.text


def mask(field: FieldDef, text: str) -> Masked:
    """Mask a value's text by the field's ``mask`` setting, else by what suits its type."""
    return Masked(_MASKS.get(field.mask or field.type, _everything)(text))


def _phone(text: str) -> str:
    """Keep three digits and the last four: 138****1234, as Chinese bills print them."""
    digits = "".join(one for one in text if one.isdigit())
    national = digits[2:] if digits.startswith("86") and len(digits) == 13 else digits
    return f"{national[:3]}****{national[-4:]}" if len(national) >= 9 else f"****{national[-2:]}"


def _email(text: str) -> str:
    local, at, domain = text.rpartition("@")
    return f"{local[:1]}***{at}{domain}" if at else HIDDEN


def _last_four(text: str) -> str:
    return f"****{text[-4:]}" if len(text) > 6 else HIDDEN


def _first(text: str) -> str:
    return f"{text[:1]}**"


def _everything(text: str) -> str:
    return HIDDEN


_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "phone": _phone,
    "email": _email,
    "credit_code": _last_four,
    "last4": _last_four,
    "name": _first,
    "all": _everything,
}
MASKS: Final = tuple(_MASKS)
"""The masks that a field may name."""
