"""Notifications and saved views as their routes would make them."""

from dataclasses import replace

from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.notifications import NotificationsContext, Told
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
