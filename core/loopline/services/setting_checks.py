"""Settings of actions against their JSON Schema, told by field and in words."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from loopline.errors import Problem
from loopline.language import Label, readable

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Rule:
    """What is told where a rule of a schema is broken."""

    code: str


_KINDS: Final = {
    "string": _Rule("action.needs_text"),
    "integer": _Rule("action.needs_integer"),
    "number": _Rule("action.needs_number"),
    "boolean": _Rule("action.needs_boolean"),
    "array": _Rule("action.needs_list"),
    "object": _Rule("action.needs_object"),
}
_LIMITS: Final = {
    "minimum": _Rule("action.at_least"),
    "maximum": _Rule("action.at_most"),
    "exclusiveMinimum": _Rule("action.more_than"),
    "exclusiveMaximum": _Rule("action.less_than"),
    "minLength": _Rule("action.too_short"),
    "maxLength": _Rule("action.too_long"),
}


def unfit(schema: Schema, settings: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what of the settings a schema refuses, each at ``settings.<name>``."""
    told = set[tuple[str, str]]()
    found = Draft202012Validator(schema).iter_errors(dict(settings))
    for error in sorted(found, key=lambda one: [str(part) for part in one.absolute_path]):
        for problem in _problems(schema, error):
            if (problem.path, problem.code) not in told:  # one error for each missing name
                told.add((problem.path, problem.code))
                yield problem


def _problems(schema: Schema, error: ValidationError) -> Iterator[Problem]:
    rule: Any = error.validator_value
    found: Any = error.instance
    here = tuple(map(str, error.absolute_path))
    named: dict[str, object] = {"label": _label(schema, here)}
    match error.validator:
        case "required":
            for path in ((*here, str(name)) for name in rule if name not in found):
                yield Problem(_place(path), "field.required", {"label": _label(schema, path)})
        case "additionalProperties" if isinstance(found, Mapping):
            known = error.schema.get("properties", {}) if isinstance(error.schema, Mapping) else {}
            params = {"known": ", ".join(sorted(known)) or "–"}
            for name in sorted(set(found) - set(known)):
                yield Problem(_place((*here, name)), "action.unknown", {"name": name, **params})
        case "type" if rule in _KINDS:
            yield Problem(_place(here), _KINDS[rule].code, named)
        case "enum":
            allowed = ", ".join(map(str, rule))
            yield Problem(_place(here), "action.not_among", {**named, "allowed": allowed})
        case limit if limit in _LIMITS:
            yield Problem(_place(here), _LIMITS[str(limit)].code, {**named, "limit": rule})
        case _:
            unsaid = {**named, "reason": error.message[:200]}
            yield Problem(_place(here), "action.setting", unsaid)


def _place(path: tuple[str, ...]) -> str:
    return ".".join(("settings", *path))


def _label(schema: Schema, path: tuple[str, ...]) -> Label | str:
    """Answer what people call the setting that a path leads to."""
    here: Any = schema
    for name in path:
        inside = here.get("items") if name.isdigit() else here.get("properties", {}).get(name)
        if not isinstance(inside, Mapping):
            return readable(name)
        here = inside
    given = here.get("x-label") or here.get("title")
    if isinstance(given, Mapping):
        return Label(given)
    return str(given) if given else readable(path[-1] if path else "settings")
