"""Names that belong to nobody: put together from syllables, with the Latin form for addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pypinyin import lazy_pinyin

if TYPE_CHECKING:
    from random import Random

_FIRST: Final = "恒澄远苏穗泰锦瀚嵘沐砺陵澜晟沃栖衡盛岚朔翎棠泓霁岷昱珩臻蔚屹"
_SECOND: Final = "岳湖澜禾桐海川舟峰宁原野庭溪嶂泽麓桥渚滨岑岭辰畔"
_SURNAMES: Final = "何许唐吴宋赵方沈丁罗高陶叶莫郝蒋傅聂程韩邱姚顾卢魏梁秦范贺邵"
_GIVEN: Final = (
    "嘉宁 曼 远 承泽 若溪 一鸣 子墨 亦舟 澜 谨言 砚秋 景行 书宁 以安 望舒 南星 思远 清和 雨桐 立 "
    "知远 见微 云舒 怀瑾 予安 明川 泽宇 静姝 文柏 乐言 之航 念慈 启明 松年 向晚 行舟 若谷 书瑶 "
    "庭深 青禾 予诺 长青 思齐 晓岚 令仪 闻笛 仲夏 拾光 海晏 星河"
)
_FORMS: Final = {"有限公司": 60, "股份有限公司": 25, "集团有限公司": 15}
_PARKS: Final = ("新材料园", "高新产业园", "临港工业区", "循环经济园", "智造园", "科技园")
_ROADS: Final = ("沿江", "兴业", "创新", "临空", "滨湖", "东环", "望山", "通港")
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"


class Names:
    """Deals out names from one random stream and never the same company twice."""

    def __init__(self, random: Random) -> None:
        self._random = random
        stems = [first + second for first in _FIRST for second in _SECOND]
        random.shuffle(stems)
        self._stems = iter(stems)
        self._given = _GIVEN.split()

    def stem(self) -> str:
        """Answer the next two-syllable name. Raises StopIteration after some seven hundred."""
        return next(self._stems)

    def form(self) -> str:
        """Answer a legal form."""
        return self._random.choices(list(_FORMS), list(_FORMS.values()))[0]

    def person(self) -> str:
        """Answer a person's name."""
        return self._random.choice(_SURNAMES) + self._random.choice(self._given)

    def street(self) -> str:
        """Answer a street in an industrial park that does not exist."""
        road, park = self._random.choice(_ROADS), self._random.choice(_PARKS)
        return f"{road}{park} {self._random.randint(1, 199)} 号"


def latin(text: str) -> str:
    """Answer the pinyin of a text in one lower-case word."""
    return "".join(lazy_pinyin(text))


def mobile(series: str, number: int) -> str:
    """Answer a mobile number of a series with three zeros behind it, such as +86 199 0000 0042."""
    return f"+86{series}0000{number:04d}"


def service_line(number: int) -> str:
    """Answer a company's 400 number with a run of zeros, such as +86 400 000 0042."""
    return f"+86400000{number:04d}"


def credit_code(region: str, number: int) -> str:
    """Answer a unified social credit code with the right check character (GB 32100-2015)."""
    body = f"91{region:0<6}MAL{number:06d}"
    total = sum(_CREDIT_ALPHABET.index(c) * pow(3, place, 31) for place, c in enumerate(body))
    return body + _CREDIT_ALPHABET[-total % 31]
