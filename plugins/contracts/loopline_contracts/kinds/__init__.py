"""The kinds of documents that the plugin adds, their schemas beside this file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loopline.sdk import Kind, Label

TEMPLATE: Final = "contract_template"


def kinds() -> Iterable[Kind]:
    """Yield the kind of contract templates."""
    label = Label({"zh": "合同模板", "en": "Contract template"})
    folder = Path(__file__).parent
    yield Kind(id=TEMPLATE, label=label, schema=folder / f"{TEMPLATE}.schema.json")
