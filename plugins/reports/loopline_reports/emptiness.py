"""What a report or a part of a dashboard says where there is nothing to count, and what to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from loopline.sdk import Context, Label, NotFound
from loopline_reports.cells import CellGrid
from loopline_reports.definition import label_of
from loopline_reports.texts import texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Nothing:
    """Why there is no number, and where to go; ``whole`` if nothing was ever recorded."""

    title: str
    text: str
    href: str
    action: str
    entity: str = ""
    whole: bool = False


def is_empty(grid: CellGrid) -> bool:
    """Whether no cell of a report has a value, or only zeros."""
    return not any(one.value for one in grid.cells if one.part == "value")


def nothing_of(ctx: Context, entity: str) -> Nothing:
    """Answer what is said where a report about an entity counts nothing for whoever looks."""
    plural = _plural(ctx, entity)
    told = {"name": ctx.say(plural)}
    whole = not ctx.count(entity)
    key = "none" if whole else "no_match"
    return Nothing(
        title=ctx.say(texts(f"empty.{key}", **told)),
        text=ctx.say(texts(f"empty.{key}_text", **told)),
        href=f"/records/{entity}",
        action=ctx.say(texts("empty.open", **told)),
        entity=entity,
        whole=whole,
    )


def first_steps(ctx: Context, entities: Iterable[str]) -> list[Mapping[str, str]]:
    """Answer what to record first, of what a dashboard shows: addresses with their words."""
    found: list[Mapping[str, str]] = []
    for entity in dict.fromkeys(entities):
        told = {"name": ctx.say(_plural(ctx, entity))}
        label = ctx.say(texts("empty.step", **told))
        found.append({"label": label, "href": f"/records/{entity}"})
    return found


def _plural(ctx: Context, entity: str) -> Label:
    try:
        body = ctx.document("entity", entity).body
    except NotFound:
        return label_of("", entity)
    return label_of(body.get("plural") or body.get("label"), entity)
