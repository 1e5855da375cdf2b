"""A row as a phone's card: which columns it shows, and where."""

from collections.abc import Sequence
from typing import Final

from loopline.fields.definition import FieldDef

_WANTED: Final[Sequence[tuple[int, frozenset[str]]]] = (
    (1, frozenset({"choice"})),
    (2, frozenset({"text", "link"})),
    (3, frozenset({"money"})),
    (4, frozenset({"phone"})),
    (5, frozenset({"user"})),
)
"""What stands where: odd places are on the right; place 0 is the title's."""
_PLACES: Final = 6


def card_places(columns: Sequence[FieldDef]) -> dict[str, int]:
    """Answer the place on the card by column; what is left over fills the places left free."""
    title, *rest = columns
    places = {title.id: 0}
    for place, types in _WANTED:
        fitting = (one for one in rest if one.type in types and one.id not in places)
        found = next(fitting, None)
        if found is not None:
            places[found.id] = place
    free = (at for at in range(1, _PLACES) if at not in places.values())
    others = (one.id for one in rest if one.id not in places)
    return places | dict(zip(others, list(free), strict=False))
