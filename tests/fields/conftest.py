"""What the tests of field types share."""

from collections.abc import Callable
from typing import Any

import pytest

from loopline.fields.base import Locale, Unreadable
from loopline.fields.definition import FieldDef
from loopline.fields.registry import kernel_field_types
from loopline.language import Label

TYPES = kernel_field_types()


def define(type_id: str, **settings: Any) -> FieldDef:
    settings.setdefault("scale", TYPES[type_id].default_scale)
    return FieldDef(id="f", entity="thing", type=type_id, label=Label({"en": "F"}), **settings)


@pytest.fixture
def parse() -> Callable[..., Any]:
    """Read a text as a field of the given type and settings."""

    def read(type_id: str, text: object, locale: Locale | None = None, **settings: Any) -> Any:
        return TYPES[type_id].parse(define(type_id, **settings), text, locale or Locale())

    return read


@pytest.fixture
def refusal(parse: Callable[..., Any]) -> Callable[..., str]:
    """Answer the code with which a text is refused."""

    def refused(type_id: str, text: object, *args: Any, **settings: Any) -> str:
        with pytest.raises(Unreadable) as caught:
            parse(type_id, text, *args, **settings)
        return caught.value.code

    return refused


@pytest.fixture
def shown() -> Callable[..., str]:
    """Format a value as a page does."""

    def show(type_id: str, value: object, locale: Locale | None = None, **settings: Any) -> str:
        return TYPES[type_id].format(define(type_id, **settings), value, locale or Locale())

    return show


@pytest.fixture
def problems() -> Callable[..., list[str]]:
    """Answer the codes of what a check finds."""

    def check(type_id: str, value: object, **settings: Any) -> list[str]:
        found = TYPES[type_id].check(define(type_id, **settings), value)
        return [problem.code for problem in found]

    return check


@pytest.fixture
def from_json() -> Callable[..., Any]:
    """Read a JSON value as a field of the given type and settings."""

    def read(type_id: str, raw: object, **settings: Any) -> Any:
        return TYPES[type_id].from_json(define(type_id, **settings), raw)

    return read
