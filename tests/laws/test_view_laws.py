"""A random sequence of BuildMaster's and FlexDeploy's calls on one train: after each all views tell one story."""

from collections.abc import Mapping, Sequence

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.laws.profiles import effort
from tests.laws.two_views import BUILDS, STAGES, Json, Seen, TwoViews

MOST_SNAPSHOTS = 4
PLACES = st.integers(0, 10**6)
STAGE = st.integers(0, len(STAGES) - 1)
IN_GATES = frozenset({"RUNNING_GATES", "GATES_COMPLETED"})
OVER = frozenset({"FAILED", "OUT_OF_DATE", "REJECTED", "GATES_FAILED", "ABORTED", "SUCCESSFUL", "SKIPPED"})
OF_STEP: Mapping[str, frozenset[str]] = {
    "RUNNING": frozenset({"pending", "executing"}),
    "PENDING_APPROVAL": frozenset({"pending"}),
    "SCHEDULED": frozenset({"pending"}),
    "PRECOND_SKIPPED": frozenset({"succeeded"}),
    "SKIPPED": frozenset({"succeeded"}),
    "FAILED": frozenset({"failed"}),
    "ABORTED": frozenset({"failed"}),
    "SUCCESSFUL": frozenset({"succeeded"}),
}
"""BuildMaster's words for a deployment whose step FlexDeploy calls so."""


class ViewMachine(RuleBasedStateMachine):
    """One train behind its APIs."""

    @initialize()
    def a_release_is_planned(self) -> None:
        self.views, self.made = TwoViews(), 0

    @precondition(lambda self: self.made < MOST_SNAPSHOTS)
    @rule(by_buildmaster=st.booleans())
    def a_snapshot_is_made(self, *, by_buildmaster: bool) -> None:
        answered = self.views.build() if by_buildmaster else self.views.snapshot()
        self.made += answered.status in (200, 201)

    @precondition(lambda self: self.made)
    @rule(which=PLACES, stage=STAGE, action=st.sampled_from(("approve", "approve", "approve", "reject", "override")))
    def a_gate_is_decided(self, which: int, stage: int, action: str) -> None:
        self.views.decide(self.number(which), stage, "gate/go", action)

    @precondition(lambda self: self.made)
    @rule(which=PLACES, stage=STAGE, action=st.sampled_from(("approve", "approve", "reject", "override")))
    def work_by_hand_is_done(self, which: int, stage: int, action: str) -> None:
        self.views.decide(self.number(which), stage, "step/look", action)

    @precondition(lambda self: self.made)
    @rule(which=PLACES, stage=STAGE, action=st.sampled_from(("replay", "replay", "abort")))
    def a_stage_is_replayed_or_aborted(self, which: int, stage: int, action: str) -> None:
        self.views.decide(self.number(which), stage, "", action)

    @precondition(lambda self: self.made)
    @rule(which=PLACES, stage=st.sampled_from(("", "dev", "live")), force=st.booleans())
    def a_build_is_deployed(self, which: int, stage: str, *, force: bool) -> None:
        body = {"buildId": self.number(which), "force": force, **({"toStage": stage} if stage else {})}
        self.views.call("POST", f"{BUILDS}/deploy", body)

    @precondition(lambda self: self.made)
    @rule(which=PLACES)
    def a_build_is_rejected(self, which: int) -> None:
        self.views.call("POST", f"{BUILDS}/reject", {"buildId": self.number(which)})

    @rule(act=st.sampled_from(("cancel", "restore", "restore")))
    def the_release_is_cancelled_or_restored(self, act: str) -> None:
        self.views.call("POST", f"/api/releases/{act}", {"releaseId": self.views.release})

    @rule(status=st.sampled_from(("SUSPENDED", "STARTED", "STARTED")))
    def the_release_is_suspended_or_started(self, status: str) -> None:
        self.views.call("PATCH", self.views.path, {"releaseStatus": status})

    @rule(outcome=st.sampled_from(("succeeded", "succeeded", "failed")))
    def scripts_are_done(self, outcome: str) -> None:
        self.views.do_jobs(outcome)

    def number(self, which: int) -> int:
        """The id of some snapshot."""
        ids = self.views.ids()[0]
        return ids[which % len(ids)]

    @invariant()
    def all_views_tell_one_story(self) -> None:
        if not hasattr(self, "views"):
            return
        ids = self.views.ids()
        assert all(one == ids[0] for one in ids)
        assert len(ids[0]) == self.made
        assert self.views.deployed() == self.views.carried
        seen = self.views.seen()
        for one in seen:
            buildmaster_and_flexdeploy_agree(one)
            flexdeploy_and_state_agree(one)
        who_is_out_of_date_was_overtaken(seen)


def buildmaster_and_flexdeploy_agree(one: Seen) -> None:
    """Fail unless a step has one status in both views, and the snapshot one furthest stage."""
    shown = {
        (stage["environmentId"], step["stepName"]): step["stepStatus"]
        for stage in one.execution
        for step in stage["stepExecutions"]
    }
    told = {(each["environmentId"], name_of(each)): each["status"] for each in reversed(one.deployments)}
    for place, status in shown.items():
        assert told[place] in OF_STEP[status], (place, status, told[place])
    assert one.build["furthestStage"] == one.native["furthest_stage"]
    assert one.build["status"] == one.native["status"]
    begun = [place_of(stage) for stage in one.execution if stage["stepExecutions"]]
    assert max(begun, default=-1) <= furthest(one)
    assert one.build["status"] != "rejected" or one.status != "RUNNING"


def flexdeploy_and_state_agree(one: Seen) -> None:
    """Fail unless the same stages were entered, and are over, in FlexDeploy's view and in the project's runs."""
    entered = [stage for run in one.runs for stage in run["stages"] if stage["number"]]
    latest = {stage["environment"]: stage["ended_at"] is not None for stage in entered}
    shown = {stage["environmentName"]: stage["stageExecutionStatus"] in OVER for stage in one.execution}
    assert shown == latest


def who_is_out_of_date_was_overtaken(seen: Sequence[Seen]) -> None:
    """Fail unless what is out of date has a younger one, and nothing waits at gates that a younger one has left."""
    for number, one in enumerate(seen):
        best = max((furthest(each) for each in seen[number + 1 :]), default=-1)
        if one.status == "OUT_OF_DATE":
            assert any(each.execution for each in seen[number + 1 :])
        if one.status == "RUNNING" and len(one.runs) == 1 and one.execution:
            last = one.execution[-1]
            assert last["stageExecutionStatus"] not in IN_GATES or best < place_of(last)


def name_of(deployment: Json) -> str:
    """The name of the step that a deployment is of."""
    return "look" if deployment["plan"] == "look" else "ship"


def place_of(stage: Json) -> int:
    """Where in the pipeline a stage is, from 0."""
    return int(stage["environmentSortOrder"]) - 1


def furthest(one: Seen) -> int:
    """Where in the pipeline the snapshot's furthest stage is, from 0; -1 without one."""
    stage = one.build["furthestStage"]
    return -1 if stage is None else STAGES.index(stage.upper())


TestViews = ViewMachine.TestCase
TestViews.settings = settings(effort(30), stateful_step_count=20)
