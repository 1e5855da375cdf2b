"""The order of elements: by (pos, layer, file index), whatever the layers add between."""

from hypothesis import given
from hypothesis import strategies as st

from loopline.meta.body import Body
from loopline.meta.document import Path, flatten
from loopline.meta.layers import Op, resolve


def _ordered(*layers: dict[str, object]) -> list[str]:
    ops = [
        (str(depth), {path: Op(value) for path, value in flatten({"fields": layer})})
        for depth, layer in enumerate(layers)
    ]
    return [name for name, _ in Body.of(resolve(ops)).elements("fields")]


def test_elements_stand_in_file_order() -> None:
    assert _ordered({"b": {"type": "x"}, "a": {"type": "x"}, "c": {}}) == ["b", "a", "c"]


def test_what_a_layer_adds_comes_last() -> None:
    assert _ordered({"b": {"label": "x"}}, {"a": {"label": "x"}}) == ["b", "a"]


def test_a_position_puts_an_element_between_two() -> None:
    base: dict[str, object] = {"a": {"label": "x"}, "b": {"label": "x"}, "c": {"label": "x"}}
    assert _ordered(base, {"new": {"pos": 2.5}}) == ["a", "b", "new", "c"]
    assert _ordered(base, {"c": {"pos": 0.5}}) == ["c", "a", "b"]


def test_relabelling_moves_nothing() -> None:
    base: dict[str, object] = {"a": {"label": "x"}, "b": {"label": "x"}}
    assert _ordered(base, {"a": {"label": "y"}}) == ["a", "b"]


def test_a_retired_element_keeps_its_place() -> None:
    base: dict[str, object] = {"a": {"label": "x"}, "b": {"label": "x"}, "c": {"label": "x"}}
    assert _ordered(base, {"b": {"retired": True}}) == ["a", "c"]
    assert _ordered(base, {"b": {"retired": True}}, {"b": {"retired": False}}) == ["a", "b", "c"]


NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1)


@given(NAMES, NAMES, st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 4)))
def test_order_is_by_position_then_layer_then_file(
    base: list[str], above: list[str], moved: dict[str, int]
) -> None:
    layers = [{name: {"label": "x"} for name in names} for names in (base, above)]
    found = _ordered(*layers, {name: {"pos": pos} for name, pos in moved.items()})
    index = {name: number + 1.0 for number, name in enumerate(base)}
    appearing = list(dict.fromkeys([*base, *above, *moved]))
    position = {name: float(moved.get(name, index.get(name, 1e9))) for name in appearing}
    assert found == sorted(appearing, key=lambda name: position[name])


def test_a_path_is_read_typed() -> None:
    content: dict[Path, Op] = {("a",): Op("x"), ("n",): Op(3), ("t",): Op(("p", "q"))}
    body = Body.of(resolve([("base", content)]))
    assert (body.text("a"), body.integer("n", 0), body.texts("t")) == ("x", 3, ("p", "q"))
    assert (body.text("b", "default"), body.size("b"), body.number("n")) == ("default", None, 3)
