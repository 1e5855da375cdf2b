"""The pages of the plugin, beside the lists that documents describe."""

from collections.abc import Iterable

from loopline.sdk import Page


def pages() -> Iterable[Page]:
    """Yield the pages and operations."""
    return ()
