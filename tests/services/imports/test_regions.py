"""Regions are known by name: with or without endings, from the province down or alone."""

import pytest

from loopline.bootstrap import Platform
from loopline.services.records import create_many

REGIONS = (
    ("33", "浙江省", "Zhejiang"),
    ("3301", "杭州市", "Hangzhou"),
    ("330106", "西湖区", "Xihu"),
    ("36", "江西省", "Jiangxi"),
    ("3601", "南昌市", "Nanchang"),
    ("360103", "西湖区", "Xihu"),
    ("22", "吉林省", "Jilin"),
    ("2202", "吉林市", "Jilin"),
)


@pytest.fixture
def blocked_plugins() -> frozenset[str]:
    return frozenset()


@pytest.fixture(autouse=True)
def regions(platform: Platform) -> None:
    rows = [
        {"code": code, "name": name, "full_name": name, "name_en": latin, "level": "city"}
        for code, name, latin in REGIONS
    ]
    with platform.write(via="seed") as ctx:
        create_many(ctx, "region", rows)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("330106", "330106"),
        ("杭州", "3301"),
        ("浙江省/杭州市", "3301"),
        ("浙江 杭州 西湖区", "330106"),
        ("江西西湖", "360103"),
        ("Hangzhou", "3301"),
        ("吉林", "22"),
        ("吉林市", "2202"),
    ],
)
def test_a_region_is_read_as_people_write_it(bring_in, records, written, code) -> None:
    bring_in("customer", [["客户名称", "地区"], ["恒岳", written]])
    assert records("customer")[0].values["region"] == code


@pytest.mark.parametrize("written", ["西湖区", "California"])
def test_what_is_shared_or_unknown_is_refused(bring_in, reasons, written) -> None:
    report = bring_in("customer", [["客户名称", "地区"], ["恒岳", written]])
    assert [(one.column, one.code) for one in reasons(report)] == [("地区", "region.invalid")]
