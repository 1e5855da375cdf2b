"""The door to people: mails to anybody, notifications to colleagues."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from loopline.access.context import Context
from loopline.jobs.mail import Mail, enqueue_mail
from loopline.language import Label
from loopline.services.notifications import notify
from loopline.store.rows import Record


@dataclass(frozen=True, slots=True)
class Messages:
    """What one plugin tells people, sent once the transaction is committed."""

    _ctx: Context = field(repr=False)
    plugin: str

    @property
    def can_mail(self) -> bool:
        """Whether the site names a server that takes mails; without one they wait."""
        return self._ctx.settings.mail is not None

    @property
    def reads_mail(self) -> bool:
        """Whether the site reads a mailbox, so that people can answer by mail."""
        return self._ctx.settings.mail_in is not None

    def mail(self, to: str, subject: str, text: str, *, key: str) -> bool:
        """Send a mail as plain text; answer False where one under ``key`` was sent before.

        Raises NotValid for an address or a subject that would break the head.
        """
        message = Mail(to=[to], subject=" ".join(subject.split()), text=text)
        whole = f"{self.plugin}:{key}"
        return enqueue_mail(self._ctx.connection, message, self._ctx.now, key=whole) is not None

    def notify(
        self, users: Iterable[int], text: Label, about: Record | str, *, event: str = ""
    ) -> frozenset[int]:
        """Tell colleagues in their notifications; answer who of them may know of the record.

        ``about`` is a record, or an entity for several; ``event`` names what happened (the present
        version of the record by default), and nobody is told of it twice.
        """
        params = {"text": dict(text)}
        named = f"{self.plugin}:{event}" if event else ""
        return notify(self._ctx, users, "notify.notice", params, about, event=named)
