"""Numbering: how the codes of records are made."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from loopline.meta.body import Body


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberingDef:
    """A pattern with ``{n}`` and parts of the date, and when counting starts again."""

    id: str
    pattern: str
    start: int
    restart: str

    def period(self, day: date) -> str:
        """Answer the name of the period within which numbers are unique."""
        periods = {
            "year": f"{day:%Y}",
            "month": f"{day:%Y-%m}",
            "day": f"{day:%Y-%m-%d}",
        }
        return periods.get(self.restart, "")

    def codes(self, numbers: Iterable[int], day: date) -> list[str]:
        """Answer the codes with those numbers, made on that day."""
        parts = {"yyyy": f"{day:%Y}", "yy": f"{day:%y}", "mm": f"{day:%m}", "dd": f"{day:%d}"}
        return [self.pattern.format(n=number, **parts) for number in numbers]


def build_numbering(name: str, body: Body) -> NumberingDef:
    """Build a numbering from its resolved document."""
    return NumberingDef(
        id=name,
        pattern=body.text("pattern"),
        start=body.integer("start", 1),
        restart=body.text("restart", "never"),
    )
