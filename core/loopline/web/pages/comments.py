"""Comments on a record's page: adding, changing and deleting them."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from loopline.access.context import Context
from loopline.errors import LooplineError, NotFound, NotValid
from loopline.language import listed
from loopline.services import comments
from loopline.services.comments import Said
from loopline.services.titles import titles
from loopline.web.contexts.records import RecordContext
from loopline.web.pages.dispatch import Go, PageRequest, PageRoute, Reply, Show
from loopline.web.pages.listing import known_entity
from loopline.web.pages.numbers import record_number
from loopline.web.pages.record import show_record


def add(ctx: Context, asked: PageRequest) -> Reply:
    """Comment on the record; a text that is refused stays in its box."""
    entity = known_entity(ctx, asked.path["entity"]).id
    text = asked.one("text")
    try:
        said = comments.add_comment(ctx, entity, asked.record_id, text)
    except NotValid as error:
        return _again(ctx, asked, text, _told(ctx, error))
    return _back(ctx, asked, said, "comment.added")


def edit(ctx: Context, asked: PageRequest) -> Reply:
    """Change one's own comment."""
    entity = known_entity(ctx, asked.path["entity"]).id
    text = asked.one("text")
    try:
        said = comments.edit_comment(ctx, entity, asked.record_id, _number(asked), text)
    except NotValid as error:
        return Go(to=_page(asked), done="comment.refused", title=_told(ctx, error), bad=True)
    return _back(ctx, asked, said, "comment.saved")


def remove(ctx: Context, asked: PageRequest) -> Reply:
    """Delete one's own comment."""
    entity = known_entity(ctx, asked.path["entity"]).id
    comments.delete_comment(ctx, entity, asked.record_id, _number(asked))
    return Go(to=_page(asked), done="comment.deleted")


def _back(ctx: Context, asked: PageRequest, said: Said, done: str) -> Go:
    """Lead back to the timeline, naming who may not read what was said to them."""
    if not said.not_told:
        return Go(to=_page(asked), done=done)
    names = titles(ctx, "user", said.not_told)
    missed = listed((names.get(user, f"#{user}") for user in said.not_told), ctx.actor.language)
    return Go(to=_page(asked), done="comment.missed", title=missed)


def _again(ctx: Context, asked: PageRequest, text: str, error: str) -> Reply:
    drawn = show_record(ctx, asked)
    if not (isinstance(drawn, Show) and isinstance(drawn.context, RecordContext)):
        return drawn
    context = drawn.context
    box = context.story.composer
    box = box and replace(box, text=text, error=error)
    return Show(context=replace(context, story=replace(context.story, composer=box)), status=422)


def _told(ctx: Context, error: LooplineError) -> str:
    return " ".join(ctx.messages.tell(one, ctx.actor.language) for one in error.problems)


def _number(asked: PageRequest) -> int:
    number = record_number(str(asked.path["comment"]))
    if number is None:
        raise NotFound()
    return number


def _page(asked: PageRequest) -> str:
    return f"/records/{quote(asked.path['entity'])}/{asked.record_id}?tab=timeline"


_BASE: Final = "/records/{entity}/{id:int}/comments"
ROUTES: Final = (
    PageRoute(method="POST", path=_BASE, handler=add),
    PageRoute(method="POST", path=_BASE + "/{comment:int}/edit", handler=edit),
    PageRoute(method="POST", path=_BASE + "/{comment:int}/delete", handler=remove),
)
