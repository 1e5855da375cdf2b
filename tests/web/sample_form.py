"""A form as its route would make it."""

from dataclasses import replace

from loopline.web.contexts.forms import (
    Clash,
    Conflict,
    FieldProblem,
    FormContext,
    FormSection,
    Twin,
)
from loopline.web.contexts.inputs import Choice, FieldInput
from loopline.web.contexts.shell import Hidden
from web.sample_shell import shell


def pick(name: str = "customer", **changes: object) -> FieldInput:
    base = FieldInput(
        name=name,
        label="客户",
        widget="link",
        options=(Choice(value="7", label="远湖水务集团", selected=True),),
        source="/records/lead/options/customer",
    )
    return replace(base, **changes)


def inputs() -> tuple[FieldInput, ...]:
    stars = tuple(Choice(value=str(at), label=str(at)) for at in range(1, 6))
    options = (
        Choice(value="web", label="官网", selected=True),
        Choice(value="expo", label="展会"),
    )
    return (
        FieldInput(
            name="name", label="名称", required=True, full=True, attributes=(("maxlength", "200"),)
        ),
        FieldInput(
            name="phone",
            label="电话",
            input_type="tel",
            value="1380000",
            errors=("手机号少 4 位",),
            help="手机或座机",
        ),
        FieldInput(name="source", label="来源", widget="select", options=options, refreshes=True),
        FieldInput(name="budget", label="预算", widget="money", unit="元", value="548,000"),
        FieldInput(name="count", label="台数", widget="number", value="6"),
        FieldInput(name="due", label="下次跟进", input_type="date", value="2026-11-27"),
        FieldInput(name="tags", label="兴趣", widget="multi", options=options),
        FieldInput(name="active", label="在用", widget="checkbox", value="true"),
        FieldInput(name="level", label="评级", widget="rating", options=stars, value="3"),
        pick(),
        pick("region", label="地区", widget="region"),
        pick("place", label="地址", widget="address", street="沿江路 8 号", full=True),
        FieldInput(name="note", label="备注", widget="textarea", full=True, value="<b>&"),
    )


TWIN = Twin(message="电话与远湖水务集团相同", href="/records/customer/7", blocks=True)


def form_context(language: str = "zh", *, wrong: bool = True) -> FormContext:
    return FormContext(
        shell=shell(language, "新建线索"),
        heading="新建线索",
        action="/records/lead/new",
        cancel_href="/records/lead",
        sections=(FormSection(label="基本信息", columns=2, fields=inputs()),),
        hidden=(Hidden(name="_base", value="3"),),
        problems=(
            FieldProblem(message="手机号少 4 位", label="电话", href="#f-phone"),
            FieldProblem(message="电话和邮箱至少填一项"),
        )
        if wrong
        else (),
        conflict=Conflict(
            who="周启航 在 10:02 保存过",
            clashes=(Clash(name="name", label="名称", original="A", theirs="B", mine=""),),
        )
        if wrong
        else None,
        refresh_href="/records/lead/new/fields",
        another=True,
        twins=(TWIN,) if wrong else (),
        twins_href="/records/lead/new",
    )
