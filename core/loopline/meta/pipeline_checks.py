"""Whether a pipeline makes sense: stages that are options, fields that hold what is kept in them.

What its schema marks as the name of a field and as a condition was checked before.
"""

from collections.abc import Iterator
from typing import Final

from loopline.errors import LooplineError, Problem
from loopline.fields.definition import FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.conversion_checks import fitting_problems, read_value
from loopline.meta.entities import EntityDef
from loopline.meta.pipelines import PipelineDef, StageDef
from loopline.meta.scope import EntityScope

_KEPT_IN: Final = {
    "field": frozenset({"choice"}),
    "amount_field": frozenset({"money"}),
    "probability_field": frozenset({"percent", "integer", "decimal"}),
    "since_field": frozenset({"date", "datetime"}),
    "closed_field": frozenset({"date", "datetime"}),
}
"""The types of fields that can hold what a pipeline keeps."""
_LINES: Final = "lines"


def pipeline_problems(
    pipeline: PipelineDef, catalog: Catalog, types: FieldTypes
) -> Iterator[Problem]:
    """Yield what is wrong with a pipeline that its schema cannot tell."""
    if not catalog.has("entity", pipeline.entity):
        return  # told as a reference
    entity = catalog.entity(pipeline.entity)
    yield from _of_fields(pipeline, entity)
    scope = EntityScope(catalog, types, entity.id)
    for stage in pipeline.stages:
        yield from _of_stage(pipeline, stage, entity)
        yield from _of_sets(pipeline, stage, entity, scope)


def _of_fields(pipeline: PipelineDef, entity: EntityDef) -> Iterator[Problem]:
    for key, kinds in _KEPT_IN.items():
        field = entity.fields.get(getattr(pipeline, key))
        if field is not None and field.type not in kinds:
            params = {"field": field.id, "found": field.type, "expected": ", ".join(sorted(kinds))}
            yield Problem(key, "pipeline.field_type", params)
        elif field is not None and key not in {"field", "amount_field"} and field.computed:
            yield Problem(key, "pipeline.computed", {"field": field.id})


def _of_stage(pipeline: PipelineDef, stage: StageDef, entity: EntityDef) -> Iterator[Problem]:
    place, field = f"stages.{stage.code}", entity.fields.get(pipeline.field)
    if field is not None and field.options and stage.code not in field.options:
        params = {"stage": stage.code, "field": field.id, "known": ", ".join(field.options)}
        yield Problem(place, "pipeline.no_option", params)
    for origin in stage.origins:
        if origin not in pipeline.by_code:
            params = {"stage": origin, "known": ", ".join(pipeline.by_code)}
            yield Problem(f"{place}.from", "pipeline.unknown_stage", params)
    for name in (name for name in stage.require if name in entity.fields):
        if name in entity.computed or entity.fields[name].type == _LINES:
            yield Problem(f"{place}.require", "pipeline.never_given", {"field": name})


def _of_sets(
    pipeline: PipelineDef, stage: StageDef, entity: EntityDef, scope: EntityScope
) -> Iterator[Problem]:
    for name, text in stage.sets.items():
        place, field = f"stages.{stage.code}.set.{name}", entity.fields.get(name)
        if field is None:
            yield Problem(place, "metadata.no_field", {"field": name, "entity": entity.id})
        elif field.id in entity.computed:
            yield Problem(place, "pipeline.computed", {"field": name})
        elif name == pipeline.field:
            yield Problem(place, "pipeline.sets_stage", {"field": name})
        else:
            yield from _of_value(place, text, field, scope)


def _of_value(place: str, text: str, field: FieldDef, scope: EntityScope) -> Iterator[Problem]:
    try:
        value = read_value(text, scope, place)
    except LooplineError as error:
        yield from (Problem(place, one.code, one.params) for one in error.problems)
    else:
        yield from fitting_problems(place, value, field, scope.types)
