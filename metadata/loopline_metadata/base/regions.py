"""The regions of China: a compact file made from an npm package, and the rows of the seed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from loopline.sdk import SeedContext

GENERATED: Final = Path(__file__).parent / "generated" / "regions.json"
LEVELS: Final = {2: "province", 4: "city", 6: "county"}

# The package keeps these three in a file of its own, without codes.
_BEYOND: Final = (
    ("71", "台湾省", "Taiwan"),
    ("81", "香港特别行政区", "Hong Kong"),
    ("82", "澳门特别行政区", "Macau"),
)
_LATIN: Final = {
    "15": "Inner Mongolia",
    "54": "Tibet",
    "61": "Shaanxi",
    "65": "Xinjiang",
    "45": "Guangxi",
    "64": "Ningxia",
}
# Cities that only group the districts of a municipality or the counties run by a province.
_GROUPING: Final = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
_ENDINGS: Final = (
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "自治区",
    "自治州",
    "地区",
    "省",
    "市",
    "盟",
    "县",
    "区",
)


def build(package_dir: Path, target: Path) -> int:
    """Write the compact file from the package's ``dist`` folder and answer how many regions it has.

    The file is a JSON list of ``[code, name, Latin name]``, parents before children. Raises
    FileNotFoundError when ``package_dir`` is not the package china-division.
    """
    found = list(_BEYOND)
    for part in ("provinces", "cities", "areas"):
        text = (package_dir / "dist" / f"{part}.json").read_text(encoding="utf-8")
        pairs = [(one["code"], one["name"]) for one in json.loads(text)]
        found += [(code, name, _latin(code, name)) for code, name in pairs]
    found.sort(key=lambda one: (len(one[0]), one[0]))
    target.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")
    return len(found)


def rows(context: SeedContext, source: Path = GENERATED) -> Iterator[Mapping[str, object]]:
    """Yield a row per region, parents first. Raises FileNotFoundError naming the missing command.

    ``context`` is not read: the same regions come on every day and in every language.
    """
    if not source.exists():
        raise FileNotFoundError(f"{source.name} is missing: run `loopline assets` once")
    regions = json.loads(source.read_text(encoding="utf-8"))
    names = {code: name for code, name, _ in regions}
    for code, name, latin in regions:
        row: dict[str, object] = {
            "code": code,
            "name": name,
            "full_name": full_name(code, names),
            "name_en": latin or None,
            "level": LEVELS[len(code)],
        }
        parent = code[:-2]
        yield row | {"parent": {"by": {"code": parent}}} if parent else row


def full_name(code: str, names: Mapping[str, str]) -> str:
    """Answer the names from the province down, without those that only group."""
    chain = (names[code[:length]] for length in LEVELS if length <= len(code))
    shown = [name for name in chain if name not in _GROUPING]
    return "".join(shown)


def _latin(code: str, name: str) -> str:
    if code in _LATIN:
        return _LATIN[code]
    if name in _GROUPING:
        return ""
    ending = next((one for one in _ENDINGS if name.endswith(one) and len(name) > len(one) + 1), "")
    return "".join(lazy_pinyin(name.removesuffix(ending))).capitalize()
