"""Whether somebody may be written to: an address, no word against it."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Context, Record
from loopline_loyalty.found import text

CONTACT: Final = "contact"
SUPPRESSION: Final = "suppression"
_CHANNELS: Final = frozenset({"email", "all"})


def reachable(ctx: Context, contacts: Iterable[Record]) -> list[Record]:
    """Answer those who have an e-mail address, are still there, and did not decline mail."""
    asked = [
        one
        for one in contacts
        if text(one, "email")
        and one.value("left_at") is None
        and one.value("consent_email") is not False
    ]
    by_contact = ctx.among(SUPPRESSION, CONTACT, [one.id for one in asked])
    by_address = ctx.among(SUPPRESSION, "address", {text(one, "email") for one in asked})
    against = [one for one in (*by_contact, *by_address) if one.value("channel") in _CHANNELS]
    people = {one.value(CONTACT) for one in against}
    addresses = {text(one, "address").casefold() for one in against} - {""}
    return [
        one
        for one in asked
        if one.id not in people and text(one, "email").casefold() not in addresses
    ]
