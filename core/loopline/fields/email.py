"""The e-mail field: an address that mail servers take."""

import re

from loopline.fields.base import Unreadable, Widget
from loopline.fields.cleaning import excerpt, narrow
from loopline.fields.definition import FieldDef
from loopline.fields.text import ShortTextType

# RFC 5321 section 4.5.3.1: 64 octets before the @, 255 of domain, 254 in all (RFC 3696 erratum).
_LONGEST_LOCAL, _LONGEST_DOMAIN, _LONGEST = 64, 253, 254
_ATOM = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")


class EmailType(ShortTextType):
    """One address; the domain is lower-cased, international names are kept as letters."""

    id = "email"
    longest = _LONGEST

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer the address of ``a@b.c``, ``mailto:a@b.c`` or ``Name <a@b.c>``.

        Raises Unreadable ``email.invalid``.
        """
        address = narrow(text)
        if named := _NAMED.fullmatch(address):
            address = named[1].strip()
        if address[:7].lower() == "mailto:":
            address = address[7:]
        if not address:
            return ""
        local, at, domain = address.rpartition("@")
        domain = domain.lower()
        if not at or not _local_is_valid(local) or not domain_is_valid(domain):
            raise Unreadable("email.invalid", text=excerpt(text))
        return f"{local}@{domain}"

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input that brings up the keyboard for addresses."""
        return Widget(input_type="email", attributes={"maxlength": str(_LONGEST)})


def domain_is_valid(domain: str) -> bool:
    """Answer whether ``domain`` is a lower-case host name of two labels or more (RFC 1123)."""
    try:
        # The codec also refuses empty labels and labels above 63 octets.
        ascii_form = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        return False
    labels = ascii_form.split(".")
    return (
        len(ascii_form) <= _LONGEST_DOMAIN
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )


def _local_is_valid(local: str) -> bool:
    return len(local.encode()) <= _LONGEST_LOCAL and _LOCAL.fullmatch(local) is not None
