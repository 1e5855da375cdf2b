"""What a pack requires is held against the layers of a site."""

import pytest

from loopline.meta.release import Layer
from loopline.services.requirements import unmet

LAYERS = (
    Layer(name="kernel", kind="kernel", version="1.4.0"),
    Layer(name="old", kind="plugin", version="0.9"),
    Layer(name="asleep", kind="plugin", version="2.0", enabled=False),
    Layer(name="odd", kind="plugin", version="spring"),
)


@pytest.mark.parametrize(
    ("requires", "codes"),
    [
        ({}, []),
        ({"loopline": ">=1.4,<2", "old": ">=0.9"}, []),
        ({"old": ">=1.0"}, ["pack.plugin_unfit"]),
        ({"asleep": ">=1.0"}, ["pack.plugin_missing"]),
        ({"gone": ""}, ["pack.plugin_missing"]),
        ({"odd": ""}, []),
        ({"odd": ">=0.1"}, ["pack.plugin_unfit"]),
        ({"loopline": ">=2", "gone": ">=1"}, ["pack.loopline_unfit", "pack.plugin_missing"]),
    ],
)
def test_what_is_missing_or_does_not_fit_is_named(
    requires: dict[str, str], codes: list[str]
) -> None:
    found = list(unmet("farm", {"requires": requires}, LAYERS))
    assert [one.code for one in found] == codes
    assert {one.params["pack"] for one in found} <= {"farm"}
