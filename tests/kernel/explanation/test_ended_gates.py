"""Of a stage that ended at one of several open gates, the others hold nothing."""

from dataclasses import replace

from chalicelib.kernel.explanation.explain import explain
from chalicelib.kernel.explanation.hold import Facts, HoldKind
from tests.builders import NOON, a_gate, a_plan, a_stage, begun, then
from tests.kernel.engine.acts import rejected


def test_what_still_waited_when_its_stage_ended_is_asked_of_nobody() -> None:
    stage = replace(a_stage(gates=(a_gate("g1"), a_gate("g2"))), gates_in_order=False)
    ended = then(begun(a_plan(stage)), rejected())

    assert [one.kind for one in explain(ended.plan, ended.run, Facts(now=NOON)).holds] == [HoldKind.REJECTED]
