"""Findings: what is wrong or doubtful about a candidate, collected before anything is changed."""

from dataclasses import dataclass, field

from loopline.errors import Problem
from loopline.meta.document import DocumentKey, Path, dotted


@dataclass(slots=True)
class Findings:
    """Errors keep a candidate from being published; warnings are shown beside the plan."""

    errors: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def error(self, place: str, code: str, **params: object) -> None:
        """Note something that must be mended first."""
        self.errors.append(Problem(place, code, params))

    def warn(self, place: str, code: str, **params: object) -> None:
        """Note something that a person should look at."""
        self.warnings.append(Problem(place, code, params))


def place(key: DocumentKey, path: Path = (), layer: str = "") -> str:
    """Answer how a place in a document is written: ``site: entity/lead fields.budget.label``."""
    where = f"{key} {dotted(path)}".rstrip()
    return f"{layer}: {where}" if layer else where
