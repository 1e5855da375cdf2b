"""Breaking a transaction at its n-th statement, before or after it ran."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy import event

Moment = Literal["before", "after"]


class Broken(Exception):
    """The fault that was asked for."""


class Fault:
    """Counts statements and raises at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.seen = 0

    def __call__(self, *_details: Any) -> None:
        self.seen += 1
        if self.seen == self.at:
            raise Broken(f"statement {self.at}")


@contextmanager
def fault(engine: sa.Engine, moment: Moment, at: int) -> Iterator[Fault]:
    """Raise Broken around the ``at``-th statement of whatever runs inside."""
    name = f"{moment}_cursor_execute"
    broken = Fault(at)
    event.listen(engine, name, broken)
    try:
        yield broken
    finally:
        event.remove(engine, name, broken)
