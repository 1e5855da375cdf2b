"""The phone field: one number in its international form."""

import re
from decimal import Decimal, InvalidOperation

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from loopline.expr.fold import fold
from loopline.fields.base import Locale, Unreadable, Widget
from loopline.fields.cleaning import excerpt, narrow
from loopline.fields.definition import FieldDef
from loopline.fields.text import ShortTextType

_CHINA = "CN"
_CHINA_CODE = 86
_MOBILE_DIGITS = 11
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})", re.ASCII)
_OWN_MOBILE = re.compile(r"\+86(1[3-9]\d)(\d{4})(\d{4})", re.ASCII)
_SPACING = re.compile(r"[\s().-]+")
_EXTENSION = re.compile(r"\s*(?:转分机|转|轉|分机号?)\s*[:：]?\s*(?=\d+$)")
_DASHED = re.compile(r"((?:\(0\d{2,3}\)|0\d{2,3})[- ]?\d{7,8})-(\d{1,6})", re.ASCII)
# Chinese area codes start with 0; without this 415-555-0000 would be read as one of Dandong.
_AMERICAN = re.compile(r"\(?(?!400|800)[2-9]\d\d\)?[ .-]+\d{3}[ .-]+\d{4}", re.ASCII)
_SCIENTIFIC = re.compile(r"(\d\.\d+)[eE]\+?(\d{1,2})", re.ASCII)
_SHOWN_BY_SPREADSHEETS = 6  # digits left in 1.38123E+10


class PhoneType(ShortTextType):
    """E.164, with an extension as in RFC 3966: ``+862162345678;ext=12``.

    Numbers without country code belong to the definition's region, else the locale's, else
    China. Chinese numbers must be in the numbering plan; of other countries only the length is
    checked, as plans change faster than their tables.
    """

    id = "phone"
    settings = frozenset({"region"})
    longest = 40

    def read(self, definition: FieldDef, text: str, region: str) -> str:
        """Answer the international form of a number as people write it.

        Raises Unreadable ``phone.invalid``; ``phone.rounded`` when a spreadsheet cut its digits.
        """
        plain = narrow(text).removesuffix(".0")  # a number column of a data frame
        home = definition.region or region or Locale().region
        mobile = _MOBILE.fullmatch(_SPACING.sub("", plain))
        if mobile and (home == _CHINA or len(mobile[0]) > _MOBILE_DIGITS):
            return f"+86{mobile[1]}"
        if not plain:
            return ""
        if _SCIENTIFIC.fullmatch(plain):
            return self.read(definition, _all_digits(plain), region)
        return _written(_number(plain, home, text))

    def key(self, definition: FieldDef, value: object) -> str:
        """Answer the digits of the international form; a text that is no number is folded."""
        try:
            return self.read(definition, str(value), "").removeprefix("+")
        except Unreadable:
            return fold(str(value))

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the number grouped for reading, in national form inside the own region."""
        home = definition.region or locale.region
        if home == _CHINA and (own := _OWN_MOBILE.fullmatch(str(value))):
            return " ".join(own.groups())
        try:
            number = phonenumbers.parse(str(value), None)
        except NumberParseException:
            return str(value)
        at_home = number.country_code == phonenumbers.country_code_for_region(home)
        extension, number.extension = number.extension, None
        form = PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
        shown = phonenumbers.format_number(number, form)
        between = " 转 " if locale.language == "zh" else " ext. "
        return f"{shown}{between}{extension}" if extension else shown

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer the international form, which every reader takes for the same number."""
        return str(value)

    def input_text(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer the form people read."""
        return self.format(definition, value, locale)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer an input that brings up the digits."""
        return Widget(input_type="tel", attributes={"autocomplete": "off"})


def _number(plain: str, home: str, text: str) -> PhoneNumber:
    if home == _CHINA:
        if _AMERICAN.fullmatch(plain):
            raise Unreadable("phone.invalid", text=excerpt(text))
        plain = _DASHED.sub(r"\1;ext=\2", plain)
    try:
        number = phonenumbers.parse(_EXTENSION.sub(";ext=", plain), home)
    except NumberParseException:
        raise Unreadable("phone.invalid", text=excerpt(text)) from None
    known = (
        phonenumbers.is_valid_number(number)
        if number.country_code == _CHINA_CODE
        else phonenumbers.is_possible_number_with_reason(number)
        == phonenumbers.ValidationResult.IS_POSSIBLE
    )
    if not known:
        raise Unreadable("phone.invalid", text=excerpt(text))
    return number


def _written(number: PhoneNumber) -> str:
    extension, number.extension = number.extension, None
    main = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return f"{main};ext={extension}" if extension else main


def _all_digits(text: str) -> str:
    mantissa = text.lower().partition("e")[0]
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise Unreadable("phone.invalid", text=excerpt(text)) from None
    cut = len(mantissa) - 1 <= _SHOWN_BY_SPREADSHEETS < number.adjusted() + 1
    if cut or number != number.to_integral_value():
        raise Unreadable("phone.rounded", text=excerpt(text))
    return format(number, "f")
