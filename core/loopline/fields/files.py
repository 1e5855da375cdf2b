"""The files field: any number of uploaded files."""

from typing import cast

from loopline.expr.types import ExprType
from loopline.fields.base import Widget
from loopline.fields.definition import FieldDef
from loopline.fields.links import LinksType, RecordIds


class FilesType(LinksType):
    """The ids of uploaded files, kept as several links are."""

    id = "files"
    expr_type = ExprType.OPAQUE
    settings = frozenset()
    operators = ("is_blank",)

    def widget(self, definition: FieldDef) -> Widget:
        """Answer uploads, any number of them."""
        return Widget(name="files")

    def members(self, definition: FieldDef, value: object) -> tuple[object, ...]:
        """Answer the ids."""
        return cast(RecordIds, value)
