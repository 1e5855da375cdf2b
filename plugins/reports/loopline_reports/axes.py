"""The axes of a pivot: its groups in order, with subtotals and totals among them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from loopline_reports.levels import Answers, Part, Parts

Total = Literal["", "sub", "grand"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row or column of a pivot: its groups, and whether it is a total over what is below."""

    parts: Parts
    total: Total = ""


@dataclass(frozen=True, slots=True)
class Axis:
    """The dimensions of an axis and its entries; ``labels`` say what a group is called."""

    names: tuple[str, ...]
    entries: tuple[Entry, ...]
    labels: dict[tuple[int, Part], str]
    left_out: int = 0


def row_axis(answers: Answers) -> Axis:
    """Answer the rows of a pivot, the first ones only where it is limited."""
    pivot = answers.report.pivot
    found = _axis(answers, pivot.rows, grand=pivot.grand_row)
    most = pivot.most_rows
    if most is None or len(pivot.rows) != 1:
        return found
    plain = [one for one in found.entries if not one.total]
    kept = {one.parts for one in plain[:most]}
    entries = tuple(one for one in found.entries if one.total or one.parts in kept)
    return Axis(found.names, entries, found.labels, max(0, len(plain) - most))


def column_axis(answers: Answers) -> Axis:
    """Answer the columns of a pivot."""
    pivot = answers.report.pivot
    return _axis(answers, pivot.columns, grand=pivot.grand_column)


def _axis(answers: Answers, names: tuple[str, ...], *, grand: bool) -> Axis:
    pivot = answers.report.pivot
    if not names:
        return Axis(names, (Entry(()),), {})
    level = answers.level(names)
    labels = {
        (at, parts[at]): row.labels[name]
        for parts, row in level.items()
        for at, name in enumerate(names)
    }
    leaves = _sorted(answers, names, list(level), 0)
    entries = list(_with_subtotals(leaves, names, pivot.subtotals, before=pivot.before))
    if grand:
        entries.insert(0 if pivot.before else len(entries), Entry((), "grand"))
    return Axis(names, tuple(entries), labels)


def _sorted(answers: Answers, names: tuple[str, ...], keys: list[Parts], at: int) -> list[Parts]:
    """Answer groups with those of each dimension by the measure it is sorted by."""
    if at == len(names):
        return keys
    groups: dict[Part, list[Parts]] = {}
    for key in keys:
        groups.setdefault(key[at], []).append(key)
    order = list(groups)
    if names[at] in answers.report.pivot.sort and keys:
        order = _by_measure(answers, names[: at + 1], keys[0][:at], order)
    return [key for one in order for key in _sorted(answers, names, groups[one], at + 1)]


def _by_measure(
    answers: Answers, names: tuple[str, ...], before: Parts, order: list[Part]
) -> list[Part]:
    by, down = answers.report.pivot.sort[names[-1]]
    level = answers.level(names)
    values = {one: answers.value(level.get((*before, one)), by) for one in order}
    told = {
        one: found
        for one, found in values.items()
        if isinstance(found, int | float | Decimal) and not one[1]
    }
    first = sorted(told, key=lambda one: told[one], reverse=down)
    return [*first, *(one for one in order if one not in told)]


def _with_subtotals(
    leaves: Sequence[Parts], names: tuple[str, ...], wanted: Iterable[str], *, before: bool
) -> Iterator[Entry]:
    """Yield the groups, each subtotal before or after those it sums up."""
    depths = [at for at in range(1, len(names)) if names[at - 1] in wanted]
    for place, leaf in enumerate(leaves):
        if before:
            previous = leaves[place - 1] if place else None
            for depth in depths:
                if previous is None or previous[:depth] != leaf[:depth]:
                    yield Entry(leaf[:depth], "sub")
        yield Entry(leaf)
        if not before:
            following = leaves[place + 1] if place + 1 < len(leaves) else None
            for depth in reversed(depths):
                if following is None or following[:depth] != leaf[:depth]:
                    yield Entry(leaf[:depth], "sub")
