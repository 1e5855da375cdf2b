"""Who sees what lies in a pool: its members, or everybody where it is open."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Scoping
from loopline_leads.pooled import POOLED, Pooled

_MAKING: Final = frozenset({"create", "import"})


def restrictions(event: Scoping) -> Iterable[str]:
    """Answer what a lead or customer must satisfy besides the grants.

    Making one is free: whoever enters a lead may have it end in a pool they do not see into.
    """
    what = POOLED.get(event.entity)
    return [members_only(what)] if what and event.action not in _MAKING else []


def members_only(what: Pooled) -> str:
    """Answer the condition that a record has an owner or lies in a pool that one sees into."""
    pool = what.field("pool")
    opened = f"{pool}.open == true || in_members({pool}, me)"
    return f"is_blank({pool}) || !is_blank(owner) || {opened}"
