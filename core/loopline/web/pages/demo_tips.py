"""What somebody of a demo may try: as the pack of the demo says, for its own logins alone."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any, Final

from loopline.access.context import Context
from loopline.language import Label
from loopline.services.records import get
from loopline.web.contexts.home import Tip

_USER: Final = "user"


def tips(ctx: Context) -> tuple[Tip, ...]:
    """Answer what the actor may try, none where they are no login of a demo."""
    said = list(_logins(ctx))
    if not said or ctx.actor.id is None:
        return ()
    email = get(ctx.elevated("tips of the demo"), _USER, ctx.actor.id).value("email")
    mine = next((one for one in said if one["email"] == email), {})
    found = sorted(mine.get("try", {}).values(), key=itemgetter("pos"))
    return tuple(
        Tip(label=Label(one["text"]).to(ctx.actor.language), href=one["href"]) for one in found
    )


def _logins(ctx: Context) -> Iterator[Mapping[str, Any]]:
    """Yield the logins that the packs of this release declare for their demos."""
    for layer in ctx.snapshot.catalog.release.layers:
        demo = layer.about.get("demo")
        if isinstance(demo, Mapping):
            yield from demo.get("logins", {}).values()
