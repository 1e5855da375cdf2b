"""The kinds of documents that the plugin adds, their schemas beside this file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from loopline.sdk import Kind, Label

SLA_POLICY: Final = "sla_policy"
TICKET_RULE: Final = "ticket_rule"
VISIT_RULE: Final = "visit_rule"


def kinds() -> Iterable[Kind]:
    """Yield the kinds with their schemas."""
    folder = Path(__file__).parent
    labels = {
        SLA_POLICY: Label({"zh": "服务承诺", "en": "SLA policy"}),
        TICKET_RULE: Label({"zh": "工单规则", "en": "Ticket rule"}),
        VISIT_RULE: Label({"zh": "回访规则", "en": "Visit rule"}),
    }
    for name, label in labels.items():
        yield Kind(id=name, label=label, schema=folder / f"{name}.schema.json")
