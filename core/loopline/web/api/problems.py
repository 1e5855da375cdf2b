"""Errors as RFC 9457 problem details, in the reader's language."""

from typing import Any, Final

from loopline.errors import LooplineError, Problem
from loopline.language import Label, Messages

MEDIA_TYPE: Final = "application/problem+json"
_SIDES: Final = ("base", "yours", "theirs")


def problem_details(error: LooplineError, messages: Messages, language: str) -> dict[str, Any]:
    """Answer the body: type, title, status, code, detail, and every problem with its place."""
    return {
        "type": "about:blank",
        "title": messages.say(f"status.{error.status}", language),
        "status": error.status,
        "code": error.key,
        "detail": messages.tell(error, language),
        "problems": [_problem(one, messages, language) for one in error.problems],
    }


def _problem(problem: Problem, messages: Messages, language: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "path": problem.path,
        "code": problem.code,
        "message": messages.tell(problem, language),
    }
    message = problem.params.get("message")
    if isinstance(message, Label):
        shown["message"] = message.to(language)
    return shown | {side: problem.params[side] for side in _SIDES if side in problem.params}
