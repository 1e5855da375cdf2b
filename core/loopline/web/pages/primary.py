"""Which act of a record's page is the one that stands out: there is never a second."""

from collections.abc import Sequence

from loopline.web.contexts.approvals import Card
from loopline.web.contexts.board import StagePath
from loopline.web.contexts.records import Acts, Primary


def primary_act(acts: Acts, paths: Sequence[StagePath], requests: Sequence[Card]) -> Primary:
    """Answer what a viewer does next: decide, else an action of the record, the next stage, or add.

    Restoring is all that can be done with what is in the bin.
    """
    if acts.restore_action:
        return "restore"
    if any(one.action for one in requests):
        return "decide"
    if any(one.tone == "accent" for one in acts.offers):
        return "offer"
    return "stage" if any(one.next for one in paths) else "create"
