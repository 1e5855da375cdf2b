"""A person's time zone is one that exists."""

import pytest

from loopline.bootstrap import Platform
from loopline.errors import NotValid
from loopline.services.editing import update
from loopline.services.records import create


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "UTC", None])
def test_a_known_zone_or_none_is_taken(platform: Platform, zone: str | None) -> None:
    with platform.write() as ctx:
        made = create(ctx, "user", {"name": "Ada", "zone": zone})
        assert made.values["zone"] == zone


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "Asia", "../zones", "上海"])
def test_an_unknown_zone_is_refused_by_its_field(platform: Platform, zone: str) -> None:
    with platform.write() as ctx:
        made = create(ctx, "user", {"name": "Ada"})
        with pytest.raises(NotValid) as refused:
            update(ctx, "user", made.id, {"zone": zone})
    (problem,) = refused.value.problems
    assert (problem.path, problem.code) == ("fields.zone", "user.zone")
