"""What the plugin says to people, in both languages, with values filled in."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from loopline.sdk import Label, Texts

told: Final = Texts(Path(__file__).parent / "texts.yaml")
COMMA: Final = {"zh": "、", "en": ", "}


def joined(separator: Mapping[str, str], parts: list[Label]) -> Label:
    """Answer texts one after the other."""
    return Label(
        {
            language: between.join(one.to(language) for one in parts)
            for language, between in separator.items()
        }
    )
