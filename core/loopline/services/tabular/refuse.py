"""How a file is refused: one problem that names the file and the place in it."""

from loopline.errors import NotValid, Problem


def refusal(name: str, code: str, *, row: int | None = None, **params: object) -> NotValid:
    """Answer the error that refuses the file ``name`` (at ``row``) for the reason ``code``."""
    place = name if row is None else f"{name}:{row}"
    told = {"file": name, **({} if row is None else {"row": row}), **params}
    return NotValid(Problem(place, code, told), code=code, **told)
