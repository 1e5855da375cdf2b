"""The reference of hooks, made from the specifications and one example each."""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from kit.sources import ROOT
from loopline.hooks import declarations, events
from loopline.hooks.specs import SPECS

EXAMPLES = ROOT / "tests" / "kit" / "hook_examples.md"


def hooks() -> Mapping[str, Any]:
    """Answer every hook by name, in the order in which it is specified."""
    return {
        name: function
        for spec in SPECS
        for name, function in vars(spec).items()
        if inspect.isfunction(function)
    }


def arguments(function: Any) -> list[str]:
    """Answer the arguments of a hook, without self."""
    return list(inspect.signature(function).parameters)[1:]


def examples() -> Mapping[str, str]:
    """Answer the example of each hook."""
    parts = re.split(r"^## (\w+)$", EXAMPLES.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def hook_page() -> Iterator[str]:
    """Yield the lines of the page, without its heading."""
    shown = examples()
    for spec in SPECS:
        yield f"## {spec.__name__.removesuffix('Specs')}\n"
        yield f"{inspect.cleandoc(spec.__doc__ or '')}\n"
        for name, function in vars(spec).items():
            if not inspect.isfunction(function):
                continue
            yield f"### {name}({', '.join(arguments(function))})\n"
            yield _said(function)
            yield shown.get(name, "").strip() + "\n"
    yield "## What hooks are told and answer\n"
    for one in (*_classes(events), *_classes(declarations)):
        yield f"### {one.__name__}\n"
        yield f"{inspect.cleandoc(one.__doc__ or '')}\n"
        for field in fields(one):
            yield f"- `{field.name}: {_type(field.type)}`"
        yield ""


def _said(function: Any) -> str:
    text = inspect.cleandoc(function.__doc__ or "").replace("versionadded: ", "Since version ")
    return re.sub(r"^(When|Result|If it raises):", r"- **\1**:", text, flags=re.MULTILINE) + "\n"


def _type(given: object) -> str:
    return given if isinstance(given, str) else getattr(given, "__name__", str(given))


def _classes(module: Any) -> list[Any]:
    return [
        one
        for one in vars(module).values()
        if inspect.isclass(one) and is_dataclass(one) and one.__module__ == module.__name__
    ]
