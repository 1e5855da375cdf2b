"""The address field: a region and what stands on the envelope below it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, cast

from loopline.expr.types import ExprType
from loopline.fields.base import Column, FieldType, Locale, StorageKind, Unreadable, Widget
from loopline.fields.cleaning import cell_text, clean_line, excerpt, json_text
from loopline.fields.definition import FieldDef
from loopline.fields.region import region_code

_CODED = re.compile(r"\[(\d*)\]\s*(.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A place: the division code and the street; either may be empty, not both."""

    region: str
    street: str


class AddressType(FieldType):
    """An Address; written ``[110101] 朝阳路1号`` where one text must hold both."""

    id = "address"
    expr_type = ExprType.LONG_TEXT
    settings = frozenset({"max_length"})
    operators = ("contains", "is_blank")
    longest: ClassVar[int] = 255

    def columns(self, definition: FieldDef) -> tuple[Column, ...]:
        """Answer the street and the region code."""
        return (Column("", StorageKind.TEXT), Column("__region", StorageKind.CODE))

    def parse(self, definition: FieldDef, text: object, locale: Locale) -> object:
        """Answer the address of ``[code] street``; other text is all street. Raises Unreadable."""
        plain = clean_line(cell_text(text))
        if coded := _CODED.fullmatch(plain):
            return _address(coded[1], coded[2])
        return _address("", plain)

    def from_json(self, definition: FieldDef, raw: object) -> object:
        """Answer the address of ``{"region": "110101", "street": "…"}``. Raises Unreadable."""
        if raw is None or raw == "":
            return None
        if not isinstance(raw, dict) or raw.keys() - {"region", "street"}:
            raise Unreadable("address.unreadable", text=excerpt(raw))
        return _address(json_text(raw.get("region")), json_text(raw.get("street")))

    def to_json(self, definition: FieldDef, value: object) -> object:
        """Answer region and street as an object."""
        address = cast(Address, value)
        return {"region": address.region, "street": address.street}

    def check(self, definition: FieldDef, value: object) -> Iterator[Unreadable]:
        """Yield a problem when the street is longer than allowed."""
        limit = definition.max_length or self.longest
        length = len(cast(Address, value).street)
        if length > limit:
            yield Unreadable("text.too_long", limit=limit, length=length)

    def dump(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer street and region, each None when empty."""
        if value is None:
            return (None, None)
        address = cast(Address, value)
        return (address.street or None, address.region or None)

    def load(self, definition: FieldDef, stored: tuple[object, ...]) -> object:
        """Answer the address of the two columns, None when both are."""
        street, region = (cast(str, part or "") for part in stored)
        return Address(region, street) if street or region else None

    def format(self, definition: FieldDef, value: object, locale: Locale) -> str:
        """Answer code and street; pages put the region's name in the code's place."""
        address = cast(Address, value)
        return f"{address.region} {address.street}".strip()

    def export(self, definition: FieldDef, value: object, locale: Locale) -> object:
        """Answer ``[code] street``, the street alone where it cannot be misread."""
        address = cast(Address, value)
        if not address.region and not _CODED.fullmatch(address.street):
            return address.street
        return f"[{address.region}] {address.street}".strip()

    def widget(self, definition: FieldDef) -> Widget:
        """Answer the stepwise choice of region with the street below."""
        limit = definition.max_length or self.longest
        return Widget(name="address", attributes={"maxlength": str(limit)})


def _address(region: str, street: str) -> Address | None:
    address = Address(region_code(region.strip()), clean_line(street))
    return address if address.region or address.street else None
