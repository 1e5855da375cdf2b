"""Reading what an address asks of the plugin's pages."""

from collections.abc import Mapping

from loopline.sdk import BadRequest, Label, Problem
from loopline_leads.texts import told


def number(query: Mapping[str, str], name: str, usual: int, most: int = 3650) -> int:
    """Answer a whole number from 0 to ``most``. Raises BadRequest."""
    text = query.get(name, "").strip()
    if not text:
        return usual
    if not text.isascii() or not text.isdigit() or int(text) > most:
        raise refused(name, told("ask.number", name=name, most=most))
    return int(text)


def refused(path: str, message: Label) -> BadRequest:
    """Answer the refusal of a parameter."""
    return BadRequest(Problem(path, "plugin.refused", {"plugin": "leads", "message": message}))
