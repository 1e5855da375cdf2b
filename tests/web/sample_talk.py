"""Notifications and saved views as their routes would make them."""

from dataclasses import replace

from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.notifications import NotificationsContext, Told
from loopline.web.contexts.saved_views import SavedMenu, SavedViewsContext, ViewLink, ViewRow
from loopline.web.contexts.shell import Hidden, NavItem
from loopline.web.contexts.tag_rules import RuleRow, TagRulesContext
from web.sample_shell import shell


def notifications_context(language: str = "zh", *, told: int = 3) -> NotificationsContext:
    one = Told(
        text="林知夏 在 恒岳化工 中提到了您",
        excerpt="@周启航 请看报价",
        icon="chat",
        when="11-24 15:10",
        machine="2026-11-24T15:10:00+08:00",
        open_action="/notifications/1/open",
        unread=True,
    )
    return NotificationsContext(
        shell=shell(language, "通知" if language == "zh" else "Notifications"),
        tabs=(
            Tab(label="未读", href="?", current=True, count="3"),
            Tab(label="全部", href="?all=1"),
        ),
        told=(one, replace(one, unread=False, excerpt=""))[:told],
        more_href="?before=1",
        read_action="/notifications/read",
        mail_action="/notifications/mail",
        kinds=(Choice(value="mention", label="提到我", selected=True),),
    )


def saved_menu(language: str = "zh") -> SavedMenu:
    name = "大单" if language == "zh" else "Large ones"
    return SavedMenu(
        action="/records/lead/views",
        hidden=(Hidden(name="list.c", value="budget:ge:100"),),
        views=(ViewLink(label=name, href="?saved=1", note="仅自己", current=True),),
        manage_href="/records/lead/views",
        sharing=(Choice(value="", label="仅自己"), Choice(value="everyone", label="所有人")),
        update_action="/records/lead/views/1/state",
        current=name,
        missing="预算已不存在",
    )


def saved_views_context(language: str = "zh") -> SavedViewsContext:
    own = ViewRow(
        name="大单",
        href="?saved=1",
        key="saved-1",
        note="仅自己",
        pinned=True,
        default=False,
        missing="预算",
        edit_action="/records/lead/views/1",
        delete_action="/records/lead/views/1/delete",
        sharing=saved_menu(language).sharing,
    )
    site = ViewRow(
        name="全部", href="?view=a", key="a", note="", pinned=True, default=True, of_site=True
    )
    return SavedViewsContext(
        shell=shell(language, "视图"),
        rows=(own, site),
        choose_action="/records/lead/views/choose",
        list_href="/records/lead",
        problems=("名称已有",),
    )


def tag_rules_context(language: str = "zh", *, rows: int = 2) -> TagRulesContext:
    who = NavItem(label="恒岳化工", href="/records/customer/1")
    row = RuleRow(
        name="大客户",
        entity="客户",
        tag="VIP",
        when="level == 'A'",
        gains="3",
        loses="0",
        gaining=(who,),
    )
    found = (
        row,
        RuleRow(name="b", entity="", tag="", when="", gains="0", loses="1", losing=(who,)),
    )
    title = "标签规则" if language == "zh" else "Tag rules"
    return TagRulesContext(
        shell=shell(language, title), rows=found[:rows], run_action="/tags/rules/run"
    )
