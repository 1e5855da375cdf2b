"""The mapping file of an import (interface.md §5): read with precise errors, and saved back."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from io import StringIO
from typing import Any, Final, Literal, cast

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from loopline.errors import NotValid, Problem, refuse_if
from loopline.services.mapping.check import Place, Reader

OnNone = Literal["error", "blank", "create"]
OnMany = Literal["error", "first"]

FORMAT: Final = 1
_KEYS: Final = ("format", "entity", "header_row", "blank", "constants", "ignore", "columns")
_COLUMN_KEYS: Final = ("field", "by", "values", "on_none", "on_many", "date_format")


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnRule:
    """How the cells of one column are read.

    ``by`` says by what a linked record is found, ``values`` replaces texts before anything else,
    ``on_none`` and ``on_many`` what happens when no or several records fit, ``date_format`` is a
    strptime pattern.
    """

    field: str
    by: str = ""
    values: Mapping[str, object] = default(default_factory=dict)
    on_none: OnNone = "error"
    on_many: OnMany = "error"
    date_format: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MappingFile:
    """What a person says about a kind of file: which heading is which field, and exceptions.

    ``header_row`` None means detected, ``blank`` lists the texts that mean empty, ``constants``
    are set on every record, headings in ``ignore`` are left out.
    """

    format: int = FORMAT
    entity: str
    header_row: int | None = None
    blank: tuple[str, ...] = ()
    constants: Mapping[str, object] = default(default_factory=dict)
    ignore: tuple[str, ...] = ()
    columns: Mapping[str, ColumnRule] = default(default_factory=dict)


def load_mapping(text: str, name: str = "mapping.yaml") -> MappingFile:
    """Answer the mapping file in a YAML text.

    Raises NotValid with a problem per mistake at ``name:line path``.
    """
    try:
        body = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        told = {"line": line, "reason": error.problem or ""}
        raise NotValid(Problem(f"{name}:{line}", "mapping.yaml", told)) from error
    except YAMLError as error:
        told = {"line": 1, "reason": str(error)}
        raise NotValid(Problem(f"{name}:1", "mapping.yaml", told)) from error
    reader = Reader(name)
    mapping = _read(reader, body)
    refuse_if(reader.problems)
    return mapping


def _read(reader: Reader, body: object) -> MappingFile:
    if not isinstance(body, CommentedMap):
        reader.complain(Place(), "mapping.not_a_map")
        return MappingFile(entity="")
    top = Place(body)
    reader.refuse_unknown(top, _KEYS)
    if reader.integer(top, "format", FORMAT) != FORMAT:
        reader.complain(top.at("format"), "mapping.format", supported=FORMAT)
    header_row = reader.integer(top, "header_row", None)
    if header_row is not None and header_row < 1:
        reader.complain(top.at("header_row"), "mapping.header_row")
    return MappingFile(
        entity=reader.text(top, "entity", required=True),
        header_row=header_row,
        blank=reader.texts(top, "blank"),
        constants=reader.scalars(top, "constants"),
        ignore=reader.texts(top, "ignore"),
        columns={
            str(heading): _read_column(reader, place)
            for heading, place in reader.maps(top, "columns")
        },
    )


def _read_column(reader: Reader, place: Place) -> ColumnRule:
    reader.refuse_unknown(place, _COLUMN_KEYS)
    return ColumnRule(
        field=reader.text(place, "field", required=True),
        by=reader.text(place, "by"),
        values=reader.scalars(place, "values"),
        on_none=cast("OnNone", reader.one_of(place, "on_none", ("error", "blank", "create"))),
        on_many=cast("OnMany", reader.one_of(place, "on_many", ("error", "first"))),
        date_format=reader.text(place, "date_format"),
    )


def dump_mapping(mapping: MappingFile) -> str:
    """Answer the YAML text of a mapping file; what has its default is left out."""
    body: dict[str, Any] = {"format": mapping.format, "entity": mapping.entity}
    if mapping.header_row is not None:
        body["header_row"] = mapping.header_row
    body |= _filled(
        blank=list(mapping.blank), constants=dict(mapping.constants), ignore=list(mapping.ignore)
    )
    columns = {heading: _column_body(rule) for heading, rule in mapping.columns.items()}
    body |= _filled(columns=columns)
    stream = StringIO()
    yaml = YAML(typ="rt")
    yaml.allow_unicode = True
    yaml.width = 100
    yaml.dump(body, stream)
    return stream.getvalue()


def _column_body(rule: ColumnRule) -> dict[str, object]:
    unusual = {
        name: value
        for name, value in (("on_none", rule.on_none), ("on_many", rule.on_many))
        if value != "error"
    }
    return {
        "field": rule.field,
        **_filled(by=rule.by, values=dict(rule.values)),
        **unusual,
        **_filled(date_format=rule.date_format),
    }


def _filled(**parts: object) -> dict[str, object]:
    return {name: value for name, value in parts.items() if value}
