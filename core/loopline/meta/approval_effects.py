"""What an approval does to its records: what it sets at each outcome, and what it keeps back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from loopline.meta.body import Body

Outcome = Literal["submitted", "approved", "rejected", "returned", "withdrawn", "voided"]
Sets = Mapping[str, object]
"""By field, a constant in JSON form, or an expression over the record after ``=``."""
OUTCOMES: Final[tuple[Outcome, ...]] = (
    "submitted",
    "approved",
    "rejected",
    "returned",
    "withdrawn",
    "voided",
)
_COMPUTED: Final = "="


@dataclass(frozen=True, slots=True)
class BeforeDef:
    """Values of a field, in JSON form, that a record holds only once it is approved."""

    field: str
    to: tuple[object, ...]


def build_sets(body: Body) -> Mapping[Outcome, Sets]:
    """Answer what is set at each outcome, those at which nothing is set left out."""
    found = {one: dict(body.map(f"on_{one}").raw("set")) for one in OUTCOMES}
    return {one: sets for one, sets in found.items() if sets}


def build_before(body: Body) -> BeforeDef | None:
    """Answer what is kept back until it is approved; None where nothing is."""
    if "before" not in body:
        return None
    said = body.map("before")
    to = said.value("to")
    return BeforeDef(said.text("field"), to if isinstance(to, tuple) else ())


def expression_of(value: object) -> str:
    """Answer the expression that a set value is; blank for a constant."""
    if isinstance(value, str) and value.startswith(_COMPUTED):
        return value.removeprefix(_COMPUTED).strip()
    return ""
