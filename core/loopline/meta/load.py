"""From text to documents: YAML 1.2 or JSON, several documents to a file, every problem named."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from io import StringIO
from pathlib import Path as FilePath
from typing import Any

import orjson
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from loopline.errors import Problem
from loopline.meta.document import Document, DocumentKey, Path, flatten
from loopline.meta.schemas import HEADER, Node, Schemas


@dataclass(slots=True)
class Loaded:
    """What was read: the good documents, and the problems of the others."""

    documents: list[Document] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def load_folder(folder: FilePath, schemas: Schemas, language: str) -> Loaded:
    """Read every ``*.yaml`` and ``*.json`` below ``folder`` but manifests and hidden files."""
    loaded = Loaded()
    for file in sorted(folder.rglob("*")):
        if file.suffix not in {".yaml", ".yml", ".json"} or file.name.startswith("."):
            continue
        if file.name in {"pack.yaml", "plugin.json"} or "generated" in file.parts:
            continue
        load_text(file.read_bytes(), str(file.relative_to(folder)), schemas, language, loaded)
    _refuse_twins(loaded)
    return loaded


def load_text(text: bytes, name: str, schemas: Schemas, language: str, into: Loaded) -> None:
    """Read the documents of one file's content into ``into``."""
    try:
        decoded = text.decode("utf-8-sig")
        bodies = _bodies(decoded)
    except UnicodeDecodeError as error:
        into.problems.append(Problem(name, "metadata.encoding", {"byte": error.start}))
        return
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        into.problems.append(
            Problem(f"{name}:{line}", "metadata.syntax", {"reason": error.problem})
        )
        return
    except YAMLError as error:
        into.problems.append(Problem(name, "metadata.syntax", {"reason": str(error)[:200]}))
        return
    for index, body in enumerate(bodies):
        found = load_body(body, name, schemas, language)
        into.documents += found.documents
        into.problems += [_at_line(problem, name, decoded, index) for problem in found.problems]


@lru_cache(maxsize=128)  # a pack is read to plan it and again to publish it; parsing is slow
def _bodies(text: str) -> tuple[object, ...]:
    """Answer the parsed bodies of a text, to be read only. Raises YAMLError."""
    return tuple(body for body in YAML(typ="safe").load_all(text) if body is not None)


def load_body(body: object, name: str, schemas: Schemas, language: str) -> Loaded:
    """Turn one parsed body into a document, or into the problems that keep it from being one."""
    if not isinstance(body, Mapping):
        return Loaded(problems=[Problem("", "metadata.not_a_map")])
    plain = _plain(body)
    kind = plain.get("kind")
    if not isinstance(kind, str) or kind not in schemas.kinds:
        allowed = ", ".join(sorted(schemas.kinds))
        return Loaded(
            problems=[Problem("kind", "metadata.kind", {"kind": kind, "allowed": allowed})]
        )
    try:
        orjson.dumps(plain)
    except TypeError as error:  # a number beyond 64 bits, half a character
        return Loaded(problems=[Problem("", "metadata.unstorable", {"reason": str(error)})])
    extend = plain.get("extend") is True
    problems = [problem for _, problem in schemas.problems(kind, plain, partial=extend)]
    if problems:
        return Loaded(problems=problems)
    content = {key: value for key, value in plain.items() if key not in HEADER}
    spread = _spread_labels(content, schemas.node(kind, ()), schemas, language)
    unset = tuple(tuple(path.split(".")) for path in plain.get("unset", ()))
    document = Document(
        key=DocumentKey(kind, plain["id"]),
        leaves=dict(flatten(spread)),
        extend=extend,
        unset=unset,
        retire=tuple(path for path in unset if _is_element(schemas.node(kind, path))),
        source=name,
    )
    return Loaded(documents=[document])


def _is_element(node: Node) -> bool:
    """Whether a node describes an element of a collection: those can be retired."""
    return "retired" in node.get("properties", ())


def _spread_labels(
    body: Mapping[str, Any], node: Node, schemas: Schemas, language: str
) -> dict[str, Any]:
    """Turn plain-string labels into maps, since a path is always a leaf or always a map."""
    spread: dict[str, Any] = {}
    for key, value in body.items():
        below = schemas.child(node, key)
        if below.get("x-label") and isinstance(value, str):
            spread[key] = {language: value}
        elif isinstance(value, Mapping):
            spread[key] = _spread_labels(value, below, schemas, language)
        else:
            spread[key] = value
    return spread


def _plain(value: Any) -> Any:
    """Answer the value with text keys and without YAML's dates, which documents write as text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value


def _refuse_twins(loaded: Loaded) -> None:
    """Refuse a document declared twice; a further file of the layer may extend it."""
    seen: dict[DocumentKey, Document] = {}
    for document in loaded.documents:
        other = seen.setdefault(document.key, document)
        if other is not document and not document.extend:
            params = {"document": str(document.key), "other": other.source}
            loaded.problems.append(Problem(document.source, "metadata.twice", params))


def line_at(text: str, key: DocumentKey, path: Path) -> int:
    """Answer the line of a place within a document of a file that could be read; 1 if not there."""
    for index, body in enumerate(_bodies(text)):
        if isinstance(body, Mapping) and (body.get("kind"), body.get("id")) == tuple(key):
            return _line_of(text, index, path)
    return 1


def _at_line(problem: Problem, name: str, text: str, index: int) -> Problem:
    line = _line_of(text, index, tuple(part for part in problem.path.split(".") if part))
    place = f"{name}:{line} {problem.path}".rstrip()
    return Problem(place, problem.code, problem.params)


def _line_of(text: str, index: int, path: Path) -> int:
    """Find the line of a path by reading again with positions: slow, so only for messages."""
    documents = YAML(typ="rt").load_all(StringIO(text))
    here: Any = next(
        (d for n, d in enumerate(d for d in documents if d is not None) if n == index),
        None,
    )
    line = here.lc.line if hasattr(here, "lc") else 0
    for key in path:
        if not isinstance(here, CommentedMap) or key not in here:
            break
        line = here.lc.key(key)[0]
        here = here[key]
    return int(line) + 1
