"""The page of a conversion and a journey, as their routes would make them."""

from dataclasses import replace

from loopline.web.contexts.converting import ConvertContext, Target
from loopline.web.contexts.inputs import Choice
from loopline.web.contexts.metro import Metro, Stop
from loopline.web.contexts.shell import NavItem
from web.sample_form import form_context
from web.sample_shell import LINES, shell, words


def metro_context(language: str = "zh") -> Metro:
    lines = zip(words(language, "lines"), LINES, strict=True)
    stops = (
        Stop(label=label, line=line, state="done", href="/r", figure=str(at * 7), stuck=at == 2)
        for at, (label, line) in enumerate(lines)
    )
    return Metro(label="客户旅程", ring="96 天", stops=tuple(stops))


def convert_context(language: str = "zh", *, done: bool = False) -> ConvertContext:
    known = form_context(language)
    fields = tuple(
        replace(one, name=f"customer.{one.name}")
        for section in known.sections
        for one in section.fields
    )
    there = Choice(value="3", label="恒岳化工（电话相符）", selected=True)
    customer = Target(
        id="customer",
        label="客户",
        line="pipeline",
        choices=(there, Choice(value="new", label="新建客户")),
        fields=fields,
        note="使用已有的客户",
        errors=("请选定",),
    )
    deal = replace(customer, id="deal", optional=True, use="同时建立商机", choices=(), fields=())
    return ConvertContext(
        shell=shell(language, "转化"),
        heading="转化 恒岳化工",
        action="/records/lead/3/actions/convert",
        cancel_href="/records/lead/3",
        documents=(Choice(value="a", label="转化", selected=True), Choice(value="b", label="转介")),
        targets=(customer, deal, replace(deal, id="off", chosen=False)),
        problems=known.problems,
        became=(NavItem(label="客户 恒岳化工", href="/records/customer/3"),) if done else (),
    )
