"""The order of texts: Han characters stand where their pinyin stands."""

from functools import lru_cache

from loopline.expr.fold import fold


def pinyin_key(text: str) -> str:
    """Answer the key by which ``text`` sorts: folded, each Han character led by its syllable.

    张三 becomes ``zhang 张san 三``. The space ends a syllable before any letter does (xi an before
    xian); the character after it keeps equal names together among homophones. Compared by code
    point on both databases.
    """
    folded = fold(text)
    return folded if folded.isascii() else "".join(map(_spelt, folded))


@lru_cache(maxsize=16384)
def _spelt(character: str) -> str:
    if not "\u2e80" <= character <= "\U0003ffff" or not character.isalpha():
        return character
    # Imported here because loading the dictionaries takes 0.2 s, and only Han texts need them.
    from pypinyin import lazy_pinyin

    syllable = lazy_pinyin(character)[0]
    return character if syllable == character else f"{syllable} {character}"
