"""What the plugin says to people, in both languages, with values filled in."""

from pathlib import Path
from typing import Final

from loopline.sdk import Texts

told: Final = Texts(Path(__file__).parent / "texts.yaml")
