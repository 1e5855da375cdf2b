"""Mail to record, against a server on the loopback: each message once, whatever happens."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from kit.capture import DOCUMENTS
from kit.imap import ImapServer, imap_server
from kit.kernel_site import blocked_plugins
from loopline.bootstrap import Platform, build_platform
from loopline.errors import NotValid, Unavailable
from loopline.jobs.queue import Job
from loopline.services.capture.mail_in import FETCH
from loopline.settings import MailInSettings
from loopline.store.capture import mail_seen
from loopline.store.rows import Record, fetch

__all__ = ["blocked_plugins"]
JOB = Job(id=1, kind=FETCH, payload={}, attempts=1, lease_token="")
HELLO = b"""From: =?utf-8?B?5p6X55+l5aSP?= <Lin@Example.com>
Subject: Pumps
Message-ID: <1@example.com>
Content-Type: text/plain; charset=gb2312

""" + "两台离心泵".encode("gb18030")
MARKUP = b"""From: bo@example.com
Subject: Valves
Message-ID: <2@example.com>
Content-Type: text/html

<style>p{}</style><p>Four&nbsp;valves &amp; <b>seals</b></p><p>Soon<script>x()</script></p>
"""


@pytest.fixture
def site_documents() -> str:
    return DOCUMENTS


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with imap_server() as running:
        yield running


@pytest.fixture
def mailed(platform: Platform, server: ImapServer) -> Iterator[Platform]:
    """Answer the platform of the site as one that reads the server's mailbox."""
    mail_in = MailInSettings(
        host="127.0.0.1",
        port=server.server_address[1],
        form="x_mailed",
        tls="none",
        user="sales@own.example",
        password="secret",
    )
    built = build_platform(replace(platform.settings, mail_in=mail_in), platform.clock)
    yield built
    built.close()


def _fetch(platform: Platform) -> list[Record]:
    platform.handlers[FETCH](JOB)
    with platform.read() as ctx:
        return list(fetch(ctx.connection, ctx.snapshot.table("x_inquiry"), range(1, 20)).values())


def _outcomes(platform: Platform) -> list[str]:
    with platform.read() as ctx:
        query = sa.select(mail_seen.c.outcome).order_by(mail_seen.c.outcome)
        return list(ctx.connection.execute(query).scalars())


def test_a_message_becomes_a_record(mailed: Platform, server: ImapServer) -> None:
    server.add(HELLO)
    (made,) = _fetch(mailed)
    shown = {name: value for name, value in made.values.items() if value is not None}
    assert shown == {
        "name": "林知夏",
        "mail": "Lin@example.com",
        "booth": "Pumps",
        "need": "两台离心泵",
        "source": "mail",
    }


def test_markup_becomes_text(mailed: Platform, server: ImapServer) -> None:
    server.add(MARKUP)
    (made,) = _fetch(mailed)
    assert (made.values["name"], made.values["need"]) == ("bo", "Four valves & seals\nSoon")


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_heads_that_are_not_encoded_are_read(
    mailed: Platform, server: ImapServer, charset: str
) -> None:
    server.add("From: 林知夏 <lin@example.com>\nSubject: 两台泵\n\nHi".encode(charset))
    (made,) = _fetch(mailed)
    assert (made.values["name"], made.values["booth"]) == ("林知夏", "两台泵")


def test_each_message_is_taken_once(mailed: Platform, server: ImapServer) -> None:
    server.add(HELLO)
    assert [len(_fetch(mailed)) for _ in range(2)] == [1, 1]
    server.add(HELLO)  # a copy
    server.add(MARKUP)
    assert len(_fetch(mailed)) == 2
    server.validity = 8  # the folder is numbered anew
    assert len(_fetch(mailed)) == 2
    assert not any(one.startswith(("STORE", "UID STORE", "SELECT")) for one in server.commands)


@pytest.mark.parametrize(
    "head",
    [
        b"Auto-Submitted: auto-replied\n",
        b"Precedence: bulk\n",
        b"List-Id: <news.example.com>\n",
        b"Return-Path: <>\n",
    ],
)
def test_what_nobody_wrote_is_passed_over(
    mailed: Platform, server: ImapServer, head: bytes
) -> None:
    server.add(head + HELLO)
    assert _fetch(mailed) == []
    assert _outcomes(mailed) == ["automatic"]


def test_ones_own_mail_does_not_come_back(mailed: Platform, server: ImapServer) -> None:
    server.add(HELLO.replace(b"Lin@Example.com", b"Sales@own.example"))
    assert _fetch(mailed) == []


def test_a_broken_message_holds_up_no_other(mailed: Platform, server: ImapServer) -> None:
    server.add(b"From: =?x?Q?=FF?= <a@\n\n\xff\xfe")
    server.add(b"\x00\x00")
    server.add(HELLO)
    assert [one.values["booth"] for one in _fetch(mailed)][-1] == "Pumps"


def test_a_server_that_refuses_is_asked_again_later(mailed: Platform, server: ImapServer) -> None:
    wrong = replace(mailed.settings.mail_in, password="other")
    refused = build_platform(replace(mailed.settings, mail_in=wrong), mailed.clock)
    with pytest.raises(Unavailable, match=r"mail_in\.refused"):
        refused.handlers[FETCH](JOB)
    refused.close()


def test_a_form_that_is_not_there_is_named(mailed: Platform) -> None:
    wrong = replace(mailed.settings.mail_in, form="x_ask")
    other = build_platform(replace(mailed.settings, mail_in=wrong), mailed.clock)
    with pytest.raises(NotValid, match=r"mail_in\.form"):
        other.handlers[FETCH](JOB)
    other.close()


def test_the_job_recurs_where_a_mailbox_is_named(platform: Platform, mailed: Platform) -> None:
    assert [FETCH in {one.kind for one in p.recurring} for p in (platform, mailed)] == [False, True]
