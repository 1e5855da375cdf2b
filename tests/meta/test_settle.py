"""Law I6: whatever lies beneath is replaced, every leaf of the site stays, or is reported."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from loopline.meta.comparison import drift
from loopline.meta.document import Document, DocumentKey, Leaf, Path
from loopline.meta.layers import Op, resolve
from loopline.meta.release import Layer, StoredDocument
from loopline.meta.settle import merge_documents, replace_documents, settle

COW = DocumentKey("entity", "cow")
PATHS = st.sampled_from(
    [("fields", name, leaf) for name in ("a", "b") for leaf in ("label", "pos", "max")]
)
VALUES = st.one_of(st.integers(0, 3), st.sampled_from(["x", "y"]))
BODIES = st.dictionaries(PATHS, VALUES, min_size=1, max_size=5)
Body = Mapping[Path, Leaf]


def _pack(body: Body, version: str) -> Layer:
    document = Document(key=COW, leaves=body)
    return replace_documents(Layer(name="farm", kind="pack", version=version), [document])


def _site(body: Body, before: Layer | None = None) -> Layer:
    layer = before or Layer(name="site", kind="site")
    return merge_documents(layer, [Document(key=COW, leaves=body, extend=True)])


def _resolved(layers: tuple[Layer, ...]) -> Body:
    return resolve([(one.name, one.documents[COW].ops) for one in layers]).values


@given(BODIES, BODIES, BODIES)
def test_an_upgrade_keeps_or_reports_every_leaf_of_the_site(
    old: Body, new: Body, wanted: Body
) -> None:
    first = settle([_pack(old, "1"), _site(wanted)], ())
    second = settle([_pack(new, "2"), first[-1]], first)
    assert {path: _resolved(second).get(path) for path in wanted} == wanted
    reported = drift(new, second[-1].documents[COW].ops)
    assert reported.keys() == {path for path in wanted if old.get(path) != new.get(path)}


@given(BODIES, BODIES, BODIES)
def test_drift_is_still_known_after_the_site_says_the_same_again(
    old: Body, new: Body, wanted: Body
) -> None:
    first = settle([_pack(old, "1"), _site(wanted)], ())
    second = settle([_pack(new, "2"), first[-1]], first)
    third = settle([second[0], _site(wanted, second[-1])], second)
    assert third[-1].documents[COW].ops == second[-1].documents[COW].ops


@given(BODIES, BODIES)
def test_a_new_word_of_the_site_ends_the_drift(old: Body, new: Body) -> None:
    wanted = dict.fromkeys(old, "mine")
    first = settle([_pack(old, "1"), _site(wanted)], ())
    second = settle([_pack(new, "2"), first[-1]], first)
    third = settle([second[0], _site(dict.fromkeys(old, "again"), second[-1])], second)
    assert drift(new, third[-1].documents[COW].ops) == {}


@given(BODIES, BODIES)
def test_settling_again_changes_nothing(beneath: Body, wanted: Body) -> None:
    first = settle([_pack(beneath, "1"), _site(wanted)], ())
    again = settle(first, first)
    assert [dict(one.documents) for one in again] == [dict(one.documents) for one in first]
    assert all(
        one.documents[COW] is other.documents[COW] for one, other in zip(again, first, strict=True)
    )


@given(BODIES, BODIES)
def test_merging_never_deletes(first: Body, then: Body) -> None:
    merged = _site(then, _site(first)).documents[COW].ops
    assert {path: op.value for path, op in merged.items()} == {**first, **then}


@given(st.dictionaries(PATHS, st.tuples(VALUES, st.one_of(VALUES, st.none())), max_size=6))
def test_what_is_stored_is_read_back(ops: Mapping[Path, tuple[Leaf, Leaf]]) -> None:
    given_ops = {path: Op(value, was) for path, (value, was) in ops.items()}
    stored = StoredDocument.of(given_ops, extend=True)
    assert stored.ops == given_ops
    assert StoredDocument.of(stored.ops, extend=stored.extend).hash == stored.hash


def test_layers_stand_by_rank_whatever_order_they_come_in() -> None:
    kinds = ("site", "pack", "kernel", "plugin")
    ordered = settle([Layer(name=kind, kind=kind) for kind in kinds], ())  # type: ignore[arg-type]
    assert [one.name for one in ordered] == ["kernel", "plugin", "pack", "site"]


def test_giving_up_a_leaf_uncovers_the_lower_value() -> None:
    path: Path = ("fields", "a", "label")
    site = _site({path: "mine"})
    given_up = Document(key=COW, leaves={}, extend=True, unset=(path[:2],))
    after = settle([_pack({path: "theirs"}, "1"), merge_documents(site, [given_up])], ())
    assert _resolved(after) == {path: "theirs"}


def test_giving_up_what_one_never_said_retires_the_element() -> None:
    path: Path = ("fields", "a", "label")
    element = path[:2]
    given_up = Document(key=COW, leaves={}, extend=True, unset=(element,), retire=(element,))
    site = merge_documents(Layer(name="site", kind="site"), [given_up])
    after = settle([_pack({path: "theirs"}, "1"), site], ())
    assert _resolved(after)["fields", "a", "retired"] is True
