"""What more than one action asks for."""

from typing import Final

GIVING_BACK: Final = {
    "type": "object",
    "properties": {
        "amount": {
            "type": "number",
            "exclusiveMinimum": 0,
            "x-label": {"zh": "金额", "en": "Amount"},
        },
        "reason": {"type": "string", "maxLength": 300, "x-label": {"zh": "原因", "en": "Reason"}},
    },
    "required": ["amount", "reason"],
    "additionalProperties": False,
}
"""How much is given back, and why."""
