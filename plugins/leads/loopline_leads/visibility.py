"""Who sees what lies in a pool: its members, or everybody where it is open."""

from collections.abc import Iterable
from typing import Final

from loopline.sdk import Scoping
from loopline_leads.leads import LEAD

MEMBERS_ONLY: Final = (
    "is_blank(pool) || !is_blank(owner) || pool.open == true || in_members(pool, me)"
)
_MAKING: Final = frozenset({"create", "import"})


def restrictions(event: Scoping) -> Iterable[str]:
    """Answer what a lead must satisfy besides the grants.

    Making one is free: whoever enters a lead may have it end in a pool they do not see into.
    """
    return [MEMBERS_ONLY] if event.entity == LEAD and event.action not in _MAKING else []
