"""The field types of a site: the kernel's own, and what plugins add."""

from collections.abc import Iterable, Iterator, Mapping

from loopline.errors import NotValid, Problem
from loopline.fields.address import AddressType
from loopline.fields.any_link import AnyLinkType
from loopline.fields.base import FieldType
from loopline.fields.boolean import BooleanType
from loopline.fields.choice import ChoiceType
from loopline.fields.code import CodeType
from loopline.fields.color import ColorType
from loopline.fields.computed import FormulaType, LookupType, RollupType
from loopline.fields.credit_code import CreditCodeType
from loopline.fields.date import DateType
from loopline.fields.datetime import DatetimeType
from loopline.fields.decimal import DecimalType
from loopline.fields.duration import DurationType
from loopline.fields.email import EmailType
from loopline.fields.file import FileType, ImageType
from loopline.fields.files import FilesType
from loopline.fields.integer import IntegerType
from loopline.fields.json import JsonType
from loopline.fields.lines import LinesType
from loopline.fields.link import DepartmentType, LinkType, UserType
from loopline.fields.links import LinksType
from loopline.fields.long_text import LongTextType
from loopline.fields.money import MoneyType
from loopline.fields.multi_choice import MultiChoiceType
from loopline.fields.percent import PercentType
from loopline.fields.phone import PhoneType
from loopline.fields.rating import RatingType
from loopline.fields.region import RegionType
from loopline.fields.rich_text import RichTextType
from loopline.fields.tags import TagsType
from loopline.fields.text import TextType
from loopline.fields.time import TimeType
from loopline.fields.url import UrlType


class FieldTypes(Mapping[str, FieldType]):
    """An immutable map from the id of a field type to the type."""

    __slots__ = ("_types",)

    def __init__(self, types: Iterable[FieldType]) -> None:
        """Hold ``types``. Raises NotValid ``field_type.duplicate`` when two share an id."""
        self._types: dict[str, FieldType] = {}
        for field_type in types:
            if field_type.id in self._types:
                raise NotValid(Problem(field_type.id, "field_type.duplicate"))
            self._types[field_type.id] = field_type

    def __getitem__(self, type_id: str) -> FieldType:
        return self._types[type_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)

    def plus(self, types: Iterable[FieldType]) -> "FieldTypes":
        """Answer these types and ``types``. Raises NotValid when an id is taken."""
        return FieldTypes((*self._types.values(), *types))


def kernel_field_types() -> FieldTypes:
    """Answer the field types every site has."""
    return FieldTypes(
        (
            TextType(),
            LongTextType(),
            IntegerType(),
            DecimalType(),
            PercentType(),
            MoneyType(),
            BooleanType(),
            DateType(),
            DatetimeType(),
            ChoiceType(),
            MultiChoiceType(),
            EmailType(),
            PhoneType(),
            UrlType(),
            CodeType(),
            CreditCodeType(),
            LinkType(),
            UserType(),
            DepartmentType(),
            RatingType(),
            JsonType(),
            RegionType(),
            AddressType(),
            TimeType(),
            DurationType(),
            ColorType(),
            RichTextType(),
            AnyLinkType(),
            TagsType(),
            LinksType(),
            LinesType(),
            FileType(),
            FilesType(),
            ImageType(),
            RollupType(),
            FormulaType(),
            LookupType(),
        )
    )
