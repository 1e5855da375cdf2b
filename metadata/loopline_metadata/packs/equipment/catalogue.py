"""What the supplier sells: sixty products in a few series."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple


@dataclass(frozen=True, slots=True)
class Product:
    """A product of the catalogue; ``flow`` 0 means it moves nothing."""

    code: str
    name: str
    family: str
    category: str
    kind: str
    unit: str
    price: Decimal
    flow: int = 0
    head: int = 0
    material: str = ""
    media: tuple[str, ...] = ()
    warranty: int = 0

    @property
    def power(self) -> Decimal:
        """Motor power in kW at 62 % efficiency, one step up for reserve."""
        hydraulic = Decimal(self.flow * self.head) / Decimal(367) / Decimal("0.62")
        return (hydraulic * Decimal("1.15")).quantize(Decimal("0.1"))


class _Series(NamedTuple):
    prefix: str
    family: str
    category: str
    material: str
    media: tuple[str, ...]
    price: int
    sizes: tuple[tuple[int, int], ...]


# Sizes are (flow in m³/h, head in m); the price is that of the smallest size.
_PUMPS: Final = (
    _Series(
        "IHF",
        "氟塑料离心泵",
        "P-PRO",
        "fluoroplastic",
        ("acid", "alkali"),
        9800,
        ((12, 20), (25, 32), (50, 32), (100, 50)),
    ),
    _Series(
        "CQB",
        "磁力驱动泵",
        "P-PRO",
        "ss316l",
        ("acid", "alkali"),
        18600,
        ((12, 20), (25, 32), (50, 50), (100, 50), (200, 50)),
    ),
    _Series(
        "ZA",
        "化工流程泵",
        "P-PRO",
        "duplex",
        ("acid", "oil"),
        52000,
        ((100, 80), (200, 80), (400, 100)),
    ),
    _Series(
        "RY",
        "导热油泵",
        "P-PRO",
        "carbon_steel",
        ("thermal_oil",),
        14200,
        ((25, 30), (60, 50), (100, 65)),
    ),
    _Series(
        "XS",
        "中开双吸泵",
        "P-WAT",
        "cast_iron",
        ("clean_water",),
        46000,
        ((500, 32), (800, 40), (1200, 50)),
    ),
    _Series(
        "ISG",
        "管道循环泵",
        "P-WAT",
        "cast_iron",
        ("clean_water",),
        5200,
        ((25, 20), (50, 32), (100, 32), (200, 32)),
    ),
    _Series(
        "DG",
        "多级给水泵",
        "P-WAT",
        "ss304",
        ("clean_water", "steam"),
        68000,
        ((46, 300), (85, 400), (150, 500)),
    ),
    _Series(
        "HW",
        "海水提升泵",
        "P-WAT",
        "duplex",
        ("seawater",),
        128000,
        ((300, 40), (600, 50), (1000, 60)),
    ),
    _Series(
        "ZJ",
        "渣浆泵",
        "P-SLU",
        "high_chrome",
        ("slurry",),
        58000,
        ((60, 30), (120, 40), (280, 50), (500, 55)),
    ),
    _Series(
        "G", "污泥螺杆泵", "P-SLU", "cast_iron", ("sludge",), 21500, ((10, 60), (25, 60), (50, 60))
    ),
    _Series(
        "NJ", "浆料泵", "P-SLU", "ss304", ("slurry",), 39500, ((100, 25), (250, 35), (450, 40))
    ),
    _Series(
        "TR", "卫生级转子泵", "P-HYG", "ss316l", ("food",), 24800, ((3, 50), (10, 60), (25, 60))
    ),
    _Series(
        "KS", "卫生级离心泵", "P-HYG", "ss316l", ("food",), 12600, ((10, 24), (20, 36), (40, 42))
    ),
    _Series(
        "GM",
        "隔膜计量泵",
        "P-MET",
        "ss316l",
        ("acid", "alkali"),
        8600,
        ((1, 100), (2, 70), (4, 50)),
    ),
)
_OTHERS: Final = (
    ("D341-200", "蜗轮蝶阀 DN200", "蝶阀", "V-BUT", "goods", "台", 2600),
    ("D941-400", "电动蝶阀 DN400", "蝶阀", "V-BUT", "goods", "台", 24500),
    ("D941-600", "电动蝶阀 DN600", "蝶阀", "V-BUT", "goods", "台", 46800),
    ("ZMAP-80", "气动调节阀 DN80", "调节阀", "V-CON", "goods", "台", 18400),
    ("ZMAP-150", "气动调节阀 DN150", "调节阀", "V-CON", "goods", "台", 32600),
    ("Q641-100", "气动球阀 DN100", "球阀", "V-CON", "goods", "台", 6900),
    ("BJ-SEAL", "机械密封套件", "备件", "S", "goods", "套", 3200),
    ("BJ-IMP", "叶轮与口环", "备件", "S", "goods", "套", 5400),
    ("BJ-LINER", "渣浆泵过流件", "备件", "S", "goods", "套", 16800),
    ("FW-INST", "安装调试", "调试服务", "F", "service", "次", 12000),
    ("FW-OVER", "大修服务", "大修服务", "F", "service", "台", 28000),
    ("FW-YEAR", "年度维保", "年度维保", "F", "subscription", "年", 86000),
    ("FW-WATCH", "远程监测", "远程监测", "F", "subscription", "年", 36000),
)


def products() -> tuple[Product, ...]:
    """Answer the whole catalogue: 47 pumps and 13 other things."""
    return (*_pumps(), *_rest())


def _pumps() -> Iterator[Product]:
    for series in _PUMPS:
        for step, (flow, head) in enumerate(series.sizes):
            yield Product(
                code=f"{series.prefix}{flow}-{head}",
                name=f"{series.family} {series.prefix}{flow}-{head}",
                family=series.family,
                category=series.category,
                kind="goods",
                unit="台",
                price=Decimal(round(series.price * 1.55**step, -2)),
                flow=flow,
                head=head,
                material=series.material,
                media=series.media,
                warranty=24 if series.category == "P-PRO" else 18,
            )


def _rest() -> Iterator[Product]:
    for code, name, family, category, kind, unit, price in _OTHERS:
        warranty = 12 if kind == "goods" else 0
        yield Product(code, name, family, category, kind, unit, Decimal(price), warranty=warranty)
