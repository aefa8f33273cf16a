"""What an approval lets in: as it is shown, the digest to which a decision is bound, and when it lapses."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.changes.change_set import ChangeSet, DeploymentChange
from chalicelib.kernel.changes.values import Difference
from chalicelib.kernel.definitions.definition import DeploymentJob, job_ref
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.kernel.plans.plan import Node, Plan, Promotion
from chalicelib.kernel.plans.work import Approval, Job, JobKind, Schedule, VersionRule
from chalicelib.use_cases.overview.approvals import (
    ApprovalOf,
    DecideMany,
    ListApprovals,
    PendingApproval,
    decide_many,
    get_approval,
    list_approvals,
)
from chalicelib.use_cases.runs.advance import advance_run
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from chalicelib.use_cases.runs.explain import ExplainRun, explain_run
from slipway_formats.release import Variable
from tests.builders import a_gate, a_plan, a_stage, a_step, an_entry
from tests.use_cases.catalog_ports import READER, ROOT, WRITER, CatalogHouse
from tests.use_cases.changes.given import DEPLOY, a_house, deployed, gated, house
from tests.use_cases.overview.test_find_runs import STRANGER

__all__ = ["house"]
JOB = job_ref("web", "staging", "app")
LATER = a_gate("g2", Schedule(cron="0 0 13 * * ?"))


def shown(house: CatalogHouse, run: str = "run2") -> PendingApproval:
    return get_approval(house.ports, ApprovalOf(by=READER, run=run, node="g1"))


def change(house: CatalogHouse) -> DeploymentChange:
    (found,) = shown(house).changes.deployments
    return found


def approve(house: CatalogHouse, digest: str = "") -> Phase:
    """The phase of the run after an approval."""
    command = DecideNode(run="run2", kind=ActKind.APPROVED, by=WRITER, node="g1", changes=digest)
    return decide_node(house.ports, command).phase


def bound_then_waits() -> CatalogHouse:
    """A run that was approved by what was shown, and waits for one o'clock."""
    house = a_house()
    house.start(gated(gates=(a_gate(), LATER)))
    approve(house, shown(house).digest)
    return house


def gate(house: CatalogHouse) -> Phase:
    return house.node("run2", "g1").phase


def saved(house: CatalogHouse, **settings: Mapping[str, object]) -> None:
    """Save the job with other settings."""
    job = house.ports.definitions.definition(JOB)
    assert isinstance(job, DeploymentJob)
    house.ports.definitions.save(replace(job, **settings), an_entry())  # type: ignore[arg-type]  # fields by name


def test_a_change_set_says_what_is_there_and_what_comes(house: CatalogHouse) -> None:
    found = change(house)
    assert (found.environment, found.deployment, found.application, found.old, found.new) == (
        "staging",
        "app",
        "demo/app",
        "1.0",
        "2.0",
    )
    assert [(one.name, one.kind, one.old, one.new) for one in found.inputs] == [
        ("colour", Difference.CHANGED, "red", "blue")
    ]


def test_it_has_the_commits_and_files_between_the_releases(house: CatalogHouse) -> None:
    house.inventory.files = {"1.0": {"a": "1", "b": "1"}, "2.0": {"b": "2", "c": "1"}}
    between = change(house).between
    assert between is not None
    assert [(one.version, one.revision) for one in between.commits] == [
        ("2.0", "revision of 2.0"),
        ("1.1", "revision of 1.1"),
    ]
    assert [(one.path, one.kind.value) for one in between.files] == [("a", "removed"), ("b", "changed"), ("c", "added")]


def test_of_an_older_release_the_commits_that_go_are_told() -> None:
    house = a_house(query="1.0")
    deployed(house, "2.0", {})
    house.start(gated(a_step("s1", replace(DEPLOY, version=VersionRule.DONT_UPDATE))))
    between = change(house).between
    assert between is not None
    assert (between.is_back, [one.version for one in between.commits]) == (True, ["2.0", "1.1"])


def test_secrets_are_named_and_never_shown(house: CatalogHouse) -> None:
    house.inventory.inputs = (Variable(id="colour", sensitive=True),)
    (found,) = change(house).inputs
    assert (found.name, found.is_secret, found.old, found.new) == ("colour", True, None, None)


def test_another_secret_under_the_same_name_is_another_change_set(house: CatalogHouse) -> None:
    before = shown(house).digest
    saved(house, secrets={"password": "kept/1"})
    second = shown(house)
    assert [(one.name, one.is_secret) for one in second.changes.deployments[0].inputs if one.is_secret] == [
        ("password", True)
    ]
    saved(house, secrets={"password": "kept/2"})
    assert len({before, second.digest, shown(house).digest}) == 3
    assert "kept/" not in str(shown(house))


def test_steps_that_changed_since_the_last_deploy_are_told() -> None:
    house = a_house()
    script = Job(kind=JobKind.SCRIPT, ask={"script": "true"})
    house.start(gated(a_step("s1", DEPLOY), a_step("check", script), a_step("gone", script), run="run1"))
    deployed(house, "1.1", {}, run="run1")
    other = replace(script, ask={"script": "false"})
    house.start(gated(a_step("s1", DEPLOY), a_step("check", other), a_step("new", script)))
    changes = shown(house).changes
    assert changes.since == "run1"
    assert [(one.name, one.kind and one.kind.value, one.fields) for one in changes.steps] == [
        ("s1", None, ()),
        ("check", "changed", ("script",)),
        ("new", "added", ()),
        ("gone", "removed", ()),
    ]


def test_a_release_that_cannot_be_found_is_told_with_its_reason() -> None:
    house = a_house()
    house.start(gated(a_step("s1", replace(DEPLOY, version=VersionRule.LAST_IN_RUN))))
    assert (change(house).new, change(house).reason) == ("", "no version of demo/app for last-version-in-pipeline")


def test_what_is_taken_away_is_told() -> None:
    house = a_house()
    house.start(gated(a_step("s1", replace(DEPLOY, action=JobKind.DESTROY))))
    assert (change(house).action, change(house).old, change(house).new) == (JobKind.DESTROY, "1.0", "")


def test_a_stage_without_deployments_changes_none() -> None:
    house = a_house()
    house.start(gated(a_step("s1")))
    assert shown(house).changes == ChangeSet(steps=shown(house).changes.steps)


def test_inputs_and_commits_of_what_one_may_not_read_are_not_shown() -> None:
    house = a_house()
    house.start(replace(gated(), definition=replace(gated().definition, project="shop")))
    (found,) = get_approval(house.ports, ApprovalOf(by=STRANGER, run="run2", node="g1")).changes.deployments
    assert (found.inputs, found.between) == ((), None)


def test_the_list_has_the_same_digest(house: CatalogHouse) -> None:
    (listed,) = list_approvals(house.ports, ListApprovals(by=READER)).approvals
    assert listed.digest == shown(house).digest
    assert listed.changes.deployments[0].between is None
    (whole,) = list_approvals(house.ports, ListApprovals(by=READER, whole=True)).approvals
    assert whole.changes == shown(house).changes


def test_what_many_runs_wait_for_is_looked_up_once(house: CatalogHouse) -> None:
    for number in range(3, 9):
        house.start(gated(run=f"run{number}"))
    asked: list[str] = []
    resolve = house.inventory.resolve

    def resolved(namespace: str, application: str, query: str) -> str | None:
        asked.append(query)
        return resolve(namespace, application, query)

    house.inventory.resolve = resolved  # type: ignore[method-assign]  # counts
    found = list_approvals(house.ports, ListApprovals(by=READER)).approvals
    assert (len({one.digest for one in found}), len(found), asked) == (1, 7, ["latest"])


def test_what_waits_no_more_has_no_approval(house: CatalogHouse) -> None:
    approve(house)
    with pytest.raises(NotFound, match="nothing waits at g1 in run run2"):
        shown(house)


def test_a_decision_by_what_is_shown_is_made_and_kept_with_it(house: CatalogHouse) -> None:
    digest = shown(house).digest
    approve(house, digest)
    assert house.runs.run("run2").acts[-1].changes == digest
    assert house.node("run2", "s1").phase is not Phase.NEW


def test_a_decision_by_what_was_shown_before_is_refused(house: CatalogHouse) -> None:
    digest = shown(house).digest
    deployed(house, "1.1", {})
    with pytest.raises(
        Conflict, match=f"what g1 lets in has changed: its change set is [0-9a-f]{{12}}, not {digest[:12]}"
    ):
        approve(house, digest)
    many = DecideMany(decisions=(DecideNode(run="run2", kind=ActKind.APPROVED, by=WRITER, node="g1", changes=digest),))
    assert isinstance(decide_many(house.ports, many)[0].fault, Conflict)
    assert gate(house) is Phase.WAITING_PERSON


def test_who_was_faster_is_named_before_the_change_set_is_looked_at(house: CatalogHouse) -> None:
    digest = shown(house).digest
    approve(house, digest)
    with pytest.raises(Conflict, match="ada approved it"):
        approve(house, digest)


@pytest.mark.parametrize("what", ["there", "comes", "inputs"])
def test_an_approval_lapses_when_what_it_lets_in_has_changed(what: str) -> None:
    house = bound_then_waits()
    assert gate(house) is Phase.SUCCEEDED
    if what == "there":
        deployed(house, "1.1", {})
    elif what == "comes":
        house.inventory.known["demo/app"].append("3.0")
    else:
        saved(house, inputs={"port": 81})
    house.pass_time(3600)
    assert (gate(house), "s1" in house.runs.run("run2").stages[0].nodes) == (Phase.WAITING_PERSON, False)
    (hold,) = explain_run(house.ports, ExplainRun(run="run2", by=ROOT)).holds
    assert "the approval of ada has lapsed: what would be deployed has changed since" in hold.reason
    approve(house, shown(house).digest)
    assert "s1" in house.runs.run("run2").stages[0].nodes


def test_an_approval_stands_where_nothing_has_changed() -> None:
    house = bound_then_waits()
    house.pass_time(3600)
    assert "s1" in house.runs.run("run2").stages[0].nodes


def test_one_given_without_a_change_set_stands() -> None:
    house = a_house()
    house.start(gated(gates=(a_gate(), LATER)))
    approve(house)
    deployed(house, "1.1", {})
    house.pass_time(3600)
    assert "s1" in house.runs.run("run2").stages[0].nodes


def test_once_the_step_has_begun_the_approval_stands(house: CatalogHouse) -> None:
    approve(house, shown(house).digest)
    deployed(house, "2.0", {})
    advance_run(house.ports, "run2", ())
    assert gate(house) is Phase.SUCCEEDED


def test_a_release_that_comes_in_the_same_instant_counts() -> None:
    script = a_step("b", Job(kind=JobKind.SCRIPT, ask={"script": "true"}))
    rule = a_step("s1", replace(DEPLOY, version=VersionRule.LAST_IN_RUN))
    house = a_house()
    stages = (replace(a_stage("zero", steps=(script,)), apart=True), gated(rule, gates=(a_gate(), LATER)).stages[0])
    held = replace(stages[1], promotion=Promotion.MANUAL)
    house.start(replace(a_plan(stages[0], held, run="run2", ordered=False), number=2))
    approve(house, shown(house).digest)
    promote = DecideRun(run="run2", kind=ActKind.PROMOTED, by=WRITER, stage="one")
    decide_run(house.ports, promote)
    house.world.move(timedelta(minutes=59, seconds=50))
    (leased,) = house.lease()
    house.world.move(timedelta(seconds=10))
    house.finish(leased, release="demo/app-v2.0")
    (one,) = (each for each in house.runs.run("run2").stages if each.stage == "one")
    assert one.nodes["g1"].phase is Phase.WAITING_PERSON


def test_confirmations_amid_steps_are_bound_to_what_is_behind_them() -> None:
    house = a_house()
    confirm: Node = a_step("c", Approval())
    plan: Plan = gated(confirm, a_step("s1", DEPLOY, needs=("c",)), a_step("other"))
    house.start(replace(plan, stages=(replace(plan.stages[0], gates=()),)))
    found = get_approval(house.ports, ApprovalOf(by=READER, run="run2", node="c"))
    assert [one.name for one in found.changes.steps] == ["s1"]
