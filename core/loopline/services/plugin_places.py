"""Where in a plugin something stands: the line of a file, or the code that declares it."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from loopline.errors import Problem
from loopline.hooks.declarations import Document as GivenDocument
from loopline.hooks.declare import DocumentFolder
from loopline.meta.document import Document, DocumentKey
from loopline.meta.load import line_at


def code_place(function: Callable[..., Any], folder: Path) -> str:
    """Answer where a function of a plugin begins, as ``plugin.py:31``; blank for one from afar."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    with suppress(ValueError):
        if code is not None:
            file = Path(code.co_filename).resolve().relative_to(folder.resolve())
            return f"{file}:{code.co_firstlineno}"
    return ""


@dataclass(frozen=True, slots=True)
class Places:
    """The documents of a plugin or a pack: what it gave, and what was read of it.

    ``declaring`` is where the code stands that gives documents of its own.
    """

    given: Sequence[DocumentFolder | GivenDocument]
    read: Sequence[Document]
    declaring: str = ""

    def located(self, problem: Problem) -> Problem:
        """Answer a problem of a document with its file and line, or with the code before it."""
        name, _, below = problem.path.partition(" ")
        path = tuple(below.split(".")) if below else ()
        found = [one for one in self.read if str(one.key) == name]
        found.sort(key=lambda one: -_depth(one, path))
        for one in found:
            file = self._file(one)
            if file is not None:
                line = line_at(file.read_text("utf-8-sig"), one.key, path)
                return replace(problem, path=f"{one.source}:{line} {problem.path}")
        if found or name in self._in_code():
            at = f"{self.declaring} register_documents {problem.path}"
            return replace(problem, path=at.strip())
        return problem

    def _file(self, document: Document) -> Path | None:
        folders = (one.path for one in self.given if isinstance(one, DocumentFolder))
        files = (folder / document.source for folder in folders)
        return next((file for file in files if file.is_file()), None)

    def _in_code(self) -> Iterator[str]:
        for one in self.given:
            if isinstance(one, GivenDocument):
                yield str(DocumentKey(one.kind, one.id))


def _depth(document: Document, path: tuple[str, ...]) -> int:
    """Answer how many steps of a path a document has something to say of."""
    return max(
        (
            depth
            for leaf in document.leaves
            for depth in range(len(path) + 1)
            if leaf[:depth] == path[:depth]
        ),
        default=0,
    )
