"""What a unique index refuses, told by field: the last word when two write at the same moment."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import psycopg
import sqlalchemy as sa

from loopline.errors import NotValid, Problem
from loopline.store.tables import RecordTable

_SQLITE: Final = re.compile(r"UNIQUE constraint failed: (.+)")
_POSTGRESQL: Final = re.compile(r"\((.+?)\)=\(")


@contextmanager
def refusing_twins(one: RecordTable) -> Iterator[None]:
    """Raise NotValid naming the fields whose values another record got first."""
    try:
        yield
    except sa.exc.IntegrityError as error:
        columns = _columns(error.orig)
        problems = [
            Problem(f"fields.{name}", "unique.taken", {"label": field.definition.label})
            for name, field in one.fields.items()
            if field.match_column in columns
        ]
        if not problems:
            raise
        raise NotValid(*problems) from error


def _columns(refusal: object) -> set[str]:
    """Answer the columns of the index that refused; none for another kind of refusal."""
    if isinstance(refusal, psycopg.errors.UniqueViolation):
        found = _POSTGRESQL.search(refusal.diag.message_detail or "")
    else:
        found = _SQLITE.search(str(refusal))
    names = found.group(1).split(", ") if found else []
    return {name.rpartition(".")[2].strip('"') for name in names}
