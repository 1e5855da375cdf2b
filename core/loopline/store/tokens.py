"""Search tokens: CJK bigrams, Latin words, digit suffixes, pinyin initials."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from hashlib import blake2b
from itertools import islice
from typing import Final

from loopline.expr.fold import fold

_MARK: Final = "¤"
"""Stands in no token that a text or a query gives, as it is no letter and no digit."""
_RUN: Final = re.compile(r"[㐀-鿿豈-﫿]+|[0-9]+|[^\W\d_㐀-鿿豈-﫿]+")
_SHORTEST_SUFFIX: Final = 4
_MOST_TOKENS: Final = 200
_LONGEST: Final = 64
"""Longer words are found by their beginning; PostgreSQL takes none of more than 2 kB."""


def index_tokens(texts: Iterable[str]) -> str:
    """Answer the tokens under which texts are found, separated by spaces; empty if none."""
    tokens: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(fold(text)):
            if run.isdigit():
                tokens |= dict.fromkeys(_suffixes(run))
            elif _is_han(run):
                tokens |= dict.fromkeys(_of_han(run))
            else:
                tokens[run[:_LONGEST]] = None
    return " ".join(islice(tokens, _MOST_TOKENS))


def within(field: str) -> str:
    """Answer what stands before the tokens of a field that are looked up under its name."""
    return f"{_MARK}{field.replace('_', _MARK)}{_MARK}{_MARK}"


def layout_token(fields: Collection[str]) -> str:
    """Answer the token that says under the names of which fields a record's tokens stand."""
    names = ",".join(sorted(fields))
    return _MARK + blake2b(names.encode(), digest_size=8).hexdigest()


def query_tokens(text: str) -> list[tuple[str, bool]]:
    """Answer the tokens a search asks for, each with whether it may be continued."""
    wanted: list[tuple[str, bool]] = []
    for run in _RUN.findall(fold(text)):
        if _is_han(run) and len(run) > 1:
            wanted += [(run[at : at + 2], False) for at in range(len(run) - 1)]
        else:
            wanted.append((run[:_LONGEST], True))
    return wanted[:_MOST_TOKENS]


def _suffixes(run: str) -> list[str]:
    """Answer the digits, and their ends down to the last four."""
    end = run[-_LONGEST:]
    return [run[:_LONGEST], *(end[at:] for at in range(max(len(end) - _SHORTEST_SUFFIX + 1, 1)))]


@lru_cache(maxsize=2048)  # names of people, places and trades come again and again
def _of_han(run: str) -> tuple[str, ...]:
    """Answer the pairs of characters and the initials: 化工 gives 化工, 工, hg."""
    return (*(run[at : at + 2] for at in range(len(run))), *_initials(run))


@lru_cache(maxsize=65536)
def _initial(character: str) -> str:
    from pypinyin import Style, lazy_pinyin  # heavy leaf: its dictionaries take 30 MB

    return str(lazy_pinyin(character, style=Style.FIRST_LETTER)[0])[:1]


def _initials(run: str) -> Iterator[str]:
    """Yield the pinyin initials from each character on: 恒岳化工 gives hyhg, yhg, hg."""
    letters = "".join(map(_initial, run[:40]))
    yield from (letters[at:] for at in range(max(len(letters) - 1, 0)))


def _is_han(run: str) -> bool:
    return "㐀" <= run[0] <= "鿿" or "豈" <= run[0] <= "﫿"
