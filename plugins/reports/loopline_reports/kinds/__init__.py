"""The kinds of documents that the plugin adds, their schemas beside this file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loopline.sdk import Kind, Label

REPORT: Final = "report"
DASHBOARD: Final = "dashboard"
FOLDER: Final = Path(__file__).parent


def kinds() -> Iterable[Kind]:
    """Yield the kinds report and dashboard."""
    labels = {
        REPORT: Label({"zh": "报表", "en": "Report"}),
        DASHBOARD: Label({"zh": "看板", "en": "Dashboard"}),
    }
    for name, label in labels.items():
        yield Kind(id=name, label=label, schema=FOLDER / f"{name}.schema.json")
