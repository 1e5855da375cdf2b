"""A form for strangers over an entity of the site's own."""

DOCUMENTS = """
kind: entity
id: x_inquiry
format: 1
label: {zh: 咨询, en: Inquiry}
title_field: name
traits: {owned: true, audited: true}
fields:
  name:    {type: text, label: {zh: 姓名, en: Name}, required: true, max_length: 80}
  phone:   {type: phone, label: {zh: 电话, en: Phone}}
  mail:    {type: email, label: {zh: 邮箱, en: E-mail}}
  need:    {type: long_text, label: {zh: 需求, en: Need}}
  secret:  {type: text, label: {zh: 内部, en: Internal}}
  booth:   {type: text, label: {zh: 展位, en: Booth}, max_length: 10}
  from_:   {type: text, label: {zh: 来路, en: Came from}}
  channel: {type: text, label: {zh: 渠道, en: Channel}}
  agreed:  {type: datetime, label: {zh: 同意时间, en: Agreed}}
  terms:   {type: text, label: {zh: 条款版本, en: Terms}}
  source:
    type: choice
    label: {zh: 来源, en: Source}
    options: {web: {label: {zh: 官网, en: Website}}, mail: {label: {zh: 邮件, en: E-mail}}}
---
kind: duplicate_rule
id: x_once
format: 1
label: {zh: 同一电话, en: Same phone}
entity: x_inquiry
match: {phone: {}}
on_match: block
---
kind: form
id: x_ask
format: 1
entity: x_inquiry
label: {zh: 联系我们, en: Contact us}
use: [public]
intro: {zh: 请留下联系方式。, en: Tell us how to reach you.}
thanks: {zh: 收到了。, en: We have it.}
set: {source: web}
utm: {source: channel}
query: {booth: booth}
referrer: from_
consent:
  text: {zh: 同意隐私政策, en: I agree to the privacy notice}
  version: "3"
  at: agreed
  version_field: terms
limits: {address: 3, form: 5}
sections:
  who: {fields: {name: {}, phone: {}, need: {width: full}}}
---
kind: form
id: x_mailed
format: 1
entity: x_inquiry
label: {zh: 来信, en: Mailed}
use: [mail]
set: {source: mail}
mail: {from_name: name, from_address: mail, subject: booth, text: need}
sections:
  who: {fields: {name: {}, mail: {}, need: {}}}
"""
