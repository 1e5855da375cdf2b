"""A site whose things and parts are compared by a few rules."""

import pytest

from kit.kernel_site import DOCUMENTS, blocked_plugins

__all__ = ["blocked_plugins"]
RULES = """
---
kind: entity
id: x_person
format: 1
label: {zh: 人, en: Person}
title_field: name
traits: {owned: true}
fields:
  name:   {type: text, label: {zh: 姓名, en: Name}}
  mobile: {type: phone, label: {zh: 手机, en: Mobile}}
  firm:   {type: text, label: {zh: 公司, en: Firm}}
---
kind: entity
id: x_visit
format: 1
label: {zh: 来访, en: Visit}
title_field: name
traits: {owned: true}
fields:
  name:  {type: text, label: {zh: 姓名, en: Name}}
  phone: {type: phone, label: {zh: 电话, en: Phone}}
  mail:  {type: email, label: {zh: 邮箱, en: E-mail}}
  firm:  {type: text, label: {zh: 公司, en: Firm}}
  void:  {type: boolean, label: {zh: 作废, en: Void}}
---
kind: duplicate_rule
id: x_phone
format: 1
label: {zh: 同一电话, en: Same phone}
entity: x_visit
match: {phone: {}}
also: {x_person: {fields: {phone: mobile}}}
when: "void != true"
on_match: block
---
kind: duplicate_rule
id: x_mail
format: 1
label: {zh: 同一邮箱, en: Same e-mail}
entity: x_visit
match: {mail: {}}
tell_owner: true
---
kind: duplicate_rule
id: x_firm
format: 1
label: {zh: 相近公司, en: Alike firm}
entity: x_visit
match: {firm: {as: company}}
also: {x_person: {fields: {}}}
---
kind: role
id: x_own
format: 1
label: {zh: 自己, en: Own}
grants:
  visits: {entity: x_visit, actions: [read, create, update], scope: "owner == me"}
"""


@pytest.fixture
def site_documents() -> str:
    """Answer the site's own documents."""
    return DOCUMENTS + RULES
