"""A list as its route would make it."""

from loopline.web.contexts.cells import BLANK, Cell
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.lists import (
    Chip,
    ColumnChoice,
    ColumnForm,
    ExpressionForm,
    FilterForm,
    ListContext,
    SearchForm,
    SortChoice,
    Tab,
)
from loopline.web.contexts.person import person
from loopline.web.contexts.shell import Hidden
from loopline.web.contexts.tables import Column, Empty, Pager, Row, Table
from web.sample_shell import WORDS, shell, words
from web.sample_talk import saved_menu

GONE = Empty(title="还没有线索", text="新建一条", href="/records/lead/new", action="新建")


def table(language: str = "zh", rows: int = 50) -> Table:
    places = (0, 2, 1, 4, None, 5, None, 3)
    columns = tuple(
        Column(
            id=f"c{at}",
            label=label,
            numeric=at in {5, 7},
            sort_href=f"?sort=c{at}",
            sorted="descending" if at == 2 else "",
            place=place,
        )
        for at, (label, place) in enumerate(zip(words(language, "heads"), places, strict=True))
    )
    return Table(
        label=WORDS[language]["all"],
        columns=columns,
        rows=tuple(_row(language, at) for at in range(rows)),
        empty=GONE,
    )


def _row(language: str, at: int) -> Row:
    names, states, people = (words(language, key) for key in ("names", "states", "people"))
    who = person(people[at % 3])
    owner = Cell(text=who.name, kind="person", initial=who.initial, line=who.line)
    return Row(
        id=at,
        href=f"/records/lead/{at}?view=lead_all",
        cells=(
            Cell(text=names[at % len(names)]),
            Cell(text=people[at % 3]),
            Cell(
                text=states[at % 3],
                kind="status",
                tone="accent" if at % 3 < 2 else "",
                line="leads",
            ),
            Cell(text=WORDS[language]["source"]),
            Cell(text=WORDS[language]["product"]),
            Cell(text=f"¥{240 - at}.0 万") if at % 4 else BLANK,
            owner if at % 5 else Cell(text="未分配", kind="unassigned"),
            Cell(text="11-21 10:02", kind="time", machine="2026-11-21T10:02:00Z"),
        ),
    )


def list_context(language: str = "zh", rows: int = 50) -> ListContext:
    state = (Hidden(name="view", value="lead_all"),)
    fields = (Choice(value="source", label="来源", selected=True),)
    return ListContext(
        shell=shell(language),
        tabs=(
            Tab(label=WORDS[language]["all"], href="?view=lead_all", current=True),
            Tab(label=WORDS[language]["day"], href="?view=lead_mine"),
        ),
        search=SearchForm(
            action="/records/lead", value="", placeholder=WORDS[language]["all"], hidden=state
        ),
        chips=(
            Chip(label="来源", value="属于 展会、官网", remove_href="?a"),
            Chip(label="创建", value="不早于 2026-11-01", remove_href="?b"),
        ),
        clear_href="/records/lead?view=lead_all",
        filter=FilterForm(
            action="/records/lead",
            refresh_href="/records/lead?view=lead_all",
            hidden=state,
            fields=fields,
            operators=(Choice(value="eq", label="等于"),),
            value=FieldInput(name="value", label="值", widget="select", options=fields),
        ),
        expression=ExpressionForm(
            action="/records/lead", hidden=state, value="", fields=fields, example="status in []"
        ),
        columns=ColumnForm(
            action="/records/lead",
            hidden=state,
            choices=tuple(
                ColumnChoice(id=one, label=one, shown=True, position=str(at))
                for at, one in enumerate(words(language, "heads"), 1)
            ),
            summary="列 8/24" if language == "zh" else "8 of 24",
            reset_href="/records/lead",
        ),
        sorts=(SortChoice(label="公司", href="?sort=name", sorted="ascending"),),
        directions=(SortChoice(label="降序", href="?sort=-name"),),
        sort_label="状态 ↓",
        table=table(language, rows),
        pager=Pager(summary=WORDS[language]["count"], next="?cursor=n", exact_href="?count=exact"),
        saved=saved_menu(language),
        new_href="/records/lead/new",
        new_label=WORDS[language]["leads"],
        new_one=WORDS[language]["leads"],
        export_href="/records/lead/export",
        bin_href="/records/lead/bin",
    )
