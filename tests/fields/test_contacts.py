"""Phone, e-mail, URL and credit code: checked, and kept in one form."""

import pytest

from loopline.fields.base import Locale
from loopline.fields.definition import FieldDef
from loopline.fields.phone import PhoneType
from loopline.language import Label

AMERICA = Locale(language="en", region="US")
PHONE = FieldDef(id="f", entity="e", type="phone", label=Label({}))


@pytest.mark.parametrize(
    "typed",
    ["13812341234", "138-1234-1234", "+86 138 1234 1234", "（+86）138 1234 1234",
     "0086 13812341234", "8613812341234", "１３８１２３４１２３４", "tel:+8613812341234",
     13812341234, 1.3812341234e10, "1.3812341234E10", "13812341234.0"],
)  # fmt: skip
def test_mobile_numbers_become_international(parse, typed) -> None:
    assert parse("phone", typed) == "+8613812341234"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0571-88888888", "+8657188888888"),
        ("(021)62345678", "+862162345678"),
        ("400-820-8820", "+864008208820"),
        ("021-62345678-8012", "+862162345678;ext=8012"),
        ("021-62345678转8012", "+862162345678;ext=8012"),
        ("010 12345678 分机12", "+861012345678;ext=12"),
        ("+1 312 349 2324", "+13123492324"),
        ("+32 10 588 558", "+3210588558"),
    ],
)
def test_other_numbers_read(parse, typed, kept) -> None:
    assert parse("phone", typed) == kept


def test_local_numbers_belong_to_a_region(parse) -> None:
    assert parse("phone", "(555) 123-4567", AMERICA) == "+15551234567"
    assert parse("phone", "415-555-0000", region="US") == "+14155550000"
    assert parse("phone", "+8613812341234", AMERICA) == "+8613812341234"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "phone.invalid"),
        ("62345678", "phone.invalid"),
        ("12812341234", "phone.invalid"),
        ("415-555-0000", "phone.invalid"),
        ("+1 650 356 451", "phone.invalid"),
        ("13812341234/13912341234", "phone.invalid"),
        ("1.38123E+10", "phone.rounded"),
    ],
)
def test_phone_refuses(refusal, typed, code) -> None:
    assert refusal("phone", typed) == code


@pytest.mark.parametrize(
    ("value", "locale", "text"),
    [
        ("+8613812341234", Locale(), "138 1234 1234"),
        ("+8613812341234", AMERICA, "+86 138 1234 1234"),
        ("+862162345678;ext=12", Locale(), "021 6234 5678 转 12"),
        ("+14155550000;ext=7", AMERICA, "(415) 555-0000 ext. 7"),
        ("kept from before", Locale(), "kept from before"),
    ],
)
def test_phone_is_grouped_for_reading(shown, value, locale, text) -> None:
    assert shown("phone", value, locale) == text


def test_phone_key_is_the_same_for_every_writing() -> None:
    keys = {PhoneType().key(PHONE, text) for text in ("+8613812341234", "138 1234 1234")}

    assert keys == {"8613812341234"}
    assert PhoneType().key(PHONE, "Ask John") == "ask john"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Zhang.San@Example.COM", "Zhang.San@example.com"),
        (" a@b.cn\u3000", "a@b.cn"),
        ("ａ＠ｂ．ｃｎ", "a@b.cn"),
        ("张三@例子.中国", "张三@例子.中国"),
        ("mailto:a@b.cn", "a@b.cn"),
        ("Zhang <a@b.cn>", "a@b.cn"),
    ],
)
def test_email_reads(parse, typed, kept) -> None:
    assert parse("email", typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["a", "a@b", "@b.cn", "a..b@c.cn", ".a@b.cn", "a b@c.cn", "a@-b.cn", "a@b..cn", "a@1.2.3.4",
     f"{'a' * 65}@b.cn", f"a@{'b' * 64}.cn", "a@b.cn, c@d.cn"],
)  # fmt: skip
def test_email_refuses(refusal, typed) -> None:
    assert refusal("email", typed) == "email.invalid"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.Example.com/Path", "https://www.example.com/Path"),
        ("HTTP://Example.com", "http://example.com"),
        ("host.cn:8080/x", "https://host.cn:8080/x"),
        ("//x.cn", "https://x.cn"),
        ("http://crm/", "http://crm/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("https://例子.中国/路径?问=1#顶", "https://例子.中国/路径?问=1#顶"),
    ],
)
def test_url_reads(parse, typed, kept) -> None:
    assert parse("url", typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("javascript:alert(1)", "url.scheme"),
        ("data:text/html,x", "url.scheme"),
        ("ftp://x.cn", "url.scheme"),
        ("foo", "url.invalid"),
        ("https://a b.cn", "url.invalid"),
        ("https://user:secret@b.cn", "url.invalid"),
        ("https://a.cn:99999", "url.invalid"),
        ("https://a.cn/<script>", "url.invalid"),
        ("http:/a.cn", "url.invalid"),
        ("https://", "url.invalid"),
        ("https://[::1", "url.invalid"),
    ],
)
def test_url_refuses(refusal, typed, code) -> None:
    assert refusal("url", typed) == code


@pytest.mark.parametrize(
    "typed", ["91350100M000100Y43", "９１３５０１００m000100y43", "91350100 M000-100Y43"]
)
def test_credit_code_reads(parse, typed) -> None:
    assert parse("credit_code", typed) == "91350100M000100Y43"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350100M000100Y44", "credit_code.check_digit"),
        ("91350100M000100Y4", "credit_code.length"),
        ("O1350100M000100Y43", "credit_code.characters"),
        ("913501X0M000100Y43", "credit_code.characters"),
    ],
)
def test_credit_code_refuses(refusal, typed, code) -> None:
    assert refusal("credit_code", typed) == code
