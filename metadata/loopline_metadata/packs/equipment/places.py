"""Cities customers come from, and the branches of industry found among them."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class City:
    """A city: region code and the sales department that covers it."""

    code: str
    department: str
    weight: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of industry: its code, the word it puts in company names, what it pumps."""

    code: str
    word: str
    media: tuple[str, ...]
    categories: tuple[str, ...]
    weight: int


_EAST, _SOUTH, _NORTH, _WEST = "MC-S-E", "MC-S-S", "MC-S-N", "MC-S-W"
CITIES: Final = (
    City("3101", _EAST, 10),
    City("3201", _EAST, 7),
    City("3202", _EAST, 8),
    City("3204", _EAST, 5),
    City("3205", _EAST, 9),
    City("3206", _EAST, 7),
    City("3301", _EAST, 7),
    City("3302", _EAST, 6),
    City("3304", _EAST, 4),
    City("3401", _EAST, 4),
    City("3502", _SOUTH, 4),
    City("4401", _SOUTH, 7),
    City("4403", _SOUTH, 5),
    City("4406", _SOUTH, 5),
    City("4413", _SOUTH, 4),
    City("4501", _SOUTH, 2),
    City("4601", _SOUTH, 1),
    City("1101", _NORTH, 5),
    City("1201", _NORTH, 5),
    City("1301", _NORTH, 3),
    City("1302", _NORTH, 4),
    City("2102", _NORTH, 4),
    City("3701", _NORTH, 4),
    City("3702", _NORTH, 5),
    City("3703", _NORTH, 4),
    City("4101", _NORTH, 3),
    City("4201", _WEST, 4),
    City("4301", _WEST, 3),
    City("5001", _WEST, 4),
    City("5101", _WEST, 4),
    City("5201", _WEST, 2),
    City("5301", _WEST, 2),
    City("6101", _WEST, 3),
    City("6501", _WEST, 1),
)
BRANCHES: Final = (
    Branch("C-CHEMICAL", "化工", ("acid", "alkali"), ("P-PRO", "P-MET", "V-CON", "S", "F"), 18),
    Branch("N-WASTEWATER", "环保", ("sludge", "clean_water"), ("P-SLU", "P-WAT", "V-BUT", "F"), 13),
    Branch("D-WATER", "水务", ("clean_water",), ("P-WAT", "V-BUT", "F"), 11),
    Branch("C-PHARMA", "制药", ("food", "clean_water"), ("P-HYG", "P-MET", "V-CON"), 9),
    Branch("C-FOOD", "食品", ("food", "steam"), ("P-HYG", "V-CON", "S"), 8),
    Branch("C-PAPER", "纸业", ("slurry", "clean_water"), ("P-SLU", "P-WAT", "S"), 6),
    Branch("C-STEEL", "特钢", ("clean_water", "slurry"), ("P-WAT", "P-SLU", "V-BUT", "S"), 6),
    Branch("B-METAL-ORES", "矿业", ("slurry",), ("P-SLU", "S", "F"), 6),
    Branch("D-POWER", "电力", ("clean_water", "steam"), ("P-WAT", "V-CON", "S", "F"), 6),
    Branch("C-BATTERIES", "新能源", ("thermal_oil", "acid"), ("P-PRO", "P-MET", "V-CON"), 6),
    Branch("C-SEMICONDUCTOR", "半导体", ("clean_water", "acid"), ("P-PRO", "P-HYG", "V-CON"), 4),
    Branch("C-SHIPBUILDING", "海工", ("seawater", "oil"), ("P-WAT", "P-PRO", "V-BUT"), 4),
    Branch("E-HVAC", "暖通", ("clean_water",), ("P-WAT", "V-BUT", "S"), 3),
)
