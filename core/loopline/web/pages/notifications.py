"""The notification centre, the bell's number, and what also goes by mail."""

from typing import Final
from zoneinfo import ZoneInfo

from loopline.access.context import Context
from loopline.services import notifications
from loopline.services.notifications import MAILABLE, Notification
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.lists import Tab
from loopline.web.contexts.notifications import NotificationsContext, Told
from loopline.web.contexts.shell import Crumb
from loopline.web.pages.cells import when
from loopline.web.pages.dispatch import Give, Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.numbers import record_number
from loopline.web.pages.shell import Place, bell, entity_href, shell

_PATH: Final = "/notifications"
_ICONS: Final = {"mention": "chat", "assigned": "user", "clock": "clock", "approval": "stamp"}


def show(ctx: Context, asked: PageRequest) -> Reply:
    """Answer what one was told: the unread, or all."""
    say, language = ctx.messages.say, ctx.actor.language
    unread = asked.query.get("all") != "1"
    before = record_number(asked.query.get("before", ""))
    found = notifications.notifications(ctx, before=before, unread=unread)
    title = say("ui.notifications", language)
    frame = shell(ctx, asked, Place(title=title, crumbs=(Crumb(label=title),)))
    waiting = frame.bell.count if frame.bell else ""
    label_all = say("ui.notifications.all", language)
    base = _PATH if unread else f"{_PATH}?all=1"
    more = f"{base}{'?' if unread else '&'}before={found.next}"
    chosen = notifications.mailed_kinds(ctx)
    return Show(
        context=NotificationsContext(
            shell=frame,
            tabs=(
                Tab(
                    label=say("ui.notifications.unread", language),
                    href=_PATH,
                    current=unread,
                    count=waiting,
                ),
                Tab(label=label_all, href=f"{_PATH}?all=1", current=not unread),
            ),
            told=tuple(_told(ctx, one) for one in found.items),
            more_href=more if found.next else "",
            read_action=f"{_PATH}/read" if waiting else "",
            mail_action=f"{_PATH}/mail",
            kinds=tuple(
                Choice(
                    value=kind,
                    label=say(f"ui.notifications.kind.{kind}", language),
                    selected=kind in chosen,
                )
                for kind in MAILABLE
            ),
        )
    )


def count(ctx: Context, asked: PageRequest) -> Reply:
    """Answer the bell's number to its script."""
    now = bell(ctx)
    return Give(content={"count": now.count, "label": now.label})


def open_one(ctx: Context, asked: PageRequest) -> Reply:
    """Mark one read and lead to what it is about."""
    one = notifications.own_notification(ctx, asked.record_id)
    notifications.mark_read(ctx, [one.id])
    if not one.entity:
        return Go(to=_PATH)
    base = entity_href(one.entity)
    return Go(to=f"{base}/{one.record}?tab=timeline" if one.record is not None else base)


def read_all(ctx: Context, asked: PageRequest) -> Reply:
    """Mark all read."""
    notifications.mark_read(ctx)
    return Go(to=_PATH, done="notifications.read")


def choose_mail(ctx: Context, asked: PageRequest) -> Reply:
    """Say which kinds also go by mail."""
    kinds = [one for one in asked.form.getlist("kind") if isinstance(one, str)]
    notifications.choose_mailed_kinds(ctx, kinds)
    return Go(to=_PATH, done="notifications.saved")


def _told(ctx: Context, one: Notification) -> Told:
    return Told(
        text=one.text,
        excerpt=one.excerpt,
        icon=_ICONS.get(one.kind, "bell"),
        when=when(ctx, one.at),
        machine=one.at.astimezone(ZoneInfo(ctx.locale.zone)).isoformat(),
        open_action=f"{_PATH}/{one.id}/open",
        unread=not one.read,
    )


ROUTES: Final = (
    PageRoute(method="GET", path=_PATH, handler=show),
    PageRoute(method="GET", path=f"{_PATH}/count", handler=count),
    PageRoute(method="POST", path=f"{_PATH}/read", handler=read_all),
    PageRoute(method="POST", path=f"{_PATH}/mail", handler=choose_mail),
    PageRoute(method="POST", path=_PATH + "/{id:int}/open", handler=open_one),
)
