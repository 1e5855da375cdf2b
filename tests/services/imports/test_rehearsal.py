"""A dry run tells what would happen and keeps nothing."""

TABLE = [["Name", "Parent", "Count"], ["c", "b", "1"], ["b", "", "2"], ["a", "", "many"]]


def test_a_dry_run_reports_as_the_run_does(bring_in, records, reasons) -> None:
    dry = bring_in("x_thing", TABLE, dry_run=True)
    assert records("x_thing") == ()
    real = bring_in("x_thing", TABLE)
    assert (
        (dry.created, dry.failed, dry.total) == (real.created, real.failed, real.total) == (2, 1, 3)
    )
    assert [(one.row, one.code) for one in reasons(dry)] == [
        (one.row, one.code) for one in reasons(real)
    ]


def test_a_dry_run_remembers_no_mapping(bring_in) -> None:
    mapping = "format: 1\nentity: x_thing\ncolumns: {Name: {field: name}}"
    bring_in("x_thing", TABLE, dry_run=True, mapping=mapping)
    assert not bring_in("x_thing", TABLE).from_memory
