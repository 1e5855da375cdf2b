"""The page of handing over."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldingRow:
    """Records that somebody holds."""

    label: str = field(metadata=described("What they are."))
    count: int = field(metadata=described("How many."))
    href: str = field(metadata=described("Their list."))


@dataclass(frozen=True, kw_only=True, slots=True)
class HandoverContext(PageContext):
    """What somebody holds, and who is to have it. Sends ``to``."""

    template: ClassVar[str] = "pages/handover.html"

    rows: tuple[HoldingRow, ...] = field(metadata=described("Their records by entity."))
    seats: int = field(metadata=described("How many approvals wait for them."))
    action: str = field(metadata=described("Where the form posts."))
