"""A report as its document says it: the question, its parameters, and how it is laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from loopline.sdk import Document, Label

Raw = Mapping[str, Any]
MOST_CELLS: Final = 100_000
_MARKS: Final = frozenset({"pos", "retired", "locked", "hidden"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Parameter:
    """A value that is asked for; ``entity`` is what a link leads to."""

    id: str
    type: str
    label: Label
    default: object = None
    required: bool = False
    entity: str = ""
    options: Mapping[str, Label]


@dataclass(frozen=True, kw_only=True, slots=True)
class Pivot:
    """Which dimensions and measures stand where, and which totals beside them.

    ``subtotals`` names dimensions after whose groups one stands, ``sort`` by which measure the
    groups of a dimension stand (True: the greatest first).
    """

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[str, ...]
    merge: bool = True
    subtotals: frozenset[str] = frozenset()
    before: bool = False
    grand_row: bool = True
    grand_column: bool = True
    sort: Mapping[str, tuple[str, bool]]
    most_rows: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Style:
    """How values of a measure stand out: beyond a bound, or by a bar."""

    measure: str
    below: float | None = None
    above: float | None = None
    style: str = ""
    bar: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Chart:
    """A drawing of measures ``y`` over the groups of ``x``, or over themselves without one."""

    type: str
    x: str = ""
    y: tuple[str, ...] = ()
    stack: str = ""
    most: float | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A report. ``query`` is what its document says of the semantic query, but for its values."""

    id: str
    label: Label
    help: Label
    line: str
    entity: str
    hidden: bool
    query: Raw
    params: tuple[Parameter, ...]
    pivot: Pivot
    styles: tuple[Style, ...]
    chart: Chart | None
    most_groups: int | None
    most_cells: int
    view: str
    funnel: Raw = field(default_factory=dict)

    @property
    def entities(self) -> tuple[str, ...]:
        """Whose records are counted: those of the dataset, and of its facts."""
        facts: Raw = self.query.get("dataset", {}).get("facts", {})
        return (self.entity, *(str(one["entity"]) for one in facts.values() if "entity" in one))


def read_report(document: Document) -> Report:
    """Answer the report of a document that fits its schema."""
    body = document.body
    dimensions, measures = elements(body, "dimensions"), elements(body, "measures")
    limit = body.get("limit", {})
    return Report(
        id=document.id,
        label=label_of(body.get("label"), document.id),
        help=label_of(body.get("help")),
        line=str(body.get("line", "")) or "reports",
        entity=str(body["dataset"]["entity"]),
        hidden=bool(body.get("hidden")),
        query={
            "dataset": {
                "entity": body["dataset"]["entity"],
                "paths": elements(body["dataset"], "paths"),
                "facts": elements(body["dataset"], "facts"),
            },
            "dimensions": dimensions,
            "measures": measures,
            "where": body.get("where", ""),
            "having": body.get("having", ""),
            "top": body.get("pivot", {}).get("top", {}),
        },
        params=parameters(body),
        pivot=_pivot(body, tuple(dimensions), tuple(measures)),
        styles=tuple(_style(one) for one in elements(body, "styles").values()),
        chart=_chart(body.get("chart"), tuple(dimensions), tuple(measures)),
        most_groups=limit.get("groups"),
        most_cells=limit.get("cells", MOST_CELLS),
        view=str(body.get("drill", {}).get("view", "")),
        funnel=body.get("funnel", {}),
    )


def parameters(body: Raw) -> tuple[Parameter, ...]:
    """Answer the parameters that a document asks for."""
    return tuple(
        Parameter(
            id=name,
            type=one["type"],
            label=label_of(one.get("label"), name),
            default=one.get("default"),
            required=bool(one.get("required")),
            entity=str(one.get("entity", "")),
            options={
                code: label_of(option.get("label"), code)
                for code, option in elements(one, "options").items()
            },
        )
        for name, one in elements(body, "params").items()
    )


def elements(body: Raw, key: str) -> dict[str, dict[str, Any]]:
    """Answer the elements of a map in their order, without those that are retired."""
    raw: Mapping[str, Raw] = body.get(key) or {}
    standing = [(name, one) for name, one in raw.items() if not one.get("retired")]
    standing.sort(key=lambda pair: pair[1].get("pos", 0))
    return {
        name: {key: value for key, value in one.items() if key not in _MARKS}
        for name, one in standing
    }


def label_of(raw: object, instead: str = "") -> Label:
    """Answer a label as documents write it, in one language or in several."""
    if isinstance(raw, Mapping) and raw:
        return Label({str(language): str(text) for language, text in raw.items()})
    text = str(raw) if isinstance(raw, str) and raw else instead
    return Label({"zh": text, "en": text} if text else {})


def _pivot(body: Raw, dimensions: Sequence[str], measures: Sequence[str]) -> Pivot:
    raw: Raw = body.get("pivot", {})
    columns = tuple(raw.get("columns", ()))
    subtotals: Raw = raw.get("subtotals", {})
    grand = raw.get("grand", "both")
    return Pivot(
        rows=tuple(raw.get("rows", (one for one in dimensions if one not in columns))),
        columns=columns,
        values=tuple(raw.get("values", measures)),
        merge=raw.get("merge", True),
        subtotals=frozenset((*subtotals.get("rows", ()), *subtotals.get("columns", ()))),
        before=subtotals.get("position") == "before",
        grand_row=grand in {"both", "rows"},
        grand_column=grand in {"both", "columns"},
        sort={
            name: (one["by"], one.get("direction", "desc") == "desc")
            for name, one in elements(body, "sort").items()
        },
        most_rows=body.get("limit", {}).get("rows"),
    )


def _style(raw: Raw) -> Style:
    return Style(
        measure=raw["measure"],
        below=raw.get("below"),
        above=raw.get("above"),
        style=raw.get("style", ""),
        bar=bool(raw.get("bar")),
    )


def _chart(raw: Raw | None, dimensions: Sequence[str], measures: Sequence[str]) -> Chart | None:
    if not raw:
        return None
    alone = raw["type"] in {"funnel", "gauge"}
    return Chart(
        type=raw["type"],
        x=raw.get("x", "" if alone or not dimensions else dimensions[0]),
        y=tuple(raw.get("y", measures[:1])),
        stack=raw.get("stack", ""),
        most=raw.get("max"),
    )
