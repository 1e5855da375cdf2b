"""Reading query parameters: whole numbers, choices and flags, each refused by name."""

from collections.abc import Sequence
from typing import Final

from starlette.datastructures import QueryParams

from loopline.errors import BadRequest, NotValid, Problem

LARGEST: Final = 2**63 - 1
_DIGITS: Final = 18
_FLAGS: Final = {"0": False, "1": True, "false": False, "true": True}


def refuse_unknown(query: QueryParams, known: frozenset[str]) -> None:
    """Raise BadRequest naming every parameter that the operation does not have."""
    unknown = sorted(set(query) - known)
    if unknown:
        shown = ", ".join(sorted(known))
        code = "request.parameter" if shown else "request.no_parameter"
        raise BadRequest(*(Problem(one, code, {"name": one, "known": shown}) for one in unknown))


def whole_number(
    query: QueryParams, name: str, default: int, most: int = LARGEST, code: str = "request.number"
) -> int:
    """Answer a whole number from 1 to ``most``. Raises BadRequest."""
    text = query.get(name)
    if text is None:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= 19 else 0
    if not 1 <= number <= most:
        raise BadRequest(Problem(name, code, {"value": text, "least": 1, "most": most}))
    return number


def refuse_large(value: object, path: str) -> None:
    """Raise NotValid where a JSON value holds a number that no column can keep, at its place."""
    left = [(path, value)]
    while left:
        place, one = left.pop()
        if isinstance(one, dict):
            left += [(f"{place}.{key}", inner) for key, inner in one.items()]
        elif isinstance(one, list):
            left += [(f"{place}.{index}", inner) for index, inner in enumerate(one)]
        elif isinstance(one, int | float) and abs(one) > LARGEST:
            raise NotValid(Problem(place, "number.too_large", {"digits": _DIGITS}))


def one_of(query: QueryParams, name: str, allowed: Sequence[str]) -> str:
    """Answer one of the allowed words, the first by default. Raises BadRequest."""
    value = query.get(name, allowed[0])
    if value not in allowed:
        params = {"value": value, "allowed": ", ".join(allowed)}
        raise BadRequest(Problem(name, "request.choice", params))
    return value


def flag(query: QueryParams, name: str) -> bool:
    """Answer a flag, no by default. Raises BadRequest."""
    value = query.get(name, "0").lower()
    if value not in _FLAGS:
        raise BadRequest(Problem(name, "request.flag", {"value": value}))
    return _FLAGS[value]
