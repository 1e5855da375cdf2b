"""Whether a roll-up can be kept true by the writes of its children alone."""

from collections.abc import Iterator
from typing import Final

from loopline.errors import LooplineError
from loopline.expr.check import check, references
from loopline.expr.parse import parse
from loopline.expr.tree import InSet, LocalDay, Me, Member, Now, OnDay, Today, walk
from loopline.fields.definition import Computed, FieldDef
from loopline.fields.registry import FieldTypes
from loopline.meta.catalog import Catalog
from loopline.meta.document import Path
from loopline.meta.entities import EntityDef
from loopline.meta.rollups import TAKES
from loopline.meta.scope import EntityScope

_PASSING: Final = (InSet, LocalDay, Me, Member, Now, OnDay, Today)
"""What changes without a write: with time, with the reader, with the reader's zone."""
Found = tuple[Path, str, dict[str, object]]


def rollup_problems(field: FieldDef, catalog: Catalog, types: FieldTypes) -> Iterator[Found]:
    """Yield what keeps a roll-up from being kept true by the writes of its children alone."""
    made = field.computed
    if made is None or not catalog.has("entity", made.of):
        return
    child, path = catalog.entity(made.of), ("fields", field.id)
    link = child.fields.get(made.via)
    if link is None or link.to != field.entity:
        yield (*path, "via"), "rollup.via", {"via": made.via, "of": made.of, "to": field.entity}
    yield from _field_problems(made, child, path)
    if made.filter:
        yield from _filter_problems(made, EntityScope(catalog, types, made.of), path)


def _field_problems(made: Computed, child: EntityDef, path: Path) -> Iterator[Found]:
    of = child.fields.get(made.field)
    if made.aggregate == "count":
        return
    if of is None or of.id in child.computed or of.type not in TAKES[made.aggregate]:
        params: dict[str, object] = {"field": made.field, "aggregate": made.aggregate}
        yield (*path, "field"), "rollup.field", params


def _filter_problems(made: Computed, scope: EntityScope, path: Path) -> Iterator[Found]:
    try:
        node = check(parse(made.filter, "filter"), scope, "filter")
    except LooplineError as error:
        for problem in error.problems:
            yield (*path, "filter"), problem.code, dict(problem.params)
        return
    names = references(node)  # formulas unfolded into what they read
    far = any(len(name) > 1 for name in names)
    made_up = any(name[0] in scope.catalog.entity(made.of).computed for name in names)
    if far or made_up or any(isinstance(one, _PASSING) for one in walk(node)):
        yield (*path, "filter"), "rollup.filter", {"filter": made.filter}
