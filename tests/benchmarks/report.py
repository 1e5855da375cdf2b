"""One table of what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

OURS: Final = "Loopline"
BY_HAND: Final = "by hand"
DJANGO: Final = "Django"
LOWER_IS_BETTER: Final = frozenset({"s", "ms", "MB"})


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measurement of ours and of those beside, in one unit; not all can do all work."""

    work: str
    database: str
    rows: int
    clients: int = 1
    found: Mapping[str, float]
    unit: str = "/s"
    p50: float | None = None
    p95: float | None = None
    note: str = ""

    def cells(self) -> tuple[str, ...]:
        """Answer the cells of the table."""
        times = [f"{one * 1000:.1f}" if one is not None else "" for one in (self.p50, self.p95)]
        return (
            self.work,
            self.database,
            f"{self.rows:,}",
            str(self.clients),
            self._figure(OURS),
            self._figure(BY_HAND),
            self._ratio(BY_HAND),
            self._figure(DJANGO),
            self._ratio(DJANGO),
            *times,
            self.note,
        )

    def _figure(self, whose: str) -> str:
        if whose not in self.found:
            return ""
        value = self.found[whose]
        return f"{value:,.0f} {self.unit}" if value >= 10 else f"{value:.3g} {self.unit}"

    def _ratio(self, whose: str) -> str:
        """Answer how many times as good ours is: 2 is twice the rate, or half the time."""
        if whose not in self.found:
            return ""
        ratio = self.found[OURS] / self.found[whose]
        return f"{1 / ratio if self.unit in LOWER_IS_BETTER else ratio:.2g}"


_HEAD: Final = (
    "work",
    "database",
    "rows",
    "clients",
    OURS,
    BY_HAND,
    "ratio",
    DJANGO,
    "ratio",
    "p50 ms",
    "p95 ms",
    "note",
)


@dataclass
class Report:
    """The lines of a run, in the order they were measured."""

    lines: list[Line] = field(default_factory=list)

    def add(self, line: Line) -> None:
        """Keep a line."""
        self.lines.append(line)

    def table(self) -> str:
        """Answer a Markdown table."""
        rows = [_HEAD, tuple("---" for _ in _HEAD), *(line.cells() for line in self.lines)]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
