"""Boards: views that draw records as cards in columns, one for each stage or option."""

from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from loopline.errors import Problem
from loopline.meta.entities import EntityDef
from loopline.meta.pipelines import PipelineDef
from loopline.meta.screens import BOARD, ViewDef

_CHOICE: Final = "choice"
_ADDED_UP: Final = frozenset({"money", "integer", "decimal", "duration", "rollup"})


class Boards(Protocol):
    """Where entities and pipelines are found."""

    def has(self, kind: str, name: str) -> bool:
        """Whether a document is there."""
        ...

    def entity(self, name: str) -> EntityDef:
        """Answer an entity."""
        ...

    def pipeline(self, name: str) -> PipelineDef:
        """Answer a pipeline."""
        ...

    @property
    def pipelines(self) -> Mapping[str, Mapping[str, tuple[PipelineDef, ...]]]:
        """For each entity, its pipelines by field, in order."""
        ...


def board_pipeline(view: ViewDef, catalog: Boards) -> PipelineDef | None:
    """Answer the pipeline of a board, None for one grouped by a plain choice.

    None too where the pipeline is no more, or its plugin is disabled and says nothing.
    """
    known = view.pipeline and catalog.has("pipeline", view.pipeline)
    found = catalog.pipeline(view.pipeline) if known else None
    return found if found is not None and found.field else None


def board_field(view: ViewDef, catalog: Boards) -> str:
    """Answer the choice by which a board is grouped, blank where its pipeline is no more."""
    pipeline = board_pipeline(view, catalog)
    return view.group if pipeline is None else pipeline.field


def records_of(pipeline: PipelineDef, catalog: Boards) -> str:
    """Answer the condition of the records that a pipeline applies to, blank for all."""
    all_over = catalog.pipelines.get(pipeline.entity, {}).get(pipeline.field, ())
    at = next((at for at, one in enumerate(all_over) if one.id == pipeline.id), 0)
    before = [f"!({one.when})" for one in all_over[:at] if one.when]
    return " && ".join([*([f"({pipeline.when})"] if pipeline.when else ()), *before])


def view_problems(view: ViewDef, catalog: Boards) -> Iterator[Problem]:
    """Yield what is wrong with a view that its schema cannot tell."""
    if not catalog.has("entity", view.entity):
        return  # told as a reference
    if view.type == BOARD:
        yield from _of_board(view, catalog)
    elif not view.columns:
        yield Problem("columns", "metadata.missing", {"keys": "columns"})


def _of_board(view: ViewDef, catalog: Boards) -> Iterator[Problem]:
    entity, pipeline = catalog.entity(view.entity), board_pipeline(view, catalog)
    if bool(view.pipeline) == bool(view.group):
        yield Problem("group", "board.group_choice")
    if pipeline is not None and pipeline.entity != view.entity:
        params = {"pipeline": pipeline.id, "entity": pipeline.entity}
        yield Problem("pipeline", "board.other_entity", params)
    group = entity.fields.get(view.group)
    if group is not None and group.type != _CHOICE:
        yield Problem("group", "board.no_choice", {"field": group.id})
    for name in view.sums:
        field = entity.fields.get(name)
        if field is not None and field.type not in _ADDED_UP:
            yield Problem("sum", "board.no_number", {"field": name})
