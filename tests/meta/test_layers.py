"""The algebra of layers: folding, composing, upgrading beneath, drift (laws I5 and I6)."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from loopline.meta.comparison import clashes, difference, drift
from loopline.meta.document import PRESENT, Leaves, Path, flatten, nest
from loopline.meta.layers import Op, Ops, compose, remember, resolve, without

PATHS = st.tuples(
    st.sampled_from(["fields", "rules"]),
    st.sampled_from(["a", "b", "c"]),
    st.sampled_from(["label", "pos", "max"]),
)
LEAVES = st.one_of(
    st.integers(0, 3),
    st.booleans(),
    st.text("ab", max_size=2),
    st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
BODIES = st.dictionaries(PATHS, LEAVES, max_size=8)
OPS = st.dictionaries(PATHS, st.one_of(LEAVES, st.none()).map(Op), max_size=8)
LAYERS = st.lists(st.tuples(st.sampled_from("abcd"), OPS), max_size=4)


def _layer(leaves: Leaves) -> Ops:
    return remember({}, leaves)


def _values(*layers: Ops) -> Leaves:
    return resolve([(str(index), ops) for index, ops in enumerate(layers)]).values


@given(BODIES)
def test_nesting_and_flattening_are_inverse(body: Leaves) -> None:
    assert dict(flatten(nest(body))) == body


@given(BODIES, BODIES)
def test_a_difference_reaches_what_was_wanted(lower: Leaves, wanted: Leaves) -> None:
    assert _values(_layer(lower), difference(lower, wanted)) == wanted


@given(BODIES)
def test_the_difference_to_itself_is_empty(body: Leaves) -> None:
    assert difference(body, body) == {}


@given(LAYERS, st.integers(0, 4))
def test_an_empty_layer_changes_nothing(layers: list[tuple[str, Ops]], at: int) -> None:
    beside: list[tuple[str, Ops]] = [*layers[:at], ("x", {}), *layers[at:]]
    assert resolve(beside).values == resolve(layers).values
    assert resolve(beside).owners == resolve(layers).owners


@given(LAYERS, OPS, OPS)
def test_composing_two_layers_is_folding_both(
    layers: list[tuple[str, Ops]], first: Ops, then: Ops
) -> None:
    apart = resolve([*layers, ("one", first), ("two", then)])
    assert resolve([*layers, ("both", compose(first, then))]).values == apart.values


@given(OPS, OPS, OPS)
def test_composing_is_associative(one: Ops, two: Ops, three: Ops) -> None:
    left, right = compose(compose(one, two), three), compose(one, compose(two, three))
    assert {path: op.value for path, op in left.items()} == {
        path: op.value for path, op in right.items()
    }


@given(OPS, PATHS, st.integers(1, 3))
def test_giving_up_leaves_nothing_of_the_element_and_all_of_the_rest(
    ops: Ops, path: Path, depth: int
) -> None:
    element = path[:depth]
    kept = without(ops, element)
    assert [one for one in kept if one[:depth] == element] == []
    assert compose(ops, kept) == ops
    assert [one for one in ops.keys() - kept.keys() if one[:depth] != element] == []


@given(BODIES, BODIES, BODIES)
def test_what_is_said_again_keeps_what_it_was_said_over(
    old: Leaves, new: Leaves, wanted: Leaves
) -> None:
    said = remember(old, wanted)
    assert remember(new, wanted, said) == said


@given(LAYERS)
def test_every_value_has_an_owner_that_set_it(layers: list[tuple[str, Ops]]) -> None:
    found = resolve(layers)
    assert found.values.keys() == found.owners.keys()
    said = {(name, path, repr(op.value)) for name, ops in layers for path, op in ops.items()}
    assert {(found.owners[p], p, repr(v)) for p, v in found.values.items()} <= said


@given(LAYERS, OPS)
def test_a_layer_decides_its_leaves_and_no_other(beneath: list[tuple[str, Ops]], ops: Ops) -> None:
    before, after = resolve(beneath).values, resolve([*beneath, ("x", ops)]).values
    assert {path: after.get(path) for path in ops} == {path: op.value for path, op in ops.items()}
    others = (before.keys() | after.keys()) - ops.keys()
    assert [path for path in others if before.get(path) != after.get(path)] == []


@given(BODIES, BODIES, BODIES)
def test_an_upgrade_beneath_shows_where_the_site_is_silent(
    old: Leaves, new: Leaves, wanted: Leaves
) -> None:
    site = remember(old, wanted)
    values = _values(_layer(new), site)
    silent = (values.keys() | new.keys()) - site.keys()
    assert [path for path in silent if values.get(path) != new.get(path)] == []


@given(BODIES, BODIES, BODIES)
def test_an_upgrade_beneath_loses_nothing_of_the_site(
    old: Leaves, new: Leaves, wanted: Leaves
) -> None:
    site = remember(old, wanted)
    values = _values(_layer(new), site)
    assert {path: values.get(path) for path in site} == {p: op.value for p, op in site.items()}


@given(BODIES, BODIES, BODIES)
def test_drift_is_complete(old: Leaves, new: Leaves, wanted: Leaves) -> None:
    site = remember(old, wanted)
    assert drift(new, site).keys() == {path for path in site if old.get(path) != new.get(path)}


@given(BODIES, BODIES, BODIES)
def test_drift_is_named_by_what_happened(old: Leaves, new: Leaves, wanted: Leaves) -> None:
    site = remember(old, wanted)
    found = drift(new, site)
    redundant = {path for path in found if new.get(path) == site[path].value}
    orphaned = {path for path in found.keys() - redundant if path not in new}
    assert {path for path, kind in found.items() if kind == "redundant"} == redundant
    assert {path for path, kind in found.items() if kind == "orphaned"} == orphaned


@given(OPS, OPS)
def test_peers_that_do_not_clash_commute(one: Ops, two: Ops) -> None:
    clashing = {path for path, *_ in clashes([("one", one), ("two", two)])}
    apart = {path: op for path, op in two.items() if path not in clashing}
    assert _values(one, apart) == _values(apart, one)


@given(LAYERS)
def test_no_clash_is_kept_back(layers: list[tuple[str, Ops]]) -> None:
    peers = [(str(place), ops) for place, (_, ops) in enumerate(layers)]
    pairs = ((one, two, path) for one, two in combinations(peers, 2) for path in one[1])
    expected = {
        (path, one[0], two[0])
        for one, two, path in pairs
        if path in two[1] and one[1][path].value != two[1][path].value
    }
    assert set(clashes(peers)) == expected


def test_an_empty_map_is_kept() -> None:
    assert dict(flatten({"columns": {"name": {}}})) == {("columns", "name", PRESENT): True}
    assert nest({("columns", "name", PRESENT): True}) == {"columns": {"name": {}}}
