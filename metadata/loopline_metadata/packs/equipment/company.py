"""The supplier itself: departments and people, fixed by name."""

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


@dataclass(frozen=True, slots=True)
class Employee:
    """Someone who signs in."""

    name: str
    department: str

    @property
    def email(self) -> str:
        """The address by which the demo signs in."""
        return f"{latin(self.name[0])}.{latin(self.name[1:])}@{DOMAIN}"


def employees() -> tuple[Employee, ...]:
    """Answer everybody, department by department."""
    return tuple(Employee(name, code) for code, names in _PEOPLE.items() for name in names)


def sellers(department: str) -> tuple[Employee, ...]:
    """Answer the people of one sales department."""
    return tuple(one for one in employees() if one.department == department)
