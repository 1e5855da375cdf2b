"""The pages of docs/reference that are made from the code itself.

``python tests/kit/reference_pages.py`` writes them; a test compares.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import click

sys.path.insert(0, str(Path(__file__).parents[1]))

from kit.hook_pages import hook_page
from kit.plugin_pages import all_schemas, bundled, plugin_of, plugin_page
from kit.sources import ROOT
from loopline.cli.main import main
from loopline.expr.functions import FORMS, KERNEL_FUNCTIONS
from loopline.fields.masking import MASKS
from loopline.fields.registry import kernel_field_types
from loopline.language import Messages
from loopline.meta.schemas import Schemas
from loopline.web.api.dispatch import ApiRoute
from loopline.web.api.routing import operations
from loopline.web.api.site import PREFIX

FOLDER = ROOT / "docs" / "reference"
MADE = "This page is made from the code by `make reference`.\n"
_WORDS = {"object": "map", "array": "list", "string": "text", "boolean": "yes or no"}
_MOST_NAMED = 16
"""Values that stand beside a key; more have a page of their own, such as the types of fields."""
_COMMON = frozenset({"kind", "id", "format", "extend", "unset", "$schema"})


def pages() -> Mapping[str, str]:
    """Answer every page by its file name."""
    return {
        "commands.md": "\n".join(_commands()),
        "api.md": "\n".join(_api()),
        "kinds.md": "\n".join(_kinds()),
        "field-types.md": "\n".join(_field_types()),
        "hooks.md": "\n".join(_hooks()),
        "functions.md": "\n".join(_functions()),
        "plugins.md": "\n".join(_plugins()),
    }


def _hooks() -> Iterator[str]:
    yield "# Hooks\n"
    yield MADE
    yield (
        "A plugin imports `loopline.sdk` and implements what it needs, each function marked with "
        "`@hookimpl`. Arguments may be left out, not renamed. Plugins are called in the order in "
        "which they depend on each other; those that are not enabled are not called.\n"
    )
    yield from hook_page()


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield MADE
    yield (
        "Exit codes: 0 done, 1 problems found (one a line, `where: what; how to mend`), 2 wrong "
        "usage. `--site DIR` can be given as `LOOPLINE_SITE`; `--json` prints a result for "
        "machines. Messages follow `LOOPLINE_LANGUAGE` (zh or en), else the terminal.\n"
    )
    yield from _command(main, "loopline")
    for commands in bundled().commands.values():
        for one in commands:
            yield from _command(one, f"loopline {one.name}")


def _command(command: click.Command, name: str) -> Iterator[str]:
    if isinstance(command, click.Group):
        for below in command.commands:
            yield from _command(command.commands[below], f"{name} {below}")
        return
    arguments = [one for one in command.params if isinstance(one, click.Argument)]
    shown = " ".join(one.make_metavar(click.Context(command)) for one in arguments)
    yield f"## {name}\n"
    yield f"`{name} {shown}`".replace(" `", "`") + "\n"
    yield (command.help or "").replace("\b\n", "") + "\n"
    for one in command.params:
        if isinstance(one, click.Option):
            yield f"- `{', '.join(one.opts)}` {_said(one)}".rstrip()
    yield ""


def _said(option: click.Option) -> str:
    parts = [option.help or ""]
    if isinstance(option.type, click.Choice):
        parts.append(f"One of: {', '.join(map(str, option.type.choices))}.")
    if option.envvar:
        parts.append(f"Also `{option.envvar}`.")
    return " ".join(part for part in parts if part)


def _api() -> Iterator[str]:
    yield "# HTTP API\n"
    yield MADE
    yield (
        f"All paths begin with `{PREFIX}`; bodies are JSON. Send `Authorization: Bearer TOKEN`; "
        "`loopline token create` makes one. A site serves the same list at "
        f"`{PREFIX}/docs` and for programs at `{PREFIX}/openapi.json`.\n"
    )
    yield "| operation | does | parameters | scope |"
    yield "| --- | --- | --- | --- |"
    plugins = SimpleNamespace(pages={})  # what plugins add is theirs to describe
    stub = SimpleNamespace(settings=SimpleNamespace(files=None), plugins=plugins)
    for one in operations(cast("Any", stub)):
        yield _operation(one)
    yield (ROOT / "tests" / "kit" / "api_words.md").read_text(encoding="utf-8")


def _operation(one: ApiRoute) -> str:
    parameters = ", ".join(one.parameters)
    return f"| `{one.method} {one.shown_path}` | {one.summary} | {parameters} | {one.scope} |"


def _kinds() -> Iterator[str]:
    schemas = all_schemas()
    yield "# Kinds of documents\n"
    yield MADE
    yield (
        "Every document has `kind`, `id` and `format: 1`; with `extend: true` it adds to one of a "
        "lower layer, and `unset` lists the dotted paths at which it gives its own word up. "
        "Unknown keys are errors. *Sealed* keys are set once, by the layer that declares them.\n"
    )
    for kind in sorted(schemas.kinds):
        yield f"## {kind}\n"
        yield from _about(schemas, kind)
        yield from _map(schemas, schemas.node(kind, ()), "", 0)
        yield ""


def _about(schemas: Schemas, kind: str) -> Iterator[str]:
    """Yield what a kind is, and whose where it is not the kernel's."""
    said = str(schemas.node(kind, ()).get("title", "")).partition(": ")[2]
    said = f"{said[0].upper()}{said[1:]}." if said else ""
    plugin = plugin_of(kind)
    whose = f"Of the plugin [{plugin}](plugins.md#{plugin})." if plugin else ""
    if said or whose:
        yield f"{said} {whose}".strip() + "\n"


def _plugins() -> Iterator[str]:
    yield "# The bundled plugins\n"
    yield MADE
    yield (
        "What each declares. They come in by the same door as plugins of others; a site may enable "
        "and disable each, and change its documents in its own layer.\n"
    )
    yield from plugin_page()


def _map(schemas: Schemas, node: Mapping[str, Any], path: str, depth: int) -> Iterator[str]:
    required = node.get("required", ())
    for key in node.get("properties", {}):
        if depth == 0 and key in _COMMON:
            continue
        below = schemas.child(node, key)
        yield "  " * depth + f"- `{key}` {_value(below, needed=key in required)}"
        yield from _map(schemas, below, f"{path}.{key}", depth + 1)
    inner = schemas.child(node, "ID") if isinstance(node.get("additionalProperties"), dict) else {}
    if inner and "properties" in inner:
        yield "  " * depth + "- each, by its id:"
        yield from _map(schemas, inner, path, depth + 1)


def _value(node: Mapping[str, Any], *, needed: bool) -> str:
    kind = node.get("type") or "text"
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    words = [_WORDS.get(kind, kind)]
    allowed = node.get("enum") or node.get("items", {}).get("enum", ())
    words += (
        [f"one of {' | '.join(str(one) or 'blank' for one in allowed)}"]
        if 0 < len(allowed) <= _MOST_NAMED
        else []
    )
    words += ["required"] if needed else []
    words += [f"the id of {_article(node['x-ref'])}"] if isinstance(node.get("x-ref"), str) else []
    words += ["an expression"] if node.get("x-expr") else []
    words += ["sealed"] if node.get("x-facet") == "sealed" else []
    said = f": {node['description']}" if "description" in node else ""
    return f"({', '.join(words)}){said}"


def _article(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _field_types() -> Iterator[str]:
    yield "# Field types\n"
    yield MADE
    yield (
        "Every field takes `label`, `help`, `required`, `default`, `unique` (no, warn or yes), "
        "`hidden`, `read_only`, `audited`, `mask`, `group`, `synonyms` and `pos`. "
        f"A mask is one of {', '.join(f'`{one}`' for one in MASKS)}; "
        "where none is named the type decides.\n"
    )
    yield "| type | in expressions | own settings | filters |"
    yield "| --- | --- | --- | --- |"
    for one in kernel_field_types().values():
        settings = ", ".join(f"`{name}`" for name in sorted(one.settings))
        tests = " ".join(f"`{name}`" for name in one.operators)
        yield f"| `{one.id}` | {one.expr_type.value} | {settings} | {tests} |"
    yield ""


def _functions() -> Iterator[str]:
    messages = Messages()
    yield "# Functions of expressions\n"
    yield MADE
    yield "[Expressions](expressions.md) says how they are written. Plugins may add more.\n"
    yield "| function | answers | 结果 |"
    yield "| --- | --- | --- |"
    usages = {name: form.usage for name, form in FORMS.items()}
    usages |= {name: one.usage for name, one in KERNEL_FUNCTIONS.items()}
    for name, usage in usages.items():
        said = [messages.say(f"function.help.{name}", language) for language in ("en", "zh")]
        yield f"| `{usage}` | {said[0]} | {said[1]} |"
    yield ""


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
