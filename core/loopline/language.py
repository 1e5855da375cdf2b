"""Words for people: labels in several languages, and messages looked up by key."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

from ruamel.yaml import YAML

from loopline.errors import LooplineError, Problem

LANGUAGES: Final = ("zh", "en")
_LOCALE = Path(__file__).parent / "locale"
_COMMA: Final = {"zh": "、", "en": ", "}


class Label(Mapping[str, str]):
    """A text in several languages; ``label.to(language)`` never fails, it falls back.

    The fallback order is the wanted language, then any other in the order given. An empty label
    answers an empty text.
    """

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = dict(texts)

    def __getitem__(self, language: str) -> str:
        return self._texts[language]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts)

    def __len__(self) -> int:
        return len(self._texts)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._texts.items())))

    def __repr__(self) -> str:
        return f"Label({self._texts!r})"

    def to(self, language: str) -> str:
        """Answer the text in ``language`` or the best other one."""
        return self._texts.get(language) or next(iter(self._texts.values()), "")

    @classmethod
    def join(cls, labels: Iterable["Label"]) -> "Label":
        """Answer several labels as one, listed as each language lists things."""
        some = list(labels)
        return cls({one: listed((label.to(one) for label in some), one) for one in LANGUAGES})


def listed(words: Iterable[str], language: str) -> str:
    """Answer words one after the other, with the comma that parts them in ``language``."""
    return _COMMA.get(language, ", ").join(words)


def readable(name: str) -> Label:
    """Answer an id as people read it: ``next_follow_up`` and ``x_next_follow_up`` alike."""
    words = name.rpartition("__")[2].removeprefix("x_").replace("_", " ").strip()
    return Label({"en": words[:1].upper() + words[1:]})


class Messages:
    """The message catalogue of the kernel, plus what others add: key → text per language.

    Files are ``locale/<language>/<area>.yaml``: flat maps from key to a ``str.format`` text.
    """

    def __init__(self, folder: Path = _LOCALE) -> None:
        self._folder = folder

    @cached_property
    def _texts(self) -> Mapping[str, Mapping[str, str]]:
        return {language: _read_language(self._folder / language) for language in LANGUAGES}

    def keys(self, language: str) -> frozenset[str]:
        """Answer every key that has a text in ``language``."""
        return frozenset(self._texts[language])

    def say(self, key: str, language: str, /, **params: object) -> str:
        """Answer the text of ``key`` in ``language`` filled with ``params``; the key if unknown."""
        texts = self._texts.get(language) or self._texts["en"]
        text = texts.get(key) or self._texts["en"].get(key)
        if text is None:
            return key
        shown = {
            name: value.to(language) if isinstance(value, Label) else value
            for name, value in params.items()
        }
        try:
            return text.format(**shown)
        except (KeyError, IndexError):
            return text

    def tell(self, problem: Problem | LooplineError, language: str) -> str:
        """Answer the message of a problem or an error in ``language``."""
        key = problem.code if isinstance(problem, Problem) else problem.key
        return self.say(key, language, **problem.params)

    def tell_all(self, problems: Iterable[Problem], language: str) -> str:
        """Answer the messages of several problems, one after the other; empty for none."""
        return "; ".join(self.tell(one, language) for one in problems)


class Texts:
    """The texts of a plugin: a YAML file that maps keys to a text per language.

    Texts are ``str.format`` patterns. The file is read when the first text is asked for.
    """

    def __init__(self, file: Path) -> None:
        self._file = file

    def __call__(self, key: str, /, **params: object) -> Label:
        """Answer a text filled with params, labels in its own language. Raises KeyError."""
        return Label(
            {
                language: pattern.format(
                    **{
                        name: one.to(language) if isinstance(one, Label) else one
                        for name, one in params.items()
                    }
                )
                for language, pattern in self.patterns[key].items()
            }
        )

    @cached_property
    def patterns(self) -> Mapping[str, Mapping[str, str]]:
        """What the file says, unfilled."""
        found: Mapping[str, Mapping[str, str]] = YAML(typ="safe").load(
            self._file.read_text(encoding="utf-8")
        )
        return found


@lru_cache(maxsize=8)  # shipped files never change while a process runs, and reading them is slow
def _read_language(folder: Path) -> Mapping[str, str]:
    yaml = YAML(typ="safe")
    texts: dict[str, str] = {}
    for file in sorted(folder.glob("*.yaml")):
        texts.update(yaml.load(file.read_text(encoding="utf-8")) or {})
    return texts
