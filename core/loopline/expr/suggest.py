"""Names that a misspelt one may have meant."""

from collections.abc import Iterable
from difflib import get_close_matches

from loopline.language import Label


def meant(name: str, known: Iterable[str]) -> Label:
    """Answer a question to put behind a message: did you mean …; empty where nothing is close."""
    close = get_close_matches(name, sorted(set(known)), n=1, cutoff=0.6)
    if not close:
        return Label({})
    return Label({"en": f" Did you mean {close[0]}?", "zh": f"是不是 {close[0]}?"})
