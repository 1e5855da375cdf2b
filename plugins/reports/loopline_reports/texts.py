"""What the plugin says to people, in both languages."""

from pathlib import Path
from typing import Final

from loopline.sdk import Texts

texts: Final = Texts(Path(__file__).parent / "texts.yaml")
