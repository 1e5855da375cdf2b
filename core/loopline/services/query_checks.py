"""Whether a semantic query can be asked: resolved as when it is answered, but not run."""

from collections.abc import Mapping

from loopline.access.context import Context
from loopline.errors import NotFound, NotValid, Problem, refuse_if
from loopline.query.compile import compile_query
from loopline.query.params import params_of, with_params
from loopline.query.reading import read_query


def query_problems(ctx: Context, asked: Mapping[str, object]) -> tuple[Problem, ...]:
    """Answer what of a query the release of the context does not have, or does not fit in it."""
    problems: list[Problem] = []
    try:
        query = read_query(asked)
        bound = with_params(query, params_of(ctx, query), problems)
        refuse_if(problems)
        compile_query(ctx, bound)
    except NotValid as error:
        return error.problems
    except NotFound as error:
        return (Problem("dataset.entity", error.key, error.params),)
    return ()
