"""The frame of sample pages, and their words."""

from dataclasses import replace

from loopline.web.contexts.person import person
from loopline.web.contexts.shell import Bell, Crumb, NavGroup, NavItem, Shell, Toast

WORDS = {
    "zh": {
        "site": "明川泵阀", "me": "林知夏", "loop": "业务环线", "day": "我的一天",
        "lines": "线索 商机 合同 服务 忠诚 报表", "kids": "客户 联系人", "leads": "线索",
        "all": "全部线索", "heads": "公司 联系人 状态 来源 意向产品 预算 负责人 最近动态",
        "states": "已合格 跟进中 待首访", "source": "展会", "product": "磁力驱动泵",
        "count": "共 128 条", "people": "林知夏 周启航 陈砚",
        "names": "华澄半导体材料 恒岳化工二期项目部 远湖水务集团 苏澜制药装备 北穗环保工程"
        " 泰盈食品机械 锦桐造纸 瀚海海工装备 中嵘电力检修",
    },
    "en": {
        "site": "Mingchuan Pump & Valve", "me": "Erin Vale", "loop": "The loop", "day": "My day",
        "lines": "Leads Pipeline Contracts Service Loyalty Reports", "kids": "Customers Contacts",
        "leads": "Leads", "all": "All leads",
        "heads": "Company Contact Status Source Interest Budget Owner Activity",
        "states": "Qualified Working New", "source": "Expo", "product": "Stock pump",
        "count": "128 records", "people": "Erin Tom Ada",
        "names": "Harrowgate Norrsund Castell Alder Greenmoor Tavola Fjordline Meridian Solenne",
    },
}  # fmt: skip
LINES = ("leads", "pipeline", "contracts", "service", "loyalty", "reports")


def words(language: str, key: str) -> list[str]:
    return WORDS[language][key].split()


def shell(language: str = "zh", title: str = "", **changes: object) -> Shell:
    kids = tuple(NavItem(label=one, href="/records/x") for one in words(language, "kids"))
    ring = tuple(
        NavItem(
            label=label,
            href=f"/records/{line}",
            line=line,
            key=line[0],
            current=line == "leads",
            opened=line == "pipeline",
            children=kids if line == "pipeline" else (),
        )
        for label, line in zip(words(language, "lines"), LINES, strict=True)
    )
    day = WORDS[language]["day"]
    base = Shell(
        language=language,
        title=title or WORDS[language]["all"],
        site=WORDS[language]["site"],
        csrf="token",
        here="/records/lead?view=lead_all",
        person=person(WORDS[language]["me"]),
        menu=(
            NavGroup(items=(NavItem(label=day, href="/", icon="home", key="h"),)),
            NavGroup(label=WORDS[language]["loop"], items=ring, ring=True),
        ),
        foot=(NavItem(label="Bin", href="/bin", icon="trash"),),
        tabs=(
            NavItem(label=day, href="/", icon="home"),
            NavItem(label=kids[0].label, href="/records/customer", icon="building"),
            NavItem(label=ring[1].label, href="/records/deal", icon="deal"),
        ),
        create=(NavItem(label=kids[0].label, href="/records/customer/new", icon="building"),),
        crumbs=(
            Crumb(label=WORDS[language]["leads"], href="/records/lead"),
            Crumb(label=title or WORDS[language]["all"]),
        ),
        line="leads",
        toast=Toast(text=f"{WORDS[language]['leads']} ✓", undo_action="/undo"),
        bell=Bell(label="2", count="2"),
    )
    return replace(base, **changes)
