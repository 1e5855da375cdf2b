"""The login page."""

from dataclasses import dataclass, field
from typing import ClassVar

from loopline.web.contexts.described import described
from loopline.web.contexts.shell import PageContext


@dataclass(frozen=True, kw_only=True, slots=True)
class LoginContext(PageContext):
    """The door: sends ``email``, ``password``, ``remember`` and ``next``."""

    template: ClassVar[str] = "pages/login.html"

    action: str = field(metadata=described("Where the form posts."))
    host: str = field(metadata=described("The site's address, to be sure of it."))
    next: str = field(default="", metadata=described("Where to go afterwards."))
    email: str = field(default="", metadata=described("The address given last."))
    remember: bool = field(default=False, metadata=described("Whether to stay signed in."))
    error: str = field(default="", metadata=described("Why signing in failed."))
    notice: str = field(default="", metadata=described("Why one has to sign in, if there is."))
