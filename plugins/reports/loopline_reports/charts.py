"""What a chart draws: names and series of plain numbers, for the browser to draw."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from loopline_reports.axes import row_axis
from loopline_reports.definition import Chart
from loopline_reports.formats import number_format, text_of
from loopline_reports.levels import Answers, Part, Parts


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One line or colour: its name, and a number for each name of the chart."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]
    percent: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ChartData:
    """A chart, ready to be drawn; ``summary`` says it in a sentence."""

    type: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    most: float | None = None
    summary: str = ""

    def plain(self) -> Mapping[str, object]:
        """Answer it as JSON holds it."""
        return {
            "type": self.type,
            "names": self.names,
            "stacked": self.stacked,
            "most": self.most,
            "series": [
                {
                    "name": one.name,
                    "values": one.values,
                    "texts": one.texts,
                    "percent": one.percent,
                }
                for one in self.series
            ],
        }


def chart_of(answers: Answers, language: str) -> ChartData | None:
    """Answer the chart of a report, None where it has none or there is nothing to draw."""
    chart = answers.report.chart
    if chart is None:
        return None
    if not chart.x:
        return _of_measures(answers, chart, language)
    groups = _groups(answers, chart.x)
    if not groups:
        return None
    names = tuple(groups.values())
    series = (
        _stacked(answers, chart, tuple(groups), language)
        if chart.stack
        else tuple(
            _series(answers, name, [((chart.x,), (part,)) for part in groups], language)
            for name in chart.y
        )
    )
    if not series:
        return None
    told = "; ".join(f"{name} {text}" for name, text in zip(names, series[0].texts, strict=True))
    return ChartData(
        type=chart.type,
        names=names,
        series=series,
        stacked=bool(chart.stack),
        most=chart.most,
        summary=told[:400],
    )


def _groups(answers: Answers, name: str) -> dict[Part, str]:
    """Answer the groups of a dimension with their labels, in the order of the table."""
    if answers.report.pivot.rows[:1] == (name,):
        axis = row_axis(answers)
        order = dict.fromkeys(one.parts[0] for one in axis.entries if one.parts)
        return {part: axis.labels[0, part] for part in order}
    level = answers.level((name,))
    return {parts[0]: row.labels[name] for parts, row in level.items()}


def _of_measures(answers: Answers, chart: Chart, language: str) -> ChartData:
    """Answer a chart whose names are those of measures, over all records."""
    whole = [_series(answers, name, [((), ())], language) for name in chart.y]
    names = tuple(one.name for one in whole)
    return ChartData(
        type=chart.type,
        names=names,
        series=(
            Series(
                name=answers.report.label.to(language),
                values=tuple(one.values[0] for one in whole),
                texts=tuple(one.texts[0] for one in whole),
                percent=all(one.percent for one in whole),
            ),
        ),
        most=chart.most,
        summary="; ".join(f"{one.name} {one.texts[0]}" for one in whole),
    )


def _stacked(
    answers: Answers, chart: Chart, parts: tuple[Part, ...], language: str
) -> tuple[Series, ...]:
    names = (chart.x, chart.stack)
    return tuple(
        _series(answers, chart.y[0], [(names, (part, one)) for part in parts], language, label)
        for one, label in _groups(answers, chart.stack).items()
    )


def _series(
    answers: Answers,
    measure: str,
    places: list[tuple[tuple[str, ...], Parts]],
    language: str,
    label: str = "",
) -> Series:
    column = answers.measures[measure]
    found = [answers.value(answers.level(names).get(parts), measure) for names, parts in places]
    forms = [number_format(column, value) for value in found]
    return Series(
        name=label or column.label.to(language),
        values=tuple(_plain(value) for value in found),
        texts=tuple(text_of(value, form) for value, form in zip(found, forms, strict=True)),
        percent=any(form is not None and form.percent for form in forms),
    )


def _plain(value: object) -> float | None:
    return float(value) if isinstance(value, int | float | Decimal) else None
