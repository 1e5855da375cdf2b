"""The error codes of the kernel: found in its sources, listed in docs/reference/errors.md.

``python tests/kit/error_codes.py`` writes the page; a contract test compares it.
"""

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from kit.sources import KERNEL, ROOT, python_files, tree_of
from loopline.language import Messages

PAGE = ROOT / "docs" / "reference" / "errors.md"
CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
HEAD = """# Error codes

Every refusal carries a stable code (`problems[].code` in the API, see the public contract §4).
Programs compare the code; people read the text in their language. This page is made from the
sources by `make reference`.

| code | English | 中文 |
| --- | --- | --- |
"""


def raised_codes() -> frozenset[str]:
    """Answer each code that the kernel's sources pass as, or declare as, ``code``."""
    files = python_files(KERNEL)
    doors = _doors(files)
    found: set[str] = set()
    for file in files:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.Call):
                found.update(_passed(node, doors))
            elif isinstance(node, ast.ClassDef):
                found.update(_declared(node))
    return frozenset(found)


def page(messages: Messages) -> str:
    """Answer the reference page: one line per code, in both languages."""
    rows = (
        f"| `{code}` | {_cell(messages.say(code, 'en'))} | {_cell(messages.say(code, 'zh'))} |"
        for code in sorted(raised_codes())
    )
    return HEAD + "\n".join(rows) + "\n"


def _doors(files: tuple[Path, ...]) -> Mapping[str, int]:
    """Answer the position of the parameter ``code`` of each function and class that has one."""
    doors: dict[str, int] = {}
    for file in files:
        for node in ast.walk(tree_of(file)):
            if isinstance(node, ast.FunctionDef):
                _add(doors, node.name, [one.arg for one in node.args.args])
            elif isinstance(node, ast.ClassDef):
                _add(doors, node.name, _parameters(node))
    return doors


def _add(doors: dict[str, int], name: str, parameters: list[str]) -> None:
    names = [one for one in parameters if one not in ("self", "cls")]
    if "code" in names:
        doors[name] = names.index("code")


def _parameters(node: ast.ClassDef) -> list[str]:
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "__init__":
            return [each.arg for each in one.args.args]
    fields = (one for one in node.body if isinstance(one, ast.AnnAssign))
    return [one.target.id for one in fields if isinstance(one.target, ast.Name)]


def _passed(node: ast.Call, doors: Mapping[str, int]) -> Iterator[str]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    place = doors.get(name)
    if place is not None and place < len(node.args):
        yield from _codes(node.args[place])
    for keyword in node.keywords:
        if keyword.arg == "code":
            yield from _codes(keyword.value)


def _declared(node: ast.ClassDef) -> Iterator[str]:
    if not any("Error" in base or base in ERROR_BASES for base in map(_base_name, node.bases)):
        return
    for one in node.body:
        target = (
            one.target if isinstance(one, ast.AnnAssign) else getattr(one, "targets", [None])[0]
        )
        if isinstance(target, ast.Name) and target.id == "code":
            value = getattr(one, "value", None)
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                yield value.value


ERROR_BASES = frozenset({"NotValid", "BadRequest", "Conflict", "NotFound", "Forbidden"})


def _base_name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def _codes(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if (
            isinstance(one, ast.Constant)
            and isinstance(one.value, str)
            and CODE.fullmatch(one.value)
        ):
            yield one.value


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    PAGE.write_text(page(Messages()), encoding="utf-8")
