"""The JSON Schemas of document kinds: validation, and what a schema says about a path.

Besides JSON Schema 2020-12 the schemas carry annotations: ``x-label`` (a text per language),
``x-facet: sealed`` (set once, by the layer that declares the element), ``x-ref`` (the leaf or the
keys of the map name another thing), ``x-expr`` (the leaf is an expression), ``x-tighten`` (how a
locked element may still be changed). ``x-use`` says the same as ``x-ref`` (``expr``: as
``x-expr``) for where-used alone, of what the kind itself checks; ``x-of`` names where the entity
stands that a field or an expression belongs to, if it is not the nearest ``entity`` above.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path as FilePath
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from loopline.errors import Problem
from loopline.meta.document import Path, dotted

Node = Mapping[str, Any]
HEADER = frozenset({"kind", "id", "format", "extend", "unset", "$schema"})
_NOWHERE: Node = {}


def schema_folder() -> FilePath:
    """Answer the folder of the kernel's schemas, found without importing the metadata package."""
    spec = find_spec("loopline_metadata")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("loopline_metadata/schemas")
    return FilePath(spec.submodule_search_locations[0]) / "schemas"


class Schemas:
    """All schemas, loaded once per platform; ``more`` are those of plugins' kinds."""

    def __init__(
        self, folder: FilePath | None = None, more: Mapping[str, Node] | None = None
    ) -> None:
        self._folder = folder or schema_folder()
        self._more = dict(more or {})

    def extended(self, more: Mapping[str, Node]) -> "Schemas":
        """Answer these schemas and those of further kinds, each given the keys all documents have.

        Raises ValueError for a kind that is there already or a schema that is none.
        """
        taken = sorted(set(more) & set(self._schemas))
        if taken:
            raise ValueError(f"{', '.join(taken)}: the kind is there already")
        headed = {name: self._headed(name, one) for name, one in more.items()}
        return Schemas(self._folder, {**self._more, **headed})

    def _headed(self, kind: str, given: Node) -> Node:
        Draft202012Validator.check_schema(given)
        header = {key: self._schemas["view"]["properties"][key] for key in sorted(HEADER)}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "additionalProperties": False,
            **given,
            "$id": f"{kind}.schema.json",
            "type": "object",
            "properties": {**header, **given.get("properties", {})},
        }

    @cached_property
    def _schemas(self) -> Mapping[str, Node]:
        read = {
            file.name.removesuffix(".schema.json"): json.loads(file.read_text(encoding="utf-8"))
            for file in sorted(self._folder.glob("*.schema.json"))
        }
        return {**read, **self._more}

    @cached_property
    def _validators(self) -> Mapping[str, Draft202012Validator]:
        resources = [(str(s["$id"]), Resource.from_contents(s)) for s in self._schemas.values()]
        registry: Registry[Any] = Registry().with_resources(resources)
        return {
            name: Draft202012Validator(schema, registry=registry)
            for name, schema in self._schemas.items()
        }

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The document kinds: every schema but the shared parts and the two manifests."""
        return frozenset(self._schemas) - {"common", "pack", "plugin"}

    def problems(self, kind: str, body: object, *, partial: bool) -> Iterator[tuple[Path, Problem]]:
        """Yield what is wrong with a body; a partial one (``extend``) may lack required keys."""
        told: set[tuple[Path, str]] = set()
        for error in sorted(self._validators[kind].iter_errors(body), key=_place_of):
            if partial and error.validator == "required":
                continue
            path = tuple(str(part) for part in error.absolute_path)
            problem = _problem_of(path, error)
            if (path, str(problem)) not in told:  # one error for each key that is missing
                told.add((path, str(problem)))
                yield path, problem

    def node(self, kind: str, path: Path) -> Node:
        """Answer the schema of the leaf or map at ``path``; empty where the schema is silent."""
        here = self._follow(self._schemas[kind])
        for key in path:
            here = self.child(here, key)
        return here

    def child(self, node: Node, key: str) -> Node:
        """Answer the schema of ``key`` inside the map that ``node`` describes."""
        properties = node.get("properties", _NOWHERE)
        below = properties[key] if key in properties else node.get("additionalProperties")
        if not isinstance(below, Mapping):
            return _NOWHERE
        return self._follow(below)

    def _follow(self, node: Node) -> Node:
        target = node.get("$ref")
        if target is None:
            return node
        file, _, pointer = target.partition("#/")
        found: Any = self._schemas[file.removesuffix(".schema.json")]
        for part in pointer.split("/"):
            found = found[part]
        return {**found, **{key: value for key, value in node.items() if key != "$ref"}}


def _place_of(error: ValidationError) -> list[str]:
    """Answer where an error is, so that errors are told in one order."""
    return [str(part) for part in error.absolute_path]


def _problem_of(path: Path, error: ValidationError) -> Problem:
    where = dotted(path)
    rule: Any = error.validator_value
    schema: Any = error.schema
    found: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = sorted(schema.get("properties", ()))
            unknown = sorted(set(found) - set(known))
            params = {"keys": ", ".join(unknown), "known": ", ".join(known)}
            return Problem(where, "metadata.unknown_key", params)
        case "required":
            missing = [key for key in rule if key not in found]
            return Problem(where, "metadata.missing", {"keys": ", ".join(missing)})
        case "enum" | "const":
            allowed = ", ".join(map(str, rule)) if isinstance(rule, list) else str(rule)
            return Problem(where, "metadata.not_allowed", {"value": found, "allowed": allowed})
        case "pattern":
            return Problem(where, "metadata.pattern", {"value": found, "pattern": rule})
        case _:
            return Problem(where, "metadata.invalid", {"reason": error.message[:200]})
