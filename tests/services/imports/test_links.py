"""Links in a file: found by name or another field, created, left blank, or awaited."""

MAPPING = "format: 1\nentity: x_part\ncolumns:\n  Thing: {{field: thing, by: name, {rule}}}\n"


def counts(report) -> tuple[int, int, int, int]:
    return report.created, report.updated, report.skipped, report.failed


def test_a_link_is_found_by_name(bring_in, make_record, records) -> None:
    thing = make_record("x_thing", name="Bolt")
    bring_in("x_part", [["Name", "Thing"], ["Head", " BOLT "]])
    assert records("x_part")[0].values["thing"] == thing.id


def test_a_link_is_found_by_a_field_the_heading_names(bring_in, make_record, records) -> None:
    thing = make_record("x_thing", name="Bolt", mail="a@b.cn")
    bring_in("x_part", [["Name", "Thing/E-mail"], ["Head", "a@b.cn"]])
    assert records("x_part")[0].values["thing"] == thing.id


def test_none_and_many_are_refused_by_name(bring_in, make_record, reasons) -> None:
    make_record("x_thing", name="Bolt")
    make_record("x_thing", name="Bolt")
    report = bring_in("x_part", [["Name", "Thing"], ["Head", "Bolt"], ["Tail", "Nut"]])
    told = [(one.row, one.column, one.code) for one in reasons(report)]
    assert told == [(2, "Thing", "link.many"), (3, "Thing", "link.none")]


def test_many_may_mean_the_first(bring_in, make_record, records) -> None:
    first = make_record("x_thing", name="Bolt")
    make_record("x_thing", name="Bolt")
    mapping = MAPPING.format(rule="on_many: first")
    bring_in("x_part", [["Name", "Thing"], ["Head", "Bolt"]], mapping=mapping)
    assert records("x_part")[0].values["thing"] == first.id


def test_none_may_mean_blank(bring_in, records) -> None:
    mapping = MAPPING.format(rule="on_none: blank")
    bring_in("x_part", [["Name", "Thing"], ["Head", "Bolt"]], mapping=mapping)
    assert records("x_part")[0].values["thing"] is None


def test_none_may_be_created_once(bring_in, records) -> None:
    mapping = MAPPING.format(rule="on_none: create")
    table = [["Name", "Thing"], ["Head", "Bolt"], ["Tail", "bolt"], ["Leg", "Bolt"]]
    assert counts(bring_in("x_part", table, mapping=mapping)) == (3, 0, 0, 0)
    assert len({one.values["thing"] for one in records("x_part")}) == len(records("x_thing")) == 1


def test_a_title_with_its_number_means_one_of_many(bring_in, make_record, records) -> None:
    make_record("x_thing", name="Bolt")
    second = make_record("x_thing", name="Bolt")
    bring_in("x_part", [["Name", "Thing"], ["Head", f"Bolt #{second.id}"]])
    assert records("x_part")[0].values["thing"] == second.id


def test_a_row_may_link_to_a_later_row_of_the_file(bring_in, records) -> None:
    table = [["Name", "Parent"], ["c", "b"], ["b", "a"], ["a", ""]]
    assert counts(bring_in("x_thing", table)) == (3, 0, 0, 0)
    found = {one.values["name"]: one for one in records("x_thing")}
    assert found["c"].values["parent"] == found["b"].id
    assert found["b"].values["parent"] == found["a"].id


def test_a_row_whose_parent_never_comes_is_refused(bring_in, records, reasons) -> None:
    report = bring_in("x_thing", [["Name", "Parent"], ["c", "b"], ["a", ""]])
    assert counts(report) == (1, 0, 0, 1)
    assert [(one.row, one.code) for one in reasons(report)] == [(2, "link.none")]
