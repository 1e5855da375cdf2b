"""The one error tree: a stable code, an HTTP status, and problems that name the place.

People are shown errors by key: ``code`` is looked up in ``locale/`` in their language and filled
with ``params``. The English text of an exception is for logs only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where it is, and what a reader needs to mend it.

    ``path`` is dotted, as in the API (``fields.phone``) or a place in a file
    (``lead.yaml:12 fields.phone``). ``code`` is a message key, ``params`` fill its placeholders.
    """

    path: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.path}: {self.code}" + (f" ({details})" if details else "")


class LooplineError(Exception):
    """Base of every error that Loopline raises on purpose."""

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, *problems: Problem, code: str | None = None, **params: object) -> None:
        self.problems = problems
        self.key = code or self.code
        self.params: Mapping[str, object] = params
        super().__init__(code, *problems)

    def reasons(self, path: str = "") -> tuple[Problem, ...]:
        """Answer what the error itself says as a problem at ``path``, then its problems.

        What only says that there are problems, or says one of them, is left out.
        """
        if self.problems and self.key in {self.code, *(one.code for one in self.problems)}:
            return self.problems
        return (Problem(path, self.key, self.params), *self.problems)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        lines = [f"{self.key} ({details})" if details else self.key, *map(str, self.problems)]
        return "\n".join(lines)


class BadRequest(LooplineError):
    """The request cannot be read: broken syntax, an unknown parameter."""

    code = "request.malformed"
    status = 400


class NotSignedIn(LooplineError):
    """No valid session or token came with the request."""

    code = "auth.required"
    status = 401


class Forbidden(LooplineError):
    """The actor is known and may not do this."""

    code = "auth.forbidden"
    status = 403


class NotFound(LooplineError):
    """The thing does not exist, or the actor may not know that it does."""

    code = "not_found"
    status = 404


class Conflict(LooplineError):
    """Someone else changed the same thing in the meantime."""

    code = "conflict"
    status = 409


class PreconditionFailed(LooplineError):
    """The ``If-Match`` version is not the current one."""

    code = "precondition_failed"
    status = 412


class TooLarge(LooplineError):
    """The body, file or batch exceeds a stated limit."""

    code = "too_large"
    status = 413


class NotValid(LooplineError):
    """The request was understood and breaks a rule; ``problems`` names each place."""

    code = "not_valid"
    status = 422


class PluginFailed(LooplineError):
    """A plugin failed at what it was asked, so that the act is refused; it is named."""

    code = "plugin.failed"
    status = 422

    def __str__(self) -> str:
        named = self.params
        return f"plugin {named.get('plugin')}, {named.get('hook')}: {named.get('reason')}"


class TooMany(LooplineError):
    """A rate limit was reached; ``seconds`` is after how long to try again."""

    code = "too_many"
    status = 429

    def __init__(self, *, seconds: int, code: str | None = None, **params: object) -> None:
        super().__init__(code=code, seconds=seconds, **params)
        self.seconds = seconds


class Unavailable(LooplineError):
    """The site cannot serve this now (database locked, publish under way)."""

    code = "unavailable"
    status = 503


def refuse_if(problems: Iterable[Problem]) -> None:
    """Raise :class:`NotValid` naming all problems at once, or do nothing when there are none."""
    found = tuple(problems)
    if found:
        raise NotValid(*found)
