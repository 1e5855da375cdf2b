"""Random streams: one per subject, so that a change to one leaves the others as they were."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from loopline.sdk import SeedContext


def stream(context: SeedContext, subject: str) -> Random:
    """Answer the stream of a subject, the same for the same seed."""
    return Random(f"{context.seed}-{subject}")


def many(context: SeedContext, count: int) -> int:
    """Answer how many of something are wanted, of what a whole demo has; at least one."""
    return max(1, round(count * context.scale))
