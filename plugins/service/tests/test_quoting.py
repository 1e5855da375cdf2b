"""What is left of a mail without what it quotes."""

import pytest

from loopline_service.quoting import without_quote
from loopline_service.texts import texts

ABOVE = texts("mail.above")
QUOTES = [
    f"Yes.\n\nOn Mon, 23 Nov 2026 Mill <a@b> wrote:\n> {ABOVE['en']}\n> Which?",
    f"Yes.\n\nOn Mon, 23 Nov 2026 at 10:00 Mill\n<a@b> wrote:\n\n{ABOVE['en']}\nWhich?",
    f"Yes.\n\n在 2026-11-23 10:00，明川 <a@b> 写道：\n\n> {ABOVE['zh']}\n> 哪台？",
    f"Yes.\n\n-------- 原始邮件 --------\n发件人: 明川\n主题: 哪台\n\n{ABOVE['zh']}",
    f"Yes.\n\n-----Original Message-----\nFrom: Mill\nSubject: Which\n\n{ABOVE['en']}",
]


@pytest.mark.parametrize("text", QUOTES)
def test_what_stands_above_is_kept(text: str) -> None:
    assert without_quote(text) == "Yes."


@pytest.mark.parametrize("text", ["From: here on it leaks.\n> yes", f"{ABOVE['en']}\nbelow", ""])
def test_a_mail_that_quotes_otherwise_is_kept_whole(text: str) -> None:
    assert without_quote(text) == text
