"""The choice field: one of the options of its definition."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from loopline.expr.fold import fold
from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, excerpt
from loopline.fields.definition import FieldDef, Option
from loopline.language import LANGUAGES, Label, listed

_NAMED = 12


class ChoiceType(FieldType):
    """The code of one option."""

    id = "choice"
    expr_type = ExprType.CODE
    settings = frozenset({"options"})
    operators = ("==", "!=", "in", "is_blank")

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the one column of the code."""
        return (Column("", StorageKind.CODE),)

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the code of the option that ``text`` names. Raises Unreadable."""
        plain = cell_text(text).strip()
        return option_code(definition, plain) if plain else None

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the code in a JSON string, None for null or ``""``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        return known_code(definition, raw)

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the option is gone or retired."""
        yield from code_problems(definition, value)

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the option's label."""
        return option_label(definition, str(value), locale.language)

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the label, or the code where the label would be read as something else."""
        return readable_name(definition, str(value), locale.language)

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the code, the value of the form's option."""
        return str(value)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer a drop-down list."""
        return Widget(name="select")


def find_code(definition: FieldDef, text: str) -> str | None:
    """Answer the code of the option named by its code, a label or a synonym, None for none.

    Codes go before labels before synonyms, and options in use before retired ones.
    """
    if text in definition.options:
        return text
    return _codes_by_name(_Options(definition.options)).get(fold(text))


def option_code(definition: FieldDef, text: str) -> str:
    """Answer the code of the option that ``text`` names. Raises Unreadable ``choice.unknown``."""
    code = find_code(definition, text)
    if code is None:
        raise Unreadable("choice.unknown", text=excerpt(text), options=_some_labels(definition))
    return code


def known_code(definition: FieldDef, raw: object) -> str:
    """Answer ``raw`` when it is the code of an option. Raises Unreadable ``choice.unknown``."""
    if isinstance(raw, str) and raw in definition.options:
        return raw
    raise Unreadable("choice.unknown", text=excerpt(raw), options=_some_codes(definition))


def code_problems(definition: FieldDef, code: object) -> Iterator[Unreadable]:
    """Yield a problem when ``code`` names no option or a retired one."""
    option = definition.options.get(str(code))
    if option is None:
        known = _some_codes(definition)
        yield Unreadable("choice.unknown", text=excerpt(code), options=known)
    elif option.retired:
        yield Unreadable("choice.retired", label=option.label if option.label else option.code)


def option_label(definition: FieldDef, code: str, language: str) -> str:
    """Answer the label of an option, its code where there is none."""
    option = definition.options.get(code)
    return (option.label.to(language) if option else "") or code


def readable_name(definition: FieldDef, code: str, language: str) -> str:
    """Answer the label when it names this option and no other, else the code."""
    label = option_label(definition, code, language)
    return label if label.strip() and find_code(definition, label.strip()) == code else code


def ordered_codes(definition: FieldDef) -> tuple[str, ...]:
    """Answer the codes of all options by position."""
    return tuple(o.code for o in sorted(definition.options.values(), key=lambda o: o.pos))


def _some_labels(definition: FieldDef) -> Label:
    """Answer the first options as the reader knows them, whoever that will be."""
    offered = _offered(definition)
    return Label(
        {
            language: _first(
                [option_label(definition, code, language) for code in offered], language
            )
            for language in LANGUAGES
        }
    )


def _some_codes(definition: FieldDef) -> str:
    """Answer the codes of the first options, for programs."""
    return _first(_offered(definition), "en")


def _first(names: Sequence[str], language: str) -> str:
    return listed(names[:_NAMED], language) + (" …" if len(names) > _NAMED else "")


def _offered(definition: FieldDef) -> list[str]:
    return [code for code in ordered_codes(definition) if _is_offered(definition.options[code])]


def _is_offered(option: Option) -> bool:
    return not (option.retired or option.hidden)


class _Options:
    """The options of one definition as a cache key, by identity: definitions never change."""

    __slots__ = ("by_code",)

    def __init__(self, by_code: Mapping[str, Option]) -> None:
        self.by_code = by_code

    def __hash__(self) -> int:
        return id(self.by_code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Options) and other.by_code is self.by_code


@lru_cache(maxsize=512)
def _codes_by_name(options: _Options) -> Mapping[str, str]:
    """Answer the code each folded name stands for; an import asks for every cell."""
    in_use_first = sorted(options.by_code.values(), key=lambda option: option.retired)
    names = (
        *((option.code, option) for option in in_use_first),
        *((label, option) for option in in_use_first for label in option.label.values()),
        *((synonym, option) for option in in_use_first for synonym in option.synonyms),
    )
    codes: dict[str, str] = {}
    for name, option in names:
        codes.setdefault(fold(name), option.code)
    return codes
