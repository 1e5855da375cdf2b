"""Look-alikes: found by each rule, told as far as the reader may see, and never more."""

from loopline.bootstrap import Platform
from loopline.services.duplicates.finding import alike, look_alikes
from loopline.testing.fixtures import AsUser, MakeRecord


def _found(platform: Platform, actor: object = None, **values: object) -> list[tuple[str, str]]:
    opened = platform.read(actor) if actor else platform.read()
    with opened as ctx:
        return [(one.rule, one.title) for one in look_alikes(ctx, "x_visit", values)]


def test_each_rule_finds_its_own(platform: Platform, make_record: MakeRecord) -> None:
    make_record("x_visit", name="Ada", mail="ada+shop@x.cn")
    make_record("x_person", name="Bo", mobile="+8613812341234")
    assert _found(platform, mail="ADA@x.cn") == [("x_mail", "Ada")]
    assert _found(platform, phone="+8613812341234") == [("x_phone", "Bo")]
    assert _found(platform, name="Ada") == []


def test_names_of_firms_are_compared_by_likeness(
    platform: Platform, make_record: MakeRecord
) -> None:
    make_record("x_visit", name="Ada", firm="杭州明川自动化设备有限公司")
    make_record("x_person", name="Bo", firm="Northwind Traders, Inc.")
    assert _found(platform, firm="明川自动化设备") == [("x_firm", "Ada")]
    assert _found(platform, firm="NORTHWIND TRADERS LLC") == [("x_firm", "Bo")]
    assert _found(platform, firm="杭州恒岳化工有限公司") == []


def test_what_may_not_be_read_is_told_as_somebody_elses(
    platform: Platform, make_record: MakeRecord, as_user: AsUser
) -> None:
    bo, ada = as_user("Bo"), as_user("Ada", roles=("x_own",))
    make_record("x_visit", name="Secret", mail="a@x.cn", phone="+8613812341234", owner=bo.id)
    with platform.read(ada) as ctx:
        mail, phone = (
            look_alikes(ctx, "x_visit", {"mail": "a@x.cn"}),
            look_alikes(ctx, "x_visit", {"phone": "+8613812341234"}),
        )
    assert (mail[0].record, mail[0].title, mail[0].owner) == (None, "", "Bo")
    assert (phone[0].title, phone[0].owner, phone[0].entity) == ("", "", "")


def test_a_record_is_not_its_own_twin(platform: Platform, make_record: MakeRecord) -> None:
    made = make_record("x_visit", name="Ada", mail="a@x.cn")
    with platform.read() as ctx:
        assert look_alikes(ctx, "x_visit", {"mail": "a@x.cn"}, made.id) == []
        rows = [{"mail": "a@x.cn"}, {"mail": "b@x.cn"}, {"mail": "B@x.cn"}]
        assert alike(ctx, "x_visit", rows) == [True, False, True]
