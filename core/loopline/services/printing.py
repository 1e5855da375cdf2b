"""Printing: typst templates with data, as PDF."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from loopline.errors import NotFound, NotValid, Problem

_FORMAT: Final = "pdf"


def print_pdf(folder: Path, template: str, data: Mapping[str, Any]) -> bytes:
    """Answer the pages of a template of a folder, filled with data, as PDF.

    The template sees the files of the folder and ``sys.inputs.data``, the data as JSON; neither
    other files nor the machine's fonts. Raises NotFound without the template, NotValid
    with what the compiler says.
    """
    import noto_cjk_sans_otc
    import typst

    place = folder / template
    if place.parent != folder or not place.is_file():
        raise NotFound(code="print.no_template", template=template)
    try:
        pages = typst.compile(
            str(place),
            root=str(folder),
            font_paths=[str(Path(noto_cjk_sans_otc.__file__).parent)],
            ignore_system_fonts=True,
            format=_FORMAT,
            sys_inputs={"data": orjson.dumps(data).decode()},
        )
    except typst.TypstError as error:
        raise NotValid(
            Problem(f"print/{template}", "print.failed", {"reason": str(error)})
        ) from error
    if not isinstance(pages, bytes):
        raise TypeError(template)
    return pages
