"""What the plugin says to people, in both languages, with values filled in."""

from collections.abc import Mapping
from typing import Final

from loopline.sdk import Label

LANGUAGES: Final = ("zh", "en")


def told(key: str, **params: object) -> Label:
    """Answer a text of :data:`TEXTS` with its placeholders filled; labels in the same language."""
    return Label(
        {language: _filled(TEXTS[key][language], params, language) for language in TEXTS[key]}
    )


def joined(separator: Mapping[str, str], parts: list[Label]) -> Label:
    """Answer texts one after the other."""
    return Label(
        {
            language: separator[language].join(one.to(language) for one in parts)
            for language in LANGUAGES
        }
    )


def _filled(text: str, params: Mapping[str, object], language: str) -> str:
    return text.format(
        **{
            name: one.to(language) if isinstance(one, Label) else one
            for name, one in params.items()
        }
    )


COMMA: Final = {"zh": "、", "en": ", "}
TEXTS: Final[Mapping[str, Mapping[str, str]]] = {
    # why somebody got a record
    "why.round_robin": {
        "zh": "规则“{rule}”轮流分配，轮到{who}（{free} 人可分配{out}）",
        "en": "Rule “{rule}” goes in turn, it was the turn of {who} ({free} available{out})",
    },
    "why.least_busy": {
        "zh": "规则“{rule}”分配给未结线索最少的{who}（{free} 人可分配{out}）",
        "en": "Rule “{rule}” picks who has the fewest open: {who} ({free} available{out})",
    },
    "why.weighted": {
        "zh": "规则“{rule}”按权重分配给{who}（{free} 人可分配{out}）",
        "en": "Rule “{rule}” goes by weight: {who} ({free} available{out})",
    },
    "why.fixed": {
        "zh": "规则“{rule}”分配给第一个可分配的{who}（{free} 人可分配{out}）",
        "en": "Rule “{rule}” picks the first who is available: {who} ({free} available{out})",
    },
    "why.pool_instead": {
        "zh": "规则“{rule}”放入“{pool}”：没有可分配的人{out}",
        "en": "Rule “{rule}” puts it into “{pool}”: nobody is available{out}",
    },
    "why.pool": {"zh": "规则“{rule}”放入“{pool}”", "en": "Rule “{rule}” puts it into “{pool}”"},
    "why.out": {"zh": "；{people}除外", "en": "; left out: {people}"},
    "out.away": {"zh": "{who}（请假）", "en": "{who} (away)"},
    "out.open": {"zh": "{who}（已有 {count} 条未结）", "en": "{who} (holds {count})"},
    "out.day": {"zh": "{who}（今天已分 {count} 条）", "en": "{who} (got {count} that day)"},
    "out.owner": {"zh": "{who}（现负责人）", "en": "{who} (the owner now)"},
    "why.named": {"zh": "创建时指定给{who}", "en": "Named when it was made: {who}"},
    "why.maker": {
        "zh": "没有规则适用，归创建人{who}",
        "en": "No rule fits, so {who} who made it keeps it",
    },
    "why.unasked": {"zh": "创建时要求不分配", "en": "Made without assignment, as was asked"},
    "why.claim": {"zh": "{who}从“{pool}”领取", "en": "{who} claimed it from “{pool}”"},
    "why.assign": {
        "zh": "{actor}分配给{who}{reason}",
        "en": "{actor} assigned it to {who}{reason}",
    },
    "why.release": {
        "zh": "{actor}退回“{pool}”{reason}",
        "en": "{actor} gave it back to “{pool}”{reason}",
    },
    "why.pooled": {
        "zh": "{actor}放入“{pool}”{reason}",
        "en": "{actor} put it into “{pool}”{reason}",
    },
    "why.recycle": {
        "zh": "规则“{rule}”的“{entry}”：从{who}回收到“{pool}”",
        "en": "“{entry}” of rule “{rule}”: taken from {who} into “{pool}”",
    },
    "why.late": {"zh": "{who}逾期未跟进；{why}", "en": "{who} did not follow up in time; {why}"},
    "why.late_pool": {
        "zh": "{who}逾期未跟进，没有规则适用，放入“{pool}”",
        "en": "{who} did not follow up in time and no rule fits: put into “{pool}”",
    },
    "reason": {"zh": "：{reason}", "en": ": {reason}"},
    "system": {"zh": "系统", "en": "The system"},
    "no_pool": {"zh": "无线索池", "en": "no pool"},
    # what is refused
    "no.day": {
        "zh": "规则“{rule}”：每天最多从“{pool}”领取 {cap} 条",
        "en": "Rule “{rule}”: at most {cap} claims a day from “{pool}”",
    },
    "no.holding": {
        "zh": "规则“{rule}”：最多持有“{pool}”的 {cap} 条未结记录",
        "en": "Rule “{rule}”: nobody holds more than {cap} open records of “{pool}”",
    },
    "no.cool_down": {
        "zh": "规则“{rule}”：失去或退回后 {days} 天内不能再领取，{until} 起可以",
        "en": "Rule “{rule}”: not to be claimed within {days} days of losing it, from {until} on",
    },
    "no.kept": {
        "zh": "规则“{rule}”：最多锁定“{pool}”的 {cap} 条",
        "en": "Rule “{rule}”: nobody keeps more than {cap} records of “{pool}”",
    },
    "no.admin": {
        "zh": "只有“{pool}”的管理员可以把池里的记录分配给别人",
        "en": "Only admins of “{pool}” assign what lies in it to others",
    },
    "no.hand": {
        "zh": "由归属变化自动计算，不能直接修改",
        "en": "Computed from who owns it, not to be written by hand",
    },
    "no.person": {"zh": "只有登录的人可以领取", "en": "Only people who are signed in can claim"},
    "no.user": {"zh": "没有这个在职用户", "en": "There is no such active user"},
    "no.pool": {"zh": "没有这个线索池", "en": "There is no such pool"},
    "kind.assignment": {"zh": "分配规则", "en": "Assignment rule"},
    "kind.pool_rule": {"zh": "线索池规则", "en": "Pool rule"},
    "publish.pool": {
        "zh": "{kind}“{name}”：没有编码为 {code} 的线索池",
        "en": "{kind} “{name}”: there is no pool with the code {code}",
    },
    "publish.user": {
        "zh": "分配规则“{name}”：没有邮箱为 {code} 的用户",
        "en": "Assignment rule “{name}”: there is no user with the e-mail {code}",
    },
    "publish.department": {
        "zh": "分配规则“{name}”：没有编码为 {code} 的部门",
        "en": "Assignment rule “{name}”: there is no department with the code {code}",
    },
    "publish.receiver": {
        "zh": "分配规则“{name}”的 {entry}：写出 users、role、department、pool 中的一个",
        "en": "Assignment rule “{name}”, {entry}: name one of users, role, department, pool",
    },
    "publish.twice": {
        "zh": "线索池 {code} 有两个规则：{name} 和 {other}",
        "en": "The pool {code} has two rules: {name} and {other}",
    },
    # what is told
    "done.claim": {"zh": "已领取 {count} 条", "en": "Claimed: {count}"},
    "done.assign": {"zh": "已分配 {count} 条给{who}", "en": "Assigned to {who}: {count}"},
    "done.release": {"zh": "已退回 {count} 条", "en": "Given back: {count}"},
    "done.keep": {"zh": "已锁定 {count} 条", "en": "Kept: {count}"},
    "done.unkeep": {"zh": "已解除锁定 {count} 条", "en": "No longer kept: {count}"},
    "done.pass_on": {"zh": "已改派 {count} 条", "en": "Passed on: {count}"},
    # the forecast
    "fate.title": {"zh": "归属与回收", "en": "Ownership and recycling"},
    "fate.recycles": {"zh": "回收", "en": "Recycles"},
    "fate.when": {
        "zh": "{day}，按规则“{rule}”：{entry}",
        "en": "on {day} by rule “{rule}”: {entry}",
    },
    "fate.never": {"zh": "没有回收规则适用", "en": "no recycle rule applies"},
    "fate.kept": {"zh": "不回收：已锁定", "en": "not recycled: it is kept"},
    "fate.exempt": {
        "zh": "不回收：规则“{rule}”豁免",
        "en": "not recycled: exempt by rule “{rule}”",
    },
    "fate.closed": {"zh": "不回收：已转化或无效", "en": "not recycled: converted or invalid"},
    "fate.unowned": {"zh": "没有负责人，在“{pool}”", "en": "has no owner, lies in “{pool}”"},
    "warn.one": {"zh": "{title} 即将回收：{fate}", "en": "{title} goes back soon: {fate}"},
    "warn.many": {
        "zh": "您的 {count} 条{entity}即将回收，见“即将回收”页",
        "en": "{count} of your records go back soon ({entity}); see “Recycling soon”",
    },
    "fate.protected": {"zh": "保护期至", "en": "Protected until"},
    "fate.why": {"zh": "归属原因", "en": "Why it is whose"},
    # pages
    "page.pools": {"zh": "线索池一览", "en": "Pools at a glance"},
    "page.soon": {"zh": "即将回收", "en": "Recycling soon"},
    "page.channels": {"zh": "渠道表", "en": "Channels"},
    "page.preview": {"zh": "试算回收规则", "en": "Preview of recycling"},
    "page.trial": {"zh": "试跑分配规则", "en": "Trial of assignment"},
    "head.lead": {"zh": "线索", "en": "Lead"},
    "head.record": {"zh": "记录", "en": "Record"},
    "head.owner": {"zh": "负责人", "en": "Owner"},
    "head.night": {"zh": "回收日", "en": "Night of"},
    "head.rule": {"zh": "规则", "en": "Rule"},
    "head.would": {"zh": "会分给", "en": "Would go to"},
    "head.why": {"zh": "原因", "en": "Why"},
    "head.count": {"zh": "条数", "en": "Leads"},
    "head.pool": {"zh": "线索池", "en": "Pool"},
    "head.waiting": {"zh": "待领取", "en": "Waiting"},
    "head.held": {"zh": "有负责人", "en": "Owned"},
    "head.mine": {"zh": "我的", "en": "Mine"},
    "head.source": {"zh": "来源", "en": "Source"},
    "head.n": {"zh": "线索数", "en": "Leads"},
    "head.new": {"zh": "新建", "en": "New"},
    "head.assigned": {"zh": "已分配", "en": "Assigned"},
    "head.contacted": {"zh": "已联系", "en": "Contacted"},
    "head.qualified": {"zh": "已合格", "en": "Qualified"},
    "head.converted": {"zh": "已转化", "en": "Converted"},
    "head.invalid": {"zh": "无效", "en": "Invalid"},
    "head.rate": {"zh": "转化率", "en": "Conversion"},
    "ask.number": {
        "zh": "{name} 要写 0 到 {most} 的整数",
        "en": "{name} must be a whole number from 0 to {most}",
    },
    "ask.rule": {"zh": "没有规则 {name}", "en": "There is no rule {name}"},
    "ask.days": {"zh": "今后几天", "en": "Within days"},
    "ask.past_days": {"zh": "最近几天", "en": "Last days"},
    "ask.show": {"zh": "显示", "en": "Show"},
    "ask.preview": {"zh": "试算", "en": "Preview"},
    "ask.try": {"zh": "试跑", "en": "Try"},
    "ask.entry_days": {"zh": "“{entry}”的天数", "en": "Days of “{entry}”"},
    "ask.entry_unless": {"zh": "“{entry}”不适用于（条件）", "en": "“{entry}” unless (condition)"},
    "ask.exempt": {"zh": "豁免（条件）", "en": "Exempt (condition)"},
    "soon.intro": {
        "zh": "没有跟进的话，这些记录会在所写那天凌晨被回收。",
        "en": "Unless somebody follows up, these go in the night of the day shown.",
    },
    "soon.empty": {"zh": "今后 {days} 天内没有", "en": "None within {days} days"},
    "preview.intro": {
        "zh": "改动只用来试算，不会保存。下面是今晚的作业会取走的，与发布这个改动后完全一致。",
        "en": "Changes are only tried, not kept. Below is just what tonight's job takes once they "
        "are published.",
    },
    "preview.none": {"zh": "还没有线索池规则", "en": "There is no pool rule yet"},
    "preview.then": {"zh": "改动后今晚会回收 {count} 条", "en": "Would go tonight: {count}"},
    "preview.spared": {
        "zh": "按现在的规则会回收、改动后不会的 {count} 条",
        "en": "Go tonight as things are, would then stay: {count}",
    },
    "preview.nothing": {"zh": "没有", "en": "None"},
    "preview.problem": {
        "zh": "条件写错了：{place}（{code}）",
        "en": "Not a condition: {place} ({code})",
    },
    "trial.intro": {
        "zh": "规则不会真的分配。从每个人都没有线索开始，按创建时间逐条试。",
        "en": "Nothing is assigned. It begins with nobody having any, and goes lead by lead as "
        "they came in.",
    },
    "trial.as_is": {"zh": "现有规则", "en": "The rules as they are"},
    "trial.with": {"zh": "加上未启用的规则", "en": "With the inactive rule"},
    "trial.spread": {"zh": "每人会得到", "en": "How many each would get"},
    "trial.each": {"zh": "{count} 条线索（先列最新的）", "en": "{count} leads, the newest first"},
    "trial.empty": {"zh": "没有线索", "en": "There are no leads"},
    "trial.nobody": {"zh": "没有人", "en": "Nobody"},
    "trial.no_rule": {"zh": "没有规则适用", "en": "No rule fits"},
    "pools.intro": {
        "zh": "点数字打开列表，在列表里领取或批量领取。",
        "en": "A number opens its list, where leads are claimed, several at once too.",
    },
    "pools.lead": {"zh": "线索", "en": "Leads"},
    "pools.customer": {"zh": "客户", "en": "Customers"},
    "pools.empty": {"zh": "还没有线索池", "en": "There is no pool yet"},
    "channels.intro": {
        "zh": "只统计看得到的线索。",
        "en": "Counts the leads that you may read.",
    },
    "channels.blank": {"zh": "未写来源", "en": "No source"},
    "channels.all": {"zh": "合计", "en": "All"},
    "channels.empty": {"zh": "没有线索", "en": "There are no leads"},
}
