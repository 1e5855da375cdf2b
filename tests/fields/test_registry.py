"""The map of field types, and the contract all of them keep."""

import re
from pathlib import Path

import pytest

import loopline.fields
from loopline.errors import NotValid
from loopline.fields.base import StorageKind
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes, kernel_field_types
from loopline.fields.text import TextType
from loopline.language import LANGUAGES, Label, Messages

TYPES = kernel_field_types()
SOURCES = Path(loopline.fields.__file__).parent.glob("*.py")
RAISED = re.compile(r'(?:Unreadable|Problem)\((?:[\w.]+, )?\s*"([a-z_0-9.]+)"')
CODES = sorted({code for file in SOURCES for code in RAISED.findall(file.read_text("utf-8"))})


class StampType(TextType):
    id = "stamp"


def test_a_plugin_adds_types_to_a_new_map() -> None:
    more = TYPES.plus([StampType()])

    assert set(more) - set(TYPES) == {"stamp"}
    assert len(more) == len(TYPES) + 1


def test_an_id_is_taken_once() -> None:
    with pytest.raises(NotValid, match=r"field_type\.duplicate"):
        FieldTypes([TextType(), TextType()])


@pytest.mark.parametrize("type_id", [one.id for one in TYPES.values() if not one.held_elsewhere])
def test_short_texts_alone_have_a_key(type_id) -> None:
    definition = FieldDef(id="f", entity="e", type=type_id, label=Label({}))
    main, *others = TYPES[type_id].columns(definition)
    has_key = any(column.suffix == "__key" and column.derived for column in others)

    assert main.suffix == ""
    assert not main.derived
    assert has_key == TYPES[type_id].short_text == (has_key and main.kind == StorageKind.TEXT)


def test_codes_are_found() -> None:
    assert len(CODES) > 30


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", CODES)
def test_every_code_has_a_message(language, code) -> None:
    assert code in Messages().keys(language)


def test_messages_name_the_text_and_how_to_mend_it() -> None:
    said = Messages().say("number.unreadable", "zh", text="abc")

    assert said == "“abc”不是数字，请填数字，例如 150 或 1.2万"
