"""What is asked of an import, and what came of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from loopline.errors import Problem
from loopline.language import Label
from loopline.store.imports import ImportRun

OnMatch = Literal["", "skip", "update", "fill", "error"]


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportOptions:
    """How a file is read and written; everything left out is detected or has its default.

    ``mapping`` is the text of a mapping file. ``key`` names the field by which rows find their
    record, ``on_match`` what happens to a record that was found. ``assign`` and ``flows`` say
    whether rules of assignment and flows follow; without such rules they change nothing.
    ``mine`` makes new records without an owner in the file the importer's own.
    """

    mapping: str = ""
    sheet: str = ""
    encoding: str = ""
    separator: str = ""
    key: str = ""
    on_match: OnMatch = ""
    dry_run: bool = False
    assign: bool = True
    flows: bool = True
    mine: bool = False

    def to_json(self) -> dict[str, Any]:
        """Answer the options as they are stored with the run."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "ImportOptions":
        """Answer stored options; what another version knew is left out."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: value for name, value in stored.items() if name in known})


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportRequest:
    """One file for one entity. ``content`` is where the file lies now; it is copied."""

    entity: str
    file_name: str
    content: Path
    options: ImportOptions = field(default_factory=ImportOptions)


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """What undoing an import has come to: records in the bin, set back, and left as they are.

    ``reasons`` tell of the first that are left, each with its ``entity/id`` as path; a record
    that was set back in part counts twice.
    """

    removed: int = 0
    reverted: int = 0
    kept: int = 0
    reasons: tuple[Problem, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportReport:
    """An import as it stands: counts, and what was made of each heading.

    ``matched`` gives (heading, field, by what a link is found), ``unmatched`` a reason for every
    column that nobody could place, ``ignored`` one for those left out on purpose. ``from_memory``
    tells that a remembered mapping was used, ``mapping`` is a mapping file of all this, to be
    mended, ``look_alikes`` how many of the created have an exact key of another by a duplicate
    rule. ``failure`` tells why it broke off, ``undone`` is None unless it was undone, or is being
    so.
    """

    id: int
    entity: str
    file_name: str
    state: str
    dry_run: bool
    total: int | None
    created: int
    updated: int
    skipped: int
    failed: int
    look_alikes: int
    matched: tuple[tuple[str, str, str], ...]
    unmatched: tuple[Problem, ...]
    ignored: tuple[Problem, ...]
    from_memory: bool
    mapping: str
    failure: Sequence[Problem]
    undone: Undone | None


def report_of(run: ImportRun) -> ImportReport:
    """Answer the report of a run."""
    notes = run.notes
    return ImportReport(
        id=run.id,
        entity=run.entity,
        file_name=run.file_name,
        state=run.state,
        dry_run=bool(run.options.get("dry_run")),
        total=run.total,
        created=run.created,
        updated=run.updated,
        skipped=run.skipped,
        failed=run.failed,
        look_alikes=int(notes.get("look_alikes", 0)),
        matched=tuple((one[0], one[1], one[2]) for one in notes.get("matched", ())),
        unmatched=tuple(map(_problem, notes.get("unmatched", ()))),
        ignored=tuple(map(_problem, notes.get("ignored", ()))),
        from_memory=bool(notes.get("from_memory")),
        mapping=str(notes.get("mapping", "")),
        failure=run.failure,
        undone=undone_of(run),
    )


def undone_of(run: ImportRun) -> Undone | None:
    """Answer what undoing a run has come to; None where nobody undid it."""
    found = run.notes.get("undone")
    if found is None:
        return None
    return Undone(
        removed=found["removed"],
        reverted=found["reverted"],
        kept=found["kept"],
        reasons=tuple(map(_problem, found["reasons"])),
    )


def noted(one: Problem) -> list[object]:
    """Answer a problem as it is kept with the run, labels in every language."""
    params = {k: dict(v) if isinstance(v, Label) else v for k, v in one.params.items()}
    return [one.path, one.code, params]


def _problem(kept: Any) -> Problem:
    """Answer a reason as it was kept; runs of earlier versions kept the heading alone."""
    if isinstance(kept, str):
        return Problem(f"columns.{kept}", "import.column_ignored", {"column": kept})
    path, code, params = kept
    told = {name: Label(one) if isinstance(one, dict) else one for name, one in params.items()}
    return Problem(path, code, told)
