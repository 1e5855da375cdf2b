"""What a faulty expression raises: one problem per fault, each naming its place in the text."""

from loopline.errors import NotValid, Problem
from loopline.expr.place import Place


class Unusable(Exception):
    """A named formula that cannot be worked out; ``code`` says why."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class ExpressionError(NotValid):
    """An expression cannot be read or does not fit its entity; ``problems`` say where and why.

    The params of each problem hold ``position``, ``line`` and ``column``, all counted from 1, and
    ``token``, the piece of text or the name at fault.
    """


def fault(path: str, code: str, at: int, token: object = "", **params: object) -> ExpressionError:
    """Answer the error with one problem: ``at`` counts from 0, its position from 1."""
    here = at if isinstance(at, Place) else Place(at)
    where = {"position": here + 1, "line": here.line, "column": here.column}
    return ExpressionError(Problem(path, code, {**where, "token": token, **params}))
