"""Whether a semantic query can be asked: resolved as when it is answered, but not run."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid, Problem, refuse_if
from loopline.query.compile import compile_query
from loopline.query.document import Dimension
from loopline.query.params import params_of, with_params
from loopline.query.reading import read_query


def query_problems(ctx: Context, asked: Mapping[str, object]) -> tuple[Problem, ...]:
    """Answer what of a query the release of the context does not have, or does not fit in it."""
    problems: list[Problem] = []
    try:
        query = read_query(asked)
        bound = with_params(query, params_of(ctx, query), problems)
        refuse_if(problems)
        compile_query(ctx, replace(bound, dimensions=tuple(map(_at_rest, bound.dimensions))))
    except NotValid as error:
        return error.problems
    except NotFound as error:
        return (Problem("dataset.entity", error.key, error.params),)
    return ()


def _at_rest(dimension: Dimension) -> Dimension:
    """Answer a dimension that reads no records: its fields may come with this very release."""
    if not dimension.quantiles:
        return dimension
    return replace(dimension, quantiles=0, bounds=(Decimal(0),))
