"""What a faulty expression raises: one problem per fault, each naming its place in the text."""

from loopline.errors import NotValid, Problem


class ExpressionError(NotValid):
    """An expression cannot be read or does not fit its entity; ``problems`` say where and why.

    The params of each problem hold ``position``, counted from 1 in the text, and ``token``, the
    piece of text or the name at fault.
    """


def fault(path: str, code: str, at: int, token: object = "", **params: object) -> ExpressionError:
    """Answer the error with one problem: ``at`` counts from 0, its position from 1."""
    return ExpressionError(Problem(path, code, {"position": at + 1, "token": token, **params}))
