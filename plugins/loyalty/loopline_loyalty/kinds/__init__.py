"""The kinds of documents that the plugin adds, their schemas beside this file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loopline.sdk import Kind, Label

POINTS_RULE: Final = "points_rule"
TIER: Final = "tier"
SURVEY: Final = "survey"
CARE_PLAN: Final = "care_plan"


def kinds() -> Iterable[Kind]:
    """Yield the kinds with their schemas."""
    folder = Path(__file__).parent
    labels = {
        POINTS_RULE: Label({"zh": "积分规则", "en": "Points rule"}),
        TIER: Label({"zh": "会员等级", "en": "Tier"}),
        SURVEY: Label({"zh": "问卷", "en": "Survey"}),
        CARE_PLAN: Label({"zh": "关怀计划", "en": "Care plan"}),
    }
    for name, label in labels.items():
        yield Kind(id=name, label=label, schema=folder / f"{name}.schema.json")
