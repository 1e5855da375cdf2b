"""The kinds of documents that the plugin adds, their schemas beside this file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loopline.sdk import Kind, Label

ASSIGNMENT: Final = "assignment"
POOL_RULE: Final = "pool_rule"


def kinds() -> Iterable[Kind]:
    """Yield the kinds with their schemas."""
    folder = Path(__file__).parent
    labels = {
        ASSIGNMENT: Label({"zh": "分配规则", "en": "Assignment rule"}),
        POOL_RULE: Label({"zh": "线索池规则", "en": "Pool rule"}),
    }
    for name, label in labels.items():
        yield Kind(id=name, label=label, schema=folder / f"{name}.schema.json")
