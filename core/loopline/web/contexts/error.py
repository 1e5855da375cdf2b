"""The page that is answered when a request fails."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorContext(PageContext):
    """What went wrong, in words, and the way out; needs no menu and no signed-in person."""

    template: ClassVar[str] = "errors/error.html"

    status: int = field(metadata=described("The HTTP status."))
    title: str = field(metadata=described("What went wrong, in a few words."))
    text: str = field(metadata=described("What to do about it."))
    details: tuple[str, ...] = field(default=(), metadata=described("The problems, one a line."))
    request_id: str = field(default="", metadata=described("What to quote when asking for help."))
    back_href: str = field(default="/", metadata=described("The way out."))
    back_label: str = field(metadata=described("What the way out is called."))


@dataclass(frozen=True, kw_only=True, slots=True)
class FramedErrorContext(ErrorContext):
    """The same within the frame of somebody who is signed in."""

    template: ClassVar[str] = "pages/error.html"
