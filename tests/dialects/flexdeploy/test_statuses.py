"""FlexDeploy's word for each phase of a gate, a step, a stage and a pipeline."""

from collections.abc import Mapping

import pytest

from chalicelib.dialects.flexdeploy.executions.statuses import (
    GateStatus,
    PipelineStatus,
    StageStatus,
    StepStatus,
    gate_status,
    pipeline_status,
    stage_status,
    step_status,
)
from chalicelib.dialects.flexdeploy.releases.statuses import release_state
from chalicelib.dialects.flexdeploy.snapshots.statuses import snapshot_state, version_state
from chalicelib.kernel.definitions.gated.assembly import Assembly
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.plan import Node
from chalicelib.kernel.plans.work import Approval, Qualifier, TestResults
from chalicelib.kernel.trains.gated import Readiness
from chalicelib.kernel.trains.train import TrainStatus

GATE = Node(key="g1", name="ask", work=Approval())
TEST_GATE = Node(key="g1", name="tests", work=TestResults(stage="p1", qualifier=Qualifier.ALL_PASSED))

WORDS: Mapping[Phase, tuple[str, str, str, str]] = {
    Phase.NEW: ("RUNNING", "RUNNING", "RUNNING_GATES", "RUNNING"),
    Phase.WAITING_PERSON: ("PENDING_APPROVAL", "PENDING_APPROVAL", "GATES_COMPLETED", "RUNNING"),
    Phase.WAITING_TIME: ("SCHEDULED", "SCHEDULED", "GATES_COMPLETED", "RUNNING"),
    Phase.WAITING_LOCK: ("RUNNING", "RUNNING", "GATES_COMPLETED", "RUNNING"),
    Phase.GATES: ("RUNNING", "RUNNING", "RUNNING_GATES", "RUNNING"),
    Phase.PASSING: ("RUNNING", "RUNNING", "GATES_COMPLETED", "RUNNING"),
    Phase.STARTING: ("RUNNING", "RUNNING", "RUNNING_STEPS", "RUNNING"),
    Phase.QUEUED: ("RUNNING", "RUNNING", "RUNNING_STEPS", "RUNNING"),
    Phase.RUNNING: ("RUNNING", "RUNNING", "RUNNING_STEPS", "RUNNING"),
    Phase.STOPPING: ("RUNNING", "RUNNING", "RUNNING_STEPS", "RUNNING"),
    Phase.SUCCEEDED: ("SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL", "SUCCESSFUL"),
    Phase.FAILED: ("FAILED", "FAILED", "FAILED", "FAILED"),
    Phase.BROKEN: ("FAILED", "FAILED", "FAILED", "FAILED"),
    Phase.REJECTED: ("REJECTED", "FAILED", "FAILED", "FAILED"),
    Phase.SKIPPED: ("PRECOND_SKIPPED", "PRECOND_SKIPPED", "SKIPPED", "SUCCESSFUL"),
    Phase.OVERRIDDEN: ("SKIPPED", "SKIPPED", "SKIPPED", "SUCCESSFUL"),
    Phase.CANCELLED: ("ABORTED", "ABORTED", "ABORTED", "ABORTED"),
    Phase.SUPERSEDED: ("OUT_OF_DATE", "ABORTED", "OUT_OF_DATE", "OUT_OF_DATE"),
}
"""Of a gate, a step, a stage whose steps began, and a pipeline."""


@pytest.mark.parametrize("word", GateStatus)
@pytest.mark.parametrize("phase", Phase)
def test_a_gate_is_called(phase: Phase, word: GateStatus) -> None:
    assert (gate_status(phase, GATE) is word) == (word == WORDS[phase][0])


@pytest.mark.parametrize("word", StepStatus)
@pytest.mark.parametrize("phase", Phase)
def test_a_step_is_called(phase: Phase, word: StepStatus) -> None:
    assert (step_status(phase) is word) == (word == WORDS[phase][1])


@pytest.mark.parametrize("word", StageStatus)
@pytest.mark.parametrize("phase", Phase)
def test_a_stage_whose_gates_are_passed_is_called(phase: Phase, word: StageStatus) -> None:
    assert (stage_status(phase, [Phase.SUCCEEDED], has_steps=True) is word) == (word == WORDS[phase][2])


@pytest.mark.parametrize("word", PipelineStatus)
@pytest.mark.parametrize("phase", Phase)
def test_a_pipeline_is_called(phase: Phase, word: PipelineStatus) -> None:
    assert (pipeline_status(phase) is word) == (word == WORDS[phase][3])


def test_every_word_is_that_of_a_phase_or_of_what_gates_say() -> None:
    said = [{words[place] for words in WORDS.values()} for place in range(4)]
    of_gates = {StageStatus.REJECTED, StageStatus.GATES_FAILED}

    assert [set(GateStatus), set(StepStatus), set(StageStatus) - of_gates, set(PipelineStatus)] == said


@pytest.mark.parametrize(
    ("gate", "word"),
    [
        (Phase.FAILED, "GATES_FAILED"),
        (Phase.BROKEN, "GATES_FAILED"),
        (Phase.REJECTED, "REJECTED"),
        (Phase.SUCCEEDED, "FAILED"),
        (Phase.OVERRIDDEN, "FAILED"),
    ],
)
@pytest.mark.parametrize("phase", [Phase.FAILED, Phase.BROKEN, Phase.REJECTED])
def test_a_stage_that_ended_badly_is_called_by_its_gates(phase: Phase, gate: Phase, word: str) -> None:
    assert stage_status(phase, [Phase.SUCCEEDED, gate], has_steps=False) == word


@pytest.mark.parametrize("gate", [Phase.FAILED, Phase.REJECTED, Phase.SUCCEEDED])
@pytest.mark.parametrize("phase", [Phase.CANCELLED, Phase.SUPERSEDED])
def test_what_was_stopped_is_called_so_whatever_its_gates_say(phase: Phase, gate: Phase) -> None:
    assert stage_status(phase, [gate], has_steps=False) == WORDS[phase][2]


def test_a_stage_that_stops_at_its_gates_is_there_still() -> None:
    assert stage_status(Phase.STOPPING, [Phase.WAITING_PERSON], has_steps=False) == "RUNNING_GATES"


@pytest.mark.parametrize("readiness", Readiness)
@pytest.mark.parametrize("status", TrainStatus)
def test_a_release_is_called(status: TrainStatus, readiness: Readiness) -> None:
    open_ones = {
        Readiness.NOT_STARTED: "NOTSTARTED",
        Readiness.STARTED: "STARTED",
        Readiness.SUSPENDED: "SUSPENDED",
    }

    assert release_state(status, readiness) == (open_ones[readiness] if status is TrainStatus.ACTIVE else "COMPLETED")


@pytest.mark.parametrize(
    ("assembly", "builds", "word", "of_version"),
    [
        (Assembly.PENDING, True, "PENDING", "PENDING"),
        (Assembly.PENDING, False, "COMPLETED", "COMPLETED"),
        (Assembly.INITIATED, True, "INITIATED", "COMPLETED"),
        (Assembly.INITIATED, False, "INITIATED", "COMPLETED"),
        (Assembly.FAILED, True, "FAILED", "FAILED"),
        (Assembly.FAILED, False, "FAILED", "COMPLETED"),
    ],
)
def test_a_snapshot_and_its_versions_are_called(assembly: Assembly, builds: bool, word: str, of_version: str) -> None:
    state = snapshot_state(assembly, builds=builds)

    assert state == word
    assert version_state(state, builds=builds) == of_version


def test_a_gate_that_waits_for_tests_waits_for_nobody() -> None:
    assert gate_status(Phase.WAITING_PERSON, TEST_GATE) == "RUNNING"
    assert gate_status(Phase.FAILED, TEST_GATE) == "FAILED"
