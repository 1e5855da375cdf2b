"""The hooks by which the plugin takes part, each as it is declared."""

from loopline.sdk import DeclareContext
from loopline_contracts import plugin

CONTEXT = DeclareContext(
    plugin="contracts", plugins=frozenset({"base", "contracts", "pipeline"}), language="zh"
)


def test_every_action_is_named_in_both_languages() -> None:
    for one in plugin.register_actions(CONTEXT):
        assert set(one.label) == {"zh", "en"}


def test_the_step_of_lawyers_is_offered_to_approvals() -> None:
    assert [one.id for one in plugin.register_approval_steps(CONTEXT)] == ["contracts.deviation"]
