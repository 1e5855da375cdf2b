"""Doing something to many records on their page, and the way back to the list."""

import re

from web.visitor import Visitor

LIST = "/records/x_thing"


def test_a_run_leads_back_to_the_list_as_it_was(ada: Visitor, make_record) -> None:
    thing = make_record("x_thing", name="Lathe", count=3)
    filtered = {"list.filter": "count == 3", "list.sort": "-name"}
    asked = {"_act": "update:note", "note": "x", "id": str(thing.id)}
    done = ada.send(f"{LIST}/bulk/do", **filtered, **asked)
    run = ada.get(done.headers["location"]).text
    back = re.search(r'href="(/records/x_thing\?[^"]+)"', run)[1].replace("&amp;", "&")
    shown = ada.get(back)
    assert (shown.status_code, "Lathe" in shown.text) == (200, True)
    assert "filter=count+%3D%3D+3" in back
