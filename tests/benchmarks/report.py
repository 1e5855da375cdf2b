"""One table of what was measured."""

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Line:
    """One measurement of ours beside the one it is compared with."""

    work: str
    database: str
    rows: int
    clients: int = 1
    ours: float
    beside: float
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
            f"{self.ours:,.0f} {self.unit}",
            f"{self.beside:,.0f} {self.unit}",
            f"{self.ours / self.beside:.2f}",
            *times,
            self.note,
        )


_HEAD = (
    "work",
    "database",
    "rows",
    "clients",
    "Loopline",
    "beside",
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
