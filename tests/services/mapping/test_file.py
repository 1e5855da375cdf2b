from datetime import date
from decimal import Decimal

import pytest

from loopline.errors import NotValid
from loopline.language import Messages
from loopline.services.mapping.file import ColumnRule, MappingFile, dump_mapping, load_mapping
from loopline.services.mapping.values import cell_reader

TEXT = """\
format: 1
entity: machine
header_row: 3
blank: [Select, N/A, "?", 0]
constants: {origin: fair, since: 2025-01-02, rate: 0.10}
ignore: [notes]
columns:
  model: {field: model, by: name, values: {GTXPro: GTX Pro, 7: seven}, on_many: first}
  闭厂: {field: closed_on, date_format: "%Y-%m-%d"}
"""
MAPPING = MappingFile(
    entity="machine",
    header_row=3,
    blank=("Select", "N/A", "?", "0"),
    constants={"origin": "fair", "since": date(2025, 1, 2), "rate": Decimal("0.10")},
    ignore=("notes",),
    columns={
        "model": ColumnRule(
            field="model",
            by="name",
            values={"GTXPro": "GTX Pro", "7": "seven"},
            on_many="first",
        ),
        "闭厂": ColumnRule(field="closed_on", date_format="%Y-%m-%d"),
    },
)


def test_a_mapping_file_is_read():
    assert load_mapping(TEXT) == MAPPING


def test_what_is_saved_reads_back_the_same():
    mapping = MappingFile(**{**_parts(MAPPING), "constants": {"origin": "fair", "yes": "no"}})
    assert load_mapping(dump_mapping(mapping)) == mapping


def _parts(mapping):
    return {name: getattr(mapping, name) for name in mapping.__dataclass_fields__}


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ("entity: m\nblnk: []\n", "m.yaml:2 blnk", "mapping.unknown_key"),
        ("format: 2\nentity: m\n", "m.yaml:1 format", "mapping.format"),
        ("format: 1\n", "m.yaml:1 entity", "mapping.text_expected"),
        ("entity: m\nblank: no\n", "m.yaml:2 blank", "mapping.list_expected"),
        ("entity: m\nheader_row: first\n", "m.yaml:2 header_row", "mapping.integer_expected"),
        ("entity: m\nheader_row: 0\n", "m.yaml:2 header_row", "mapping.header_row"),
        ("entity: m\ncolumns: [a]\n", "m.yaml:2 columns", "mapping.map_expected"),
        ("entity: m\ncolumns:\n  a: b\n", "m.yaml:3 columns.a", "mapping.map_expected"),
        (
            "entity: m\ncolumns:\n  a: {by: b}\n",
            "m.yaml:3 columns.a.field",
            "mapping.text_expected",
        ),
        (
            "entity: m\ncolumns:\n  a:\n    field: b\n    on_none: guess\n",
            "m.yaml:5 columns.a.on_none",
            "mapping.one_of",
        ),
        (
            "entity: m\nconstants: {a: [1]}\n",
            "m.yaml:2 constants.a",
            "mapping.single_value_expected",
        ),
        ("entity: m\nentity: n\n", "m.yaml:2", "mapping.yaml"),
        ("a: [\n", "m.yaml:2", "mapping.yaml"),
        ("- a\n", "m.yaml:1", "mapping.not_a_map"),
        ("", "m.yaml:1", "mapping.not_a_map"),
    ],
)
def test_a_mistake_is_named_with_its_line(text, path, code):
    with pytest.raises(NotValid) as refused:
        load_mapping(text, "m.yaml")
    assert [(problem.path, problem.code) for problem in refused.value.problems] == [(path, code)]


def test_every_mistake_can_be_told_in_both_languages():
    with pytest.raises(NotValid) as refused:
        load_mapping("entity: m\nblnk: []\ncolumns: 3\n")
    told = [Messages().tell(problem, "zh") for problem in refused.value.problems]
    assert all("第" in text and "{" not in text for text in told)


@pytest.mark.parametrize(
    ("cell", "meaning"),
    [
        (None, None),
        ("", None),
        (" select ", None),
        ("?", None),
        (0, None),
        ("gtxpro", "GTX Pro"),
        (7.0, "seven"),
        ("0.0", "0.0"),
        (" ", " "),
        ("none", "none"),
    ],
)
def test_blank_texts_and_values_are_applied(cell, meaning):
    assert cell_reader(MAPPING.columns["model"], MAPPING.blank).read(cell) == meaning


def test_only_empty_text_is_blank_without_rules():
    reader = cell_reader(ColumnRule(field="model"), ())
    assert [reader.read(cell) for cell in ("", "N/A", "-", 0, False)] == [
        None,
        "N/A",
        "-",
        0,
        False,
    ]
