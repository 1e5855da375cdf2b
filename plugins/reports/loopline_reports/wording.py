"""The words of the plugin's templates, in the language of whoever looks."""

from collections.abc import Mapping
from typing import Final

from loopline.sdk import Context
from loopline_reports.texts import texts

_NAMES: Final = ("from", "to", "show", "empty", "widget_failed", "records", "open", "locked")
_GUIDING: Final = ("guide", "guide_text")


def words(ctx: Context) -> Mapping[str, str]:
    """Answer the words by name."""
    found = {name: ctx.say(texts(f"page.{name}")) for name in _NAMES}
    return found | {name: ctx.say(texts(f"empty.{name}")) for name in _GUIDING}
