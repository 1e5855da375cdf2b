"""Checked expressions to SQL, which agrees with expr/python.py on both databases.

A condition is true exactly where the expression holds; elsewhere it is false or NULL. So it may
be combined with AND and OR, yet never negated in SQL: negate the expression instead. Negation is
pushed down to the tests, where blanks are known. All values are bound, so statements of one shape
share one cache entry.
"""

from loopline.store.expressions.conditions import comparable_to_sql, formula_to_sql, to_sql
from loopline.store.expressions.sources import ColumnSource, Condition

__all__ = ["ColumnSource", "Condition", "comparable_to_sql", "formula_to_sql", "to_sql"]
