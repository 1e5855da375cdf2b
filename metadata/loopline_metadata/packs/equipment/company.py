"""The supplier itself: departments, people and pools, fixed by name."""

from dataclasses import dataclass
from typing import Final

from loopline_metadata.packs.equipment.names import latin

DOMAIN: Final = "mingchuan.example"
DEPARTMENTS: Final = (
    ("MC", "明川泵阀", ""),
    ("MC-S", "销售中心", "MC"),
    ("MC-S-E", "华东大区", "MC-S"),
    ("MC-S-S", "华南大区", "MC-S"),
    ("MC-S-N", "华北大区", "MC-S"),
    ("MC-S-W", "西部大区", "MC-S"),
    ("MC-M", "市场部", "MC"),
    ("MC-T", "技术部", "MC"),
    ("MC-V", "服务中心", "MC"),
    ("MC-F", "财务部", "MC"),
    ("MC-L", "法务部", "MC"),
)
_PEOPLE: Final = {
    "MC": ("江望川",),
    "MC-S": ("宋怀远",),
    "MC-S-E": ("林知夏", "周启航", "陈砚", "白若川", "许听澜"),
    "MC-S-S": ("梁予舟", "黎向南", "区明朗"),
    "MC-S-N": ("石北辰", "柳长风", "孟雪岩"),
    "MC-S-W": ("余归山", "冉秋野", "向川行"),
    "MC-M": ("叶清晏", "苏木言"),
    "MC-T": ("顾衡之", "钟砺锋"),
    "MC-V": ("唐远", "易安歌", "温如故"),
    "MC-F": ("韩既明",),
    "MC-L": ("何思源",),
}
HEADS: Final = {
    "MC": "江望川",
    "MC-S": "宋怀远",
    "MC-S-E": "白若川",
    "MC-S-S": "梁予舟",
    "MC-S-N": "石北辰",
    "MC-S-W": "余归山",
    "MC-M": "叶清晏",
    "MC-T": "顾衡之",
    "MC-V": "唐远",
    "MC-F": "韩既明",
    "MC-L": "何思源",
}
"""Who leads a department; they answer to the head of the one above."""
_TITLES: Final = {
    "MC": ("总经理", "总经理"),
    "MC-S": ("销售总监", "销售总监"),
    "MC-S-E": ("大区经理", "销售工程师"),
    "MC-S-S": ("大区经理", "销售工程师"),
    "MC-S-N": ("大区经理", "销售工程师"),
    "MC-S-W": ("大区经理", "销售工程师"),
    "MC-M": ("市场经理", "市场专员"),
    "MC-T": ("总工程师", "选型工程师"),
    "MC-V": ("服务经理", "服务工程师"),
    "MC-F": ("财务经理", "会计"),
    "MC-L": ("法务经理", "法务"),
}
POOLS: Final = {
    "east": ("华东公海", ("MC-S-E",)),
    "south": ("华南公海", ("MC-S-S",)),
    "north": ("华北公海", ("MC-S-N",)),
    "west": ("西部公海", ("MC-S-W",)),
    "customers": ("客户公海", ("MC-S-E", "MC-S-S", "MC-S-N", "MC-S-W")),
}
"""Pools by code: their name and the departments whose people are members, their heads admins."""


@dataclass(frozen=True, slots=True)
class Employee:
    """Someone who works for the supplier."""

    name: str
    department: str

    @property
    def is_head(self) -> bool:
        """Whether they lead their department."""
        return HEADS[self.department] == self.name

    @property
    def title(self) -> str:
        """What they are."""
        head, other = _TITLES[self.department]
        return head if self.is_head else other

    @property
    def email(self) -> str:
        """The address by which the demo signs in."""
        return f"{latin(self.name[0])}.{latin(self.name[1:])}@{DOMAIN}"


def employees() -> tuple[Employee, ...]:
    """Answer everybody, department by department."""
    return tuple(Employee(name, code) for code, names in _PEOPLE.items() for name in names)


def manager(one: Employee) -> Employee | None:
    """Answer whom somebody answers to: the head of the department, or of the one above."""
    above = {code: parent for code, _, parent in DEPARTMENTS}
    department = above[one.department] if one.is_head else one.department
    return Employee(HEADS[department], department) if department else None


def sellers(department: str) -> tuple[Employee, ...]:
    """Answer the people of one sales department."""
    return tuple(one for one in employees() if one.department == department)
