"""Laws of lots: what is left less what is owed is the balance, whatever happened."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from loopline_loyalty.lots import Lots, Movement, lots

DAYS = st.none() | st.dates(date(2026, 1, 1), date(2026, 3, 1))


@st.composite
def movements(draw) -> list[Movement]:
    rows = draw(st.lists(st.tuples(st.integers(-50, 50), DAYS, st.none() | st.integers(0, 20))))
    return [
        Movement(id=at, points=points, expires_at=day, reverses=taken)
        for at, (points, day, taken) in enumerate(rows)
    ]


@given(movements())
def test_what_is_left_less_the_debt_is_the_balance(rows) -> None:
    found = lots(rows)
    assert sum(found.left.values()) - found.debt == sum(one.points for one in rows)


@given(movements())
def test_nothing_is_left_while_something_is_owed(rows) -> None:
    found = lots(rows)
    assert min(found.left.values(), default=0) >= 0
    assert found.debt == 0 or not any(found.left.values())


def test_what_expires_first_is_spent_first() -> None:
    soon, late = date(2026, 2, 1), date(2026, 3, 1)
    rows = [
        Movement(id=1, points=10, expires_at=late),
        Movement(id=2, points=10, expires_at=soon),
        Movement(id=3, points=-12),
    ]
    assert lots(rows) == Lots(left={1: 8, 2: 0}, debt=0)


def test_a_reversal_takes_from_what_it_reverses() -> None:
    rows = [
        Movement(id=1, points=10, expires_at=date(2026, 2, 1)),
        Movement(id=2, points=10),
        Movement(id=3, points=-12, reverses=2),
    ]
    assert lots(rows).left == {1: 8, 2: 0}
