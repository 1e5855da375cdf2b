"""The options of an import over HTTP: a JSON object, single form fields, or both."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, get_args

import orjson
from starlette.datastructures import FormData

from loopline.errors import BadRequest, Problem
from loopline.services.imports.request import ImportOptions, OnMatch

_TRUTHS: Final = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
_KINDS: Final[Mapping[str, type]] = {
    "entity": str,
    "new": bool,
    **{one.name: bool if one.type is bool else str for one in fields(ImportOptions)},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedImport:
    """What a request asks for beside the file."""

    entity: str
    new: bool
    options: ImportOptions


def read_options(form: FormData) -> AskedImport:
    """Read the options of a form; a single field wins over ``options``. Raises BadRequest."""
    given = _object(form.get("options"))
    given |= {name: value for name, value in form.items() if name not in {"file", "options"}}
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, raw in given.items():
        try:
            values[name] = _value(name, raw)
        except BadRequest as error:
            problems += error.problems
    if "entity" not in given:
        problems.append(Problem("entity", "request.text"))
    if problems:
        raise BadRequest(*problems)
    entity, new = values.pop("entity"), values.pop("new", False)
    return AskedImport(entity=entity, new=new, options=ImportOptions(**values))


def _object(text: object) -> dict[str, Any]:
    if text is None:
        return {}
    try:
        found = orjson.loads(text if isinstance(text, str) else "")
    except orjson.JSONDecodeError as error:
        raise BadRequest(Problem("options", "request.json", {"reason": str(error)})) from None
    if not isinstance(found, dict):
        raise BadRequest(Problem("options", "request.object"))
    return found


def _value(name: str, raw: object) -> object:
    """Answer one option: a flag, one of some words, or a text. Raises BadRequest."""
    kind = _KINDS.get(name)
    if kind is None:
        known = ", ".join(sorted(_KINDS))
        raise BadRequest(Problem(name, "request.parameter", {"name": name, "known": known}))
    if kind is bool:
        value = raw if isinstance(raw, bool) else _TRUTHS.get(str(raw).lower())
        if value is None:
            raise BadRequest(Problem(name, "request.flag", {"value": raw}))
        return value
    if name == "mapping" and isinstance(raw, dict):
        return orjson.dumps(raw).decode()
    if not isinstance(raw, str):
        raise BadRequest(Problem(name, "request.text"))
    allowed = get_args(OnMatch)
    if name == "on_match" and raw not in allowed:
        params = {"value": raw, "allowed": ", ".join(filter(None, allowed))}
        raise BadRequest(Problem(name, "request.choice", params))
    return raw
