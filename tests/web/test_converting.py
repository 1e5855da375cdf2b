"""The page that converts, and the metro line on record and home, over HTTP."""

import re
from decimal import Decimal

import pytest

from kit.conversion_site import SITE
from loopline.bootstrap import Platform
from loopline.query.lists import ListQuery, page
from loopline.services.people import give_roles
from loopline.testing.fixtures import MakeRecord
from web.visitor import Visitor, add_person


@pytest.fixture
def site_documents() -> str:
    return SITE


def _names(platform: Platform, entity: str) -> list[object]:
    with platform.read() as ctx:
        found = page(ctx, ListQuery(entity=entity, sort=("id",))).records
    return [one.values["name"] for one in found]


def _at(record: int) -> str:
    return f"/records/x_enquiry/{record}/actions/convert"


def test_it_shows_what_will_be_made_and_makes_what_was_changed(
    platform: Platform, make_record: MakeRecord, ada: Visitor
) -> None:
    asked = make_record("x_enquiry", who="Acme", budget=Decimal(4), level="a")
    shown = ada.get(_at(asked.id)).text
    assert re.search(r'name="firm.name" value="Acme"', shown)
    assert re.search(r'name="job.amount" value="8"', shown)
    assert 'name="job._use" value="1" checked' in shown
    form = {"firm.name": "Acme Ltd", "firm.level": "b", "job._use": "1", "job.amount": "9"}
    made = ada.send(_at(asked.id), **form)
    assert (made.status_code, made.headers["location"]) == (303, "/records/x_firm/1")
    assert (_names(platform, "x_firm"), _names(platform, "x_job")) == (["Acme Ltd"], ["Acme Ltd 1"])


@pytest.mark.parametrize(
    ("form", "place"),
    [
        ({"firm.name": ""}, "f-firm-name"),
        ({"firm.name": "x" * 41}, "f-firm-name"),
        ({"job.amount": "many"}, "f-job-amount"),
        ({"job.amount": "-1"}, "f-job-amount"),
    ],
)
def test_problems_stand_by_their_fields_and_nothing_is_written(
    platform: Platform, make_record: MakeRecord, ada: Visitor, form: dict[str, str], place: str
) -> None:
    asked = make_record("x_enquiry", who="Acme", budget=Decimal(4))
    told = ada.send(_at(asked.id), **form)
    assert told.status_code == 422
    assert f'id="{place}-err"' in told.text
    assert f'href="#{place}"' in told.text
    assert _names(platform, "x_firm") == []


def test_an_unticked_target_is_left_out(
    platform: Platform, make_record: MakeRecord, ada: Visitor
) -> None:
    asked = make_record("x_enquiry", who="Acme", budget=Decimal(4))
    ada.send(_at(asked.id), **{"job._use": "0"})
    assert (_names(platform, "x_firm"), _names(platform, "x_job")) == (["Acme"], [])


def test_of_several_that_match_one_is_chosen_on_the_page(
    platform: Platform, make_record: MakeRecord, ada: Visitor
) -> None:
    twins = [make_record("x_firm", name="Acme") for _ in range(2)]
    asked = make_record("x_enquiry", who="Acme", level="b")
    shown = ada.get(_at(asked.id)).text
    values = re.findall(r'type="radio" name="firm._record" value="([^"]+)"', shown)
    assert values == [*(str(one.id) for one in twins), "new"]
    assert 'id="f-firm-id-err"' in ada.send(_at(asked.id)).text
    again = ada.send(_at(asked.id), _refresh="1", **{"firm._record": str(twins[1].id)}).text
    assert 'name="firm.level"' in again
    assert 'name="firm.name"' not in again
    done = ada.send(_at(asked.id), **{"firm._record": str(twins[1].id)})
    assert done.headers["location"] == f"/records/x_firm/{twins[1].id}"


def test_what_was_converted_says_what_it_became(make_record: MakeRecord, ada: Visitor) -> None:
    asked = make_record("x_enquiry", who="Acme")
    ada.send(_at(asked.id))
    assert 'href="/records/x_firm/1"' in ada.get(_at(asked.id)).text
    assert ada.send(_at(asked.id)).status_code == 409
    of_source = ada.get(f"/records/x_enquiry/{asked.id}").text
    assert '转化为 <a href="/records/x_firm/1">公司 Acme</a>' in of_source
    assert f'转化自 <a href="/records/x_enquiry/{asked.id}">' in ada.get("/records/x_firm/1").text


def test_what_may_not_be_read_is_carried_and_not_shown(
    platform: Platform, make_record: MakeRecord, visitor: Visitor
) -> None:
    visitor.sign_in(add_person(platform, "Bo"))
    with platform.read() as ctx:
        bo = page(ctx, ListQuery(entity="user", filter='name == "Bo"')).records[0]
    with platform.write() as ctx:
        give_roles(ctx, bo.id, ["x_asker"])
    asked = make_record("x_enquiry", who="Acme", secret="hush-hush", owner=bo.id)
    shown = visitor.get(_at(asked.id))
    assert (shown.status_code, "hush-hush" in shown.text) == (200, False)
    visitor.send(_at(asked.id))
    with platform.read() as ctx:
        (firm,) = page(ctx, ListQuery(entity="x_firm")).records
    assert firm.values["secret"] == "hush-hush"


def test_the_line_on_a_record_shows_where_it_stands(make_record: MakeRecord, ada: Visitor) -> None:
    firm = make_record("x_firm", name="Acme")
    make_record("x_job", name="Job", firm=firm.id)
    shown = ada.get(f"/records/x_firm/{firm.id}").text
    assert re.search(r'aria-current="step" data-line="contracts"><b><a [^>]*>在做', shown)


def test_home_counts_the_stations_and_leads_to_their_lists(
    platform: Platform, make_record: MakeRecord, ada: Visitor, clock
) -> None:
    old = clock.now().date().replace(year=2025)
    for since in (old, old, clock.now().date()):
        make_record("x_enquiry", who="E", since=since)
    shown = ada.get("/?whose=all").text
    assert "2 条停留超过 5 天" in shown
    href, figure = re.search(
        r'href="([^"]+)">询问</a></b><span class="figure">(\d+)', shown
    ).groups()
    assert figure == "3"
    stuck = re.search(r'<small><a class="plain" href="([^"]+)"', shown)[1]
    for address, rows in ((href, 3), (stuck, 2)):
        listed = ada.get(address.replace("&amp;", "&")).text
        assert f"{rows} 条" in listed
