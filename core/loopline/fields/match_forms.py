"""Match forms: what values are compared by when twins are looked for."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal, get_args

from loopline.expr.fold import fold
from loopline.fields.base import Unreadable
from loopline.fields.definition import FieldDef
from loopline.fields.phone import PhoneType
from loopline.language import Label

How = Literal["exact", "phone", "email", "credit_code", "company"]
HOWS: Final[tuple[How, ...]] = get_args(How)
_BY_TYPE: Final[Mapping[str, How]] = {
    "phone": "phone",
    "email": "email",
    "credit_code": "credit_code",
}
_NUMBER: Final = FieldDef(id="number", entity="", type="phone", label=Label({}))
_SPACING: Final = re.compile(r"[\s-]+")
_LEGAL_ZH: Final = re.compile(
    r"(?:股份有限公司|有限责任公司|有限公司|股份公司|集团公司|总公司|分公司|公司|集团)"
)
_LEGAL_EN: Final = frozenset(
    "co company corp corporation inc incorporated limited llc llp ltd plc gmbh ag sa sas bv nv "
    "oy ab kg pte pty srl group holding holdings".split()
)
_WORD: Final = re.compile(r"[㐀-鿿豈-﫿]+|[^\W_㐀-鿿豈-﫿]+")
_MOST_TOKENS: Final = 24


def usual_form(field_type: str) -> How:
    """Answer how values of a type of field are compared where nothing else is said."""
    return _BY_TYPE.get(field_type, "exact")


@lru_cache(maxsize=10_000)  # a row is asked for its keys before, while and after it is checked
def match_form(how: How, text: str, region: str = "") -> str:
    """Answer what a text is compared by, empty for one that has nothing to compare.

    ``region`` is the ISO country whose local phone numbers are meant.
    """
    if how == "phone":
        return _phone(text, region)
    if how == "email":
        return _email(text)
    if how == "company":
        return company_core(text)
    return _SPACING.sub("", fold(text)) if how == "credit_code" else fold(text)


def _phone(text: str, region: str) -> str:
    try:
        return PhoneType().read(_NUMBER, text, region).removeprefix("+")
    except Unreadable:
        return fold(text)


def _email(text: str) -> str:
    """Answer an address without what follows ``+`` (RFC 5233: detail of the same mailbox)."""
    local, at, domain = fold(text).rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def company_core(name: str) -> str:
    """Answer a company's name without its legal form, marks and spaces between Han characters."""
    folded = fold(name)
    words = _WORD.findall(_LEGAL_ZH.sub(" ", folded))
    kept = [word for word in words if word not in _LEGAL_EN]
    core = ""
    for word in kept or _WORD.findall(folded):
        joined = not core or (_is_han(core[-1]) and _is_han(word[0]))
        core += word if joined else f" {word}"
    return core


def company_tokens(core: str) -> tuple[str, ...]:
    """Answer the tokens of a name's core: pairs of Han characters, and whole other words."""
    tokens: dict[str, None] = {}
    for word in _WORD.findall(core):
        if _is_han(word[0]) and len(word) > 1:
            tokens |= dict.fromkeys(word[at : at + 2] for at in range(len(word) - 1))
        else:
            tokens[word] = None
    return tuple(tokens)[:_MOST_TOKENS]


def likeness(one: str, other: str) -> float:
    """Answer how alike two cores are, from 0 to 100 (the same)."""
    from rapidfuzz import fuzz  # heavy leaf

    if " " in one or " " in other:
        return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))
    return fuzz.ratio(one, other)


def _is_han(character: str) -> bool:
    return "㐀" <= character <= "鿿" or "豈" <= character <= "﫿"
