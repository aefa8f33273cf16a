"""Runner, queue handlers and sweep die amid a snapshot's travel through gates: it ends as one that travels in peace."""

from collections import Counter

from tests.walks.api import Json
from tests.walks.gated_kills import GatedKilled

VARYING = frozenset({"pipelineExecutionId", "snapshotId", "stageExecutionId"})


def likeness(said: object) -> object:
    """The same of two executions that came to the same end."""
    if isinstance(said, dict):
        return {name: likeness(one) for name, one in said.items() if name not in VARYING}
    return [likeness(one) for one in said] if isinstance(said, list) else said


def ended(execution: Json) -> list[str]:
    """The statuses of its stages."""
    return [stage["stageExecutionStatus"] for stage in execution["pipelineStageExecutions"]]


def test_what_died_amid_a_travel_changes_nothing_of_its_end(killed_gated: GatedKilled) -> None:
    assert killed_gated.peaceful["pipelineExecutionStatus"] == "SUCCESSFUL"
    assert ended(killed_gated.peaceful) == ["SUCCESSFUL", "SUCCESSFUL"]
    assert likeness(killed_gated.harmed) == likeness(killed_gated.peaceful)


def test_no_deploy_is_run_twice_by_itself(killed_gated: GatedKilled) -> None:
    jobs = Counter(line.split()[-1] for line in killed_gated.shipped)
    # Two of each snapshot, and the one whose runner died, which a person replayed.
    assert (len(jobs), set(jobs.values())) == (5, {1})


def test_each_deploy_is_in_state_once(killed_gated: GatedKilled) -> None:
    assert [one["went_well"] for one in killed_gated.state] == [True, True]
