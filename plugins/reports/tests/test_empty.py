"""Where there is nothing to count, or nothing that the viewer may see, pages say what to do."""

import re

import pytest

from loopline.sites import add_user
from web.visitor import PASSWORD, Visitor

ROLE = """
---
kind: role
id: x_service
format: 1
label: {zh: 客服, en: Service}
grants:
  tickets: {entity: ticket, actions: [read]}
  customers: {entity: customer, actions: [read]}
"""


@pytest.fixture
def site_documents(site_documents) -> str:
    return site_documents + ROLE


def visitor_as(platform, client, name: str, *roles: str) -> Visitor:
    found, email = Visitor(client), f"{name.lower()}@example.com"
    add_user(platform, email, name, PASSWORD, administrator=not roles, roles=roles)
    found.sign_in(email)
    return found


@pytest.mark.timeout(120)
@pytest.mark.parametrize("roles", [(), ("staff",), ("x_service",)])
def test_every_stock_report_opens_and_says_why_it_is_empty(platform, client, roles) -> None:
    visitor = visitor_as(platform, client, "Page", *roles)
    listed = re.findall(r'href="(/reports/\w+)"', visitor.get("/reports").text)
    pages = {href: visitor.get(href) for href in listed}
    assert len(pages) >= (5 if roles == ("x_service",) else 25)
    assert {page.status_code for page in pages.values()} == {200}
    assert [href for href, page in pages.items() if 'role="alert"' in page.text] == []
    assert [href for href, page in pages.items() if 'class="empty"' not in page.text] == []


@pytest.mark.parametrize("name", ["boss", "my_workbench"])
def test_an_empty_dashboard_names_first_steps(platform, client, name) -> None:
    page = visitor_as(platform, client, "Page").get(f"/dashboards/{name}").text
    assert "看板会随业务亮起来" in page
    assert re.search(r'<a class="btn" href="/records/customer">录入或导入客户</a>', page)


def test_parts_that_the_viewer_may_not_see_say_so_without_alarm(platform, client) -> None:
    page = visitor_as(platform, client, "Sam", "x_service").get("/dashboards/boss").text
    assert "你没有权限查看这一块的数据" in page
    assert "逾期未收" in page
    assert 'role="alert"' not in page
