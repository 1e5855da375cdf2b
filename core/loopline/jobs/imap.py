"""Reading a mailbox by IMAP (RFC 9051): what is new is looked at, and nothing is changed."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from loopline.errors import Unavailable
from loopline.settings import MailInSettings

_TIMEOUT: Final = 30.0
"""Seconds that a server may take for one answer."""
_LARGEST: Final = 1024 * 1024
"""Bytes that are read of a message; what is beyond are attachments as a rule."""
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_NUMBER: Final = re.compile(rb"\d+")


class Mailbox:
    """An open folder. ``validity`` is its UIDVALIDITY: another one means other UIDs."""

    def __init__(self, client: imaplib.IMAP4, validity: int) -> None:
        self._client = client
        self.validity = validity

    def beyond(self, uid: int) -> list[int]:
        """Answer the UIDs above one, in order."""
        # a server answers n:* with the last message even where n lies beyond it
        return [one for one in self._search(f"UID {uid + 1}:*") if one > uid]

    def since(self, day: date) -> list[int]:
        """Answer the UIDs of what came in on a day or later, in order."""
        return self._search(f"SINCE {day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}")

    def read(self, uid: int) -> bytes:
        """Answer a message, or its beginning; empty for one that went away meanwhile."""
        _, parts = self._client.uid("FETCH", str(uid), f"(BODY.PEEK[]<0.{_LARGEST}>)")
        return next((part[1] for part in parts if isinstance(part, tuple)), b"")

    def _search(self, criterion: str) -> list[int]:
        status, found = self._client.uid("SEARCH", criterion)
        if status != "OK":
            raise imaplib.IMAP4.error(f"SEARCH: {found}")
        return sorted(int(one) for line in found if line for one in line.split())


@contextmanager
def open_mailbox(settings: MailInSettings) -> Iterator[Mailbox]:
    """Open the folder of some settings for reading. Raises Unavailable where the server refuses."""
    try:
        client = _connect(settings)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unavailable(code="mail_in.refused", reason=str(error)[:300]) from error
    try:
        yield _select(client, settings)
    except (imaplib.IMAP4.error, OSError) as error:
        raise Unavailable(code="mail_in.refused", reason=str(error)[:300]) from error
    finally:
        client.shutdown()


def _connect(settings: MailInSettings) -> imaplib.IMAP4:
    if settings.tls == "implicit":
        context = ssl.create_default_context()
        client: imaplib.IMAP4 = imaplib.IMAP4_SSL(
            settings.host, settings.port, ssl_context=context, timeout=_TIMEOUT
        )
    else:
        client = imaplib.IMAP4(settings.host, settings.port, timeout=_TIMEOUT)
        if settings.tls == "starttls":
            client.starttls(ssl.create_default_context())
    return client


def _select(client: imaplib.IMAP4, settings: MailInSettings) -> Mailbox:
    if settings.user:
        client.login(settings.user, settings.password)
    folder = settings.folder.replace("\\", "\\\\").replace('"', '\\"')
    status, answer = client.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise imaplib.IMAP4.error(f"{settings.folder}: {answer}")
    _, told = client.response("UIDVALIDITY")
    found = _NUMBER.search(told[0] or b"") if told else None
    return Mailbox(client, int(found[0]) if found else 1)
