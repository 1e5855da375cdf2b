"""A record as its route would make it."""

from dataclasses import replace

from loopline.web.contexts.cells import BLANK, Cell
from loopline.web.contexts.comments import CommentShown, Composer, Part
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.person import person
from loopline.web.contexts.records import (
    Acts,
    Day,
    Diff,
    Entry,
    Fact,
    FactSection,
    Heading,
    Mark,
    RecordContext,
    Related,
    RelatedItem,
    Story,
)
from loopline.web.contexts.shell import NavItem
from web.sample_list import table
from web.sample_shell import WORDS, shell, words

TEXT = {"zh": "认可 6 台整体方案；希望首付 30%，账期 60 天。", "en": "Agrees to six pumps."}


def owner_cell(language: str) -> Cell:
    me = person(WORDS[language]["me"])
    return Cell(text=me.name, kind="person", initial=me.initial, line=me.line)


def facts(language: str) -> tuple[Fact, ...]:
    names = words(language, "names")
    owner = owner_cell(language)
    labels = words(language, "heads")
    cells = (
        Cell(text="KH-003172", kind="code"),
        Cell(text=WORDS[language]["product"]),
        owner,
        Cell(text="hengyue.example", kind="away", href="https://hengyue.example"),
        Cell(text=names[0], kind="link", href="/records/customer/1"),
        BLANK,
        Cell(text=TEXT[language], kind="long"),
        Cell(text="4 / 5", kind="rating"),
    )
    return tuple(Fact(label=one, value=cell) for one, cell in zip(labels, cells, strict=True))


def comment(language: str) -> CommentShown:
    return CommentShown(
        parts=(
            Part(text=f"@{WORDS[language]['me']}", person=True),
            Part(text=f" {TEXT[language]} "),
            Part(text="https://hengyue.example", href="https://hengyue.example"),
        ),
        edited=True,
        text=TEXT[language],
        edit_action="/records/customer/1/comments/1/edit",
        delete_action="/records/customer/1/comments/1/delete",
    )


def days(language: str) -> tuple[Day, ...]:
    labels = words(language, "heads")
    entry = Entry(
        who=WORDS[language]["me"],
        action="修改了" if language == "zh" else "changed",
        icon="edit",
        time="15:10",
        machine="2026-11-24T15:10:00+08:00",
        diffs=(
            Diff(label=labels[2], old="A", new="B"),
            Diff(label=labels[6], old="", new=TEXT[language]),
            Diff(label=labels[5], old="¥368.0 万", new=""),
        ),
    )
    made = replace(entry, action="新建了记录", icon="plus", via="导入", diffs=())
    said = replace(
        made, action="评论" if language == "zh" else "commented", comment=comment(language)
    )
    gone = replace(said, comment=CommentShown(parts=(), deleted=True))
    return (
        Day(label="昨天" if language == "zh" else "Yesterday", entries=(said, gone, entry, made)),
        Day(label="11-18", entries=(entry, entry)),
    )


def related(language: str) -> Related:
    names = words(language, "names")
    deal = RelatedItem(title=names[1], href="/records/deal/3", figure="¥368.0 万", note="85%")
    return Related(
        label=WORDS[language]["leads"],
        count="2",
        href="/records/deal",
        items=(deal, deal),
        new_href="/records/deal/new",
        new_label="New",
    )


def record_context(language: str = "zh", *, related_table: bool = False) -> RecordContext:
    names = words(language, "names")
    group = related(language)
    tabs = (
        Tab(label="动态" if language == "zh" else "History", href="?", current=not related_table),
        Tab(label=group.label, href="?tab=deal", count="2", current=related_table),
    )
    return RecordContext(
        shell=shell(language, names[1]),
        heading=Heading(
            title=names[1],
            initial=names[1][0],
            line="contracts",
            tags=(
                Mark(text=words(language, "states")[0], name="State", line="leads"),
                Mark(text="A", name="Level", named=True),
                Mark(text="?", name="Price", named=True, tone="accent", href="#related"),
            ),
            owner=owner_cell(language),
            note="KH-003172",
        ),
        acts=Acts(
            edit_href="/records/customer/1/edit",
            delete_action="/records/customer/1/delete",
            create=(
                NavItem(label=words(language, "lines")[1], href="/records/deal/new"),
                NavItem(label=words(language, "lines")[2], href="/records/contract/new"),
            ),
        ),
        sections=(FactSection(label=WORDS[language]["leads"], facts=facts(language)),),
        system=FactSection(label="System", facts=facts(language)[:1]),
        story=Story(
            tabs=tabs,
            facts_href="/records/customer/1",
            chosen=related_table,
            days=() if related_table else days(language),
            more_href="?before=1",
            table=table(language, 4) if related_table else None,
            all_href="/records/deal",
            composer=Composer(
                action="/records/customer/1/comments",
                people="/pick/user",
                text="?",
                error="!",
            ),
        ),
        related=(group, replace(group, items=(), count="0")),
        previous="/records/customer/2",
        next="/records/customer/3",
    )
