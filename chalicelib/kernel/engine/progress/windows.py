"""Gates that were passed and may be shut again: windows that have closed since. What is running is not interrupted.

The one place that says what holds a step from beginning, behind gates that are passed: freezes and stops of an
environment belong here too.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.progress import graph
from chalicelib.kernel.engine.run import NodeState
from chalicelib.kernel.plans.plan import Node, Stage
from chalicelib.kernel.plans.windows import next_opening
from chalicelib.kernel.plans.work import Windows
from slipway_formats.frozen import frozen


@frozen
class ShutGate:
    """A gate that has shut again. opens: when it is open next; None for never."""

    gate: Node
    work: Windows
    opens: datetime | None

    @property
    def reason(self) -> str:
        """Why nothing begins behind it."""
        until = f"opens again at {self.opens.isoformat()}" if self.opens is not None else "never opens again"
        return f"gate {self.gate.name} has closed, and {until}"


def shut_gate(stage: Stage, states: Mapping[str, NodeState], now: datetime) -> ShutGate | None:
    """The first gate that was passed and has shut since; one that somebody overrode is not asked again."""
    for gate in stage.gates:
        state = states.get(gate.key)
        if isinstance(gate.work, Windows) and state is not None and state.phase is Phase.SUCCEEDED:
            opens = next_opening(gate.work, now)
            if opens != now:
                return ShutGate(gate=gate, work=gate.work, opens=opens)
    return None


def unmet_gates(stage: Stage, states: Mapping[str, NodeState], now: datetime) -> tuple[Node, ...]:
    """The gates that keep the steps of a stage from beginning, also those that have shut again."""
    unmet = graph.unmet_gates(stage, states)
    shut = shut_gate(stage, states, now)
    return unmet if shut is None else (*unmet, shut.gate)
