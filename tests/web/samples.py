"""Contexts as the routes would make them, for tests that draw pages."""

from dataclasses import fields, replace

from loopline.web.contexts.bin import BinContext, Deleted
from loopline.web.contexts.error import ErrorContext, FramedErrorContext
from loopline.web.contexts.home import HomeContext, Panel
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.login import LoginContext
from loopline.web.contexts.public_forms import PublicFormContext, PublicThanksContext
from loopline.web.contexts.records import RelatedItem
from loopline.web.contexts.shell import Hidden, PageContext
from loopline.web.contexts.tables import Empty, Pager
from web.sample_approvals import approvals_context, approve_context
from web.sample_conversion import convert_context, metro_context
from web.sample_form import form_context
from web.sample_list import list_context
from web.sample_record import record_context
from web.sample_shell import WORDS, shell, words
from web.sample_talk import notifications_context, saved_views_context, tag_rules_context


def home_context(language: str = "zh") -> HomeContext:
    item = RelatedItem(title=words(language, "names")[0], href="/r", figure="¥1", note="11-21")
    panel = Panel(label="最新线索", href="/r", line="leads", items=(item,) * 4, empty="还没有")
    return HomeContext(
        shell=shell(language, WORDS[language]["day"]),
        greeting="上午好，知夏" if language == "zh" else "Good morning, Erin",
        today="11 月 25 日 周三",
        whose=(Tab(label="我的", href="/", current=True), Tab(label="全部", href="/?whose=all")),
        metros=(metro_context(language),),
        panels=(panel, replace(panel, items=())),
    )


def bin_context(language: str = "zh", *, rows: int = 3) -> BinContext:
    gone = Deleted(
        title="远湖水务集团",
        href="/records/lead/3",
        when="昨天 16:05",
        machine="2026-11-24T16:05:00+08:00",
        who="林知夏",
        restore_action="/records/lead/3/restore",
    )
    return BinContext(
        shell=shell(language, "回收站"),
        tabs=(Tab(label="线索", href="/records/lead/bin", current=True),),
        rows=(gone,) * rows,
        empty=Empty(title="回收站是空的"),
        pager=Pager(summary="共 3 条", previous="?a", first="?b"),
    )


def login_context(language: str = "zh", error: str = "密码不正确") -> LoginContext:
    return LoginContext(
        shell=shell(language, "登录", person=None, menu=(), tabs=(), create=(), toast=None),
        action="/login",
        host="mingchuan.loopline.example",
        next="/",
        email="linzhixia@mingchuan.example",
        remember=True,
        error=error,
        notice="" if error else "登录已过期",
    )


def public_form(language: str = "zh") -> PublicFormContext:
    known = form_context(language)
    return PublicFormContext(
        shell=login_context(language).shell,
        heading="联系我们",
        action="/forms/lead_web",
        sections=known.sections,
        trap="_homepage",
        hidden=(Hidden(name="_token", value="1.a.b"),),
        intro="请留下联系方式。",
        consent="同意隐私政策",
        notice="请再提交一次",
        problems=known.problems,
        depends=True,
    )


def public_thanks(language: str = "zh") -> PublicThanksContext:
    shell = login_context(language).shell
    return PublicThanksContext(shell=shell, heading="已提交", thanks="谢谢", again_href="/forms/a")


def error_context(language: str = "zh") -> ErrorContext:
    return ErrorContext(
        shell=shell(language, "404"),
        status=404,
        title="找不到这一页",
        text="可能已被删除，或地址有误",
        details=("filter: 看不懂",),
        request_id="7f3a",
        back_label="返回首页",
    )


def framed_error(language: str = "zh") -> FramedErrorContext:
    """Answer the error of somebody who is signed in."""
    bare = error_context(language)
    known = {one.name: getattr(bare, one.name) for one in fields(bare)}
    return FramedErrorContext(**known | {"shell": shell(language, "找不到这一页")})


def contexts(language: str) -> tuple[PageContext, ...]:
    """Answer every page in its states."""
    return (
        list_context(language),
        list_context(language, rows=0),
        record_context(language),
        record_context(language, related_table=True),
        form_context(language),
        form_context(language, wrong=False),
        home_context(language),
        convert_context(language),
        convert_context(language, done=True),
        bin_context(language),
        bin_context(language, rows=0),
        login_context(language),
        login_context(language, error=""),
        public_form(language),
        public_thanks(language),
        error_context(language),
        framed_error(language),
        notifications_context(language),
        notifications_context(language, told=0),
        saved_views_context(language),
        tag_rules_context(language),
        tag_rules_context(language, rows=0),
        approvals_context(language),
        approvals_context(language, cards=0),
        approve_context(language),
        approve_context(language, done="已记录"),
    )
