"""Approvals as their routes would make them."""

from dataclasses import replace

from loopline.web.contexts.approvals import ApprovalsContext, ApproveContext, Card, Person
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.tables import Empty
from web.sample_shell import shell

CARD = Card(
    title="循环水泵采购",
    href="/records/quote/1",
    label="折扣审批 · 第 2 次提交",
    asked="林知夏 提交于 09:30",
    state="审批中",
    tone="accent",
    note="代 江望川 处理",
    comment="客户周五要答复",
    covers=(("折扣", "20%"),),
    people=(Person(name="周启航 代 江望川", state="同意", tone="ok", comment="可以"),),
    action="/approvals/7",
    ahead="之后（视条件）：总经理",
    due="15:30 前处理",
    more=(("转交", "/records/quote/1/actions/forward"),),
    said="太多",
    problems=("请写明原因",),
)


def approvals_context(language: str = "zh", *, cards: int = 2) -> ApprovalsContext:
    return ApprovalsContext(
        shell=shell(language, "审批"),
        tabs=(Tab(label="待我审批", href="/approvals?tab=mine", current=True),),
        cards=(CARD,) * cards,
        empty=Empty(title="没有等您审批的事项"),
    )


def approve_context(language: str = "zh", *, done: str = "") -> ApproveContext:
    card = None if done else replace(CARD, href="", more=())
    return ApproveContext(
        shell=shell(language, "审批", person=None, menu=(), tabs=(), create=(), toast=None),
        card=card,
        who="江望川",
        done=done,
    )
