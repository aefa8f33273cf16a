"""What holds a run is told: who may act, what it waits for, and how it ended badly."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.definitions.compile_pipeline import DEFINITION
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.explanation.hold import Deciders, Hold, HoldKind, LogTail, RunTitle
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.plans.plan import Concurrency, DefinitionRef, Node, Plan, Policy, Promotion, Train
from chalicelib.kernel.plans.work import (
    Approval,
    CallWebhook,
    DefinitionKind,
    ExternalApproval,
    Job,
    JobKind,
    Qualifier,
    RunDefinition,
    Schedule,
    TestResults,
    Wait,
)
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.runs.advance import start_run
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun, decide_node, decide_run
from chalicelib.use_cases.runs.explain import ExplainRun, explain_run
from tests.builders import NOON, ORIGIN, a_gate, a_plan, a_stage, a_step, an_entry, later, with_policy
from tests.kernel.definitions.given import a_build
from tests.teams import add_team
from tests.use_cases.catalog_ports import CatalogHouse
from tests.use_cases.house import House

ROOT = Principal(name="root", roles=frozenset({ADMIN}))
ANN = Principal(name="ann", roles=frozenset({role_in("web", Level.WRITE)}))
SCRIPT = a_step(work=Job(kind=JobKind.SCRIPT, pool="gpu"))


@pytest.fixture
def house() -> House:
    return CatalogHouse()


def holds(house: House, run: str = "run1", by: Principal = ANN) -> tuple[Hold, ...]:
    return explain_run(house.ports, ExplainRun(by=by, run=run)).holds


def one(house: House, run: str = "run1") -> Hold:
    (hold,) = holds(house, run)
    return hold


def gated(*gates: Node) -> Plan:
    return a_plan(a_stage(gates=gates))


def test_an_approval_says_who_may_how_many_must_and_who_has(house: House) -> None:
    work = Approval(team="ops", user="bob", no_self_approval=True, expires_after=timedelta(hours=1))
    add_team(house.ports, "ops")
    house.start(gated(with_policy(a_gate(work=work), Policy(quorum=2))))
    decide_node(house.ports, DecideNode(run="run1", kind=ActKind.APPROVED, by=ROOT, notes="fine"))
    hold = one(house)
    assert (hold.kind, hold.path, hold.stage, hold.execution, hold.node) == (
        HoldKind.APPROVAL,
        ("one", "g1"),
        "one",
        1,
        "g1",
    )
    assert hold.reason == ("waits for 2 approvals by user bob or team ops, but whoever began the run; given by root")
    assert hold.deciders == Deciders(project="web", users=("bob",), teams=("ops",), no_self_approval=True)
    assert (hold.quorum, [given.notes for given in hold.given]) == (2, ["fine"])
    assert (hold.since, hold.expires_at) == (house.world.now(), house.world.now() + timedelta(hours=1))


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (Approval(team="ghosts"), "no team ghosts"),
        (Approval(user="ghost"), "no user ghost"),
        (Approval(team="ghosts", user="ghost"), "no user ghost and no team ghosts"),
    ],
)
def test_an_approval_that_nobody_can_give_says_so(house: House, work: Approval, why: str) -> None:
    house.start(gated(a_gate(work=work)))
    assert one(house).reason.endswith(f"; nobody but an admin can open it: there is {why}")


def test_an_approval_of_which_one_is_there_says_nothing_more(house: House) -> None:
    add_team(house.ports, "ops", members=0)
    house.start(gated(a_gate(work=Approval(team="ops", user="ghost"))))
    assert "nobody" not in one(house).reason


def test_an_approval_that_names_nobody_is_for_any_writer(house: House) -> None:
    house.start(gated(a_gate()))
    assert one(house).reason == "waits for 1 approval by anybody with write in web"


def test_a_schedule_opens_at_an_instant_in_the_pipelines_zone(house: House) -> None:
    house.start(gated(a_gate(work=Schedule(cron="0 0 20 * * ?", timezone="Europe/Berlin"))))
    hold = one(house)
    assert (hold.kind, str(hold.earliest)) == (HoldKind.TIME, "2026-06-01 20:00:00+02:00")
    assert hold.reason == "waits until 2026-06-01 20:00:00+02:00"


def test_a_wait_is_told_in_the_pipelines_zone_too(house: House) -> None:
    plan = replace(
        gated(a_gate(work=Wait(duration=timedelta(hours=1)))),
        snapshot={DEFINITION: {"timezone": "Asia/Tokyo"}},
    )
    house.start(plan)
    earliest = one(house).earliest
    assert earliest is not None
    assert earliest.tzinfo == ZoneInfo("Asia/Tokyo")


def test_tickets_and_tests_are_told(house: House) -> None:
    house.start(gated(a_gate(work=ExternalApproval(system="Jira", ticket="OPS-7"))))
    assert one(house).reason == "waits for Jira to decide about OPS-7"
    house.start(replace(gated(a_gate(work=TestResults(stage="one", qualifier=Qualifier.ALL_PASSED))), id="run2"))
    assert (one(house, "run2").kind, one(house, "run2").reason) == (HoldKind.TESTS, "waits for test results of one")


def test_a_promotion_is_told_beside_the_gates_that_are_open(house: House) -> None:
    second = replace(a_stage("two", gates=(a_gate(),)), promotion=Promotion.MANUAL)
    house.start(a_plan(a_stage(), second))
    assert [(hold.kind, hold.path) for hold in holds(house)] == [
        (HoldKind.APPROVAL, ("two", "g1")),
        (HoldKind.PROMOTION, ("two",)),
    ]
    assert holds(house)[1].reason == "waits to be promoted by anybody with write in web"


def test_a_lock_names_its_holder_and_the_place_in_its_line(house: House) -> None:
    for number in (1, 2, 3):
        stage = a_stage(steps=(SCRIPT,), exclusive=True)
        house.start(replace(a_plan(stage, run=f"run{number}"), number=number))
    hold = one(house, "run3")
    assert (hold.kind, hold.holder, hold.place) == (HoldKind.LOCK, RunTitle(run="run1", title="web/release#1"), 2)
    assert hold.reason == "environment production is held by web/release#1; place 2 in line"


def test_a_lock_names_a_job_by_what_it_does_and_by_what_one_types(house: House) -> None:
    of = DefinitionRef(kind=DefinitionKind.DEPLOYMENT_JOB, project="web", environment="production", name="app")
    for number in (1, 2):
        plan = a_plan(a_stage(steps=(SCRIPT,), exclusive=True), run=f"run{number}")
        house.start(replace(plan, number=number, definition=of))
    hold = one(house, "run2")
    title, words = "deployment-job:web/production/app#1", "Deploy app to web/production #1"
    assert hold.holder == RunTitle(run="run1", title=title, words=words)
    assert hold.reason.startswith(f"environment production is held by {words}")


def test_a_run_that_queues_waits_for_its_turn(house: House) -> None:
    for number in (1, 2):
        stage = a_stage(gates=(a_gate(),))
        house.start(replace(a_plan(stage, run=f"run{number}", concurrency=Concurrency.QUEUE), number=number))
    hold = one(house, "run2")
    assert (hold.kind, hold.place, hold.path) == (HoldKind.TURN, 1, ())
    assert hold.reason == "the turn of its definition is held by web/release#1; place 1 in line"


def speak(house: House, name: str = "r1", slots: int | None = None, busy: int | None = None) -> None:
    runner = Runner(pool="gpu", name=name, seen_at=house.world.now(), version="0.1.0", slots=slots, busy=busy)
    house.ports.runners.note(runner)


def test_a_job_without_a_runner_says_since_when_there_is_none(house: House) -> None:
    house.start(a_plan(a_stage(steps=(SCRIPT,))))
    assert one(house).reason == "no runner of pool gpu is up; none was seen in 7 days"
    speak(house)
    house.world.move(timedelta(hours=2, minutes=5))
    hold = one(house)
    assert (hold.kind, hold.place) == (HoldKind.RUNNER, 1)
    assert hold.reason == "no runner of pool gpu is up; the last was seen 2 h ago"
    assert hold.pool is not None
    assert (hold.pool.up, [runner.name for runner in hold.pool.runners]) == (0, ["r1"])


def test_a_job_behind_others_says_that_all_are_busy_and_its_place(house: House) -> None:
    for number in (1, 2):
        house.start(a_plan(a_stage(steps=(SCRIPT,)), run=f"run{number}"))
        house.world.move(timedelta(seconds=1))
    speak(house, slots=1, busy=0)
    assert one(house).reason == "a runner of pool gpu is up and should take it soon; place 1 in the line of web"
    house.world.move(timedelta(seconds=20))
    speak(house, slots=1, busy=1)
    speak(house, "r2", slots=1, busy=1)
    hold = one(house, "run2")
    assert (hold.reason, hold.place) == ("all 2 slots of pool gpu are busy; place 2 in the line of web", 2)
    assert hold.pool is not None
    assert (hold.pool.slots, hold.pool.busy, hold.pool.up) == (2, 2, 2)


def test_a_place_is_within_the_line_of_the_project_however_long_the_others_are(house: House) -> None:
    house.start(a_plan(a_stage(steps=(SCRIPT,))))
    (mine,) = house.ports.jobs.of_run("run1")
    for number in range(200):
        other = replace(mine, id=f"other{number}", project="shop", created_at=later(-number))
        house.ports.jobs.create(other)
    speak(house, slots=1, busy=1)
    hold = one(house)
    assert (hold.reason, hold.place) == ("the slot of pool gpu is busy; place 1 in the line of web", 1)


def test_in_a_long_line_no_places_are_told(house: House) -> None:
    steps = tuple(a_step(f"s{number}", Job(kind=JobKind.SCRIPT, pool="gpu")) for number in range(101))
    house.start(a_plan(a_stage(steps=steps)))
    speak(house, slots=1, busy=1)
    told = {(hold.reason, hold.place) for hold in holds(house)}
    assert told == {("the slot of pool gpu is busy; the line of web is long", None)}


def test_a_job_of_a_project_at_its_limit_says_so(house: House) -> None:
    project = house.ports.projects.project("web")
    house.ports.projects.save(replace(project, max_jobs=1), an_entry())
    steps = tuple(a_step(key, Job(kind=JobKind.SCRIPT)) for key in ("s1", "s2"))
    house.start(a_plan(a_stage(steps=steps)))
    house.lease(slots=1)
    house.ports.runners.note(Runner(pool="default", name="r1", seen_at=house.world.now(), slots=4, busy=1))
    assert one(house).reason == "project web is at its limit of jobs at once, max_jobs 1; place 1 in the line of web"


def test_what_holds_a_child_run_holds_its_parent(house: House) -> None:
    build = a_build()
    house.ports.definitions.create(build, an_entry())
    work = RunDefinition(kind=DefinitionKind.BUILD, project="web", environment=build.environment, name=build.name)
    house.start(a_plan(a_stage(steps=(a_step(work=work),))))
    hold = one(house)
    assert (hold.kind, hold.path[:2], hold.run) == (HoldKind.RUNNER, ("one", "s1"), "run1-1-s1-1")
    (leased,) = house.lease()
    assert holds(house) == ()
    house.ports.logs.append(leased.job.id, 0, [Chunk(seq=1, at=NOON, stream="out", text="compiling\nno such file\n")])
    house.finish(leased, Outcome.FAILED)
    failed = one(house)
    assert (failed.kind, failed.run) == (HoldKind.FAILED, "run1-1-s1-1")
    assert failed.log == LogTail(job=leased.job.id, lines=("compiling", "no such file"))


def test_of_a_child_run_that_one_may_not_read_only_its_step_is_told(house: House) -> None:
    build = a_build()
    house.ports.definitions.create(build, an_entry())
    work = RunDefinition(kind=DefinitionKind.BUILD, project="web", environment=build.environment, name=build.name)
    house.start(a_plan(a_stage(steps=(a_step(work=work),))))
    (hold,) = holds(house, by=Principal(name="sam"))
    assert (hold.run, hold.reason, hold.pool) == ("run1", "run run1-1-s1-1 waits for a runner", None)


def test_a_call_that_is_not_answered_is_told(house: House) -> None:
    start_run(
        house.ports, a_plan(a_stage(steps=(a_step(work=CallWebhook(url="https://example.org/hook")),))), origin=ORIGIN
    )
    assert (one(house).kind, one(house).reason) == (
        HoldKind.STARTING,
        "calls https://example.org/hook, which has not answered yet",
    )


def test_an_attempt_that_waits_for_its_back_off_says_how_the_last_one_ended(house: House) -> None:
    policy = Policy(attempts=2, backoff=timedelta(minutes=5))
    house.start(a_plan(a_stage(steps=(with_policy(a_step(work=Job(kind=JobKind.SCRIPT)), policy),))))
    (leased,) = house.lease()
    house.finish(leased, Outcome.FAILED)
    hold = one(house)
    assert (hold.kind, hold.earliest) == (HoldKind.RETRY, house.world.now() + timedelta(minutes=5))
    assert hold.reason.startswith("attempt 2 waits until ")


def test_a_job_that_is_being_stopped_holds_its_run(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    house.lease()
    decide_run(house.ports, DecideRun(run="run1", kind=ActKind.CANCELLED, by=ANN))
    assert (one(house).kind, one(house).reason) == (HoldKind.STOPPING, "is being stopped: cancelled by ann")


def test_a_superseded_run_names_the_one_that_passed_it(house: House) -> None:
    for number in (1, 2):
        train = Train(name="web", number=number)
        plan = a_plan(a_stage(gates=(a_gate(),)), run=f"run{number}", train=train, concurrency=Concurrency.SUPERSEDE)
        house.start(replace(plan, number=number))
    decide_node(house.ports, DecideNode(run="run2", kind=ActKind.APPROVED, by=ANN))
    house.work_off()
    hold = one(house)
    assert (hold.kind, hold.superseded_by) == (HoldKind.SUPERSEDED, RunTitle(run="run2", title="web/release#2"))
    assert hold.reason.startswith("overtaken by run run2")


def test_a_run_that_was_cancelled_says_by_whom_and_one_that_was_rejected_where(house: House) -> None:
    house.start(gated(a_gate()))
    decide_run(house.ports, DecideRun(run="run1", kind=ActKind.CANCELLED, by=ANN))
    assert (one(house).kind, one(house).reason, one(house).path) == (HoldKind.CANCELLED, "cancelled by ann", ())
    house.start(replace(gated(a_gate()), id="run2"))
    decide_node(house.ports, DecideNode(run="run2", kind=ActKind.REJECTED, by=ANN, notes="not today"))
    hold = one(house, "run2")
    assert (hold.kind, hold.reason, hold.path) == (HoldKind.REJECTED, "rejected by ann: not today", ("one", "g1"))


def test_nothing_holds_a_run_that_moves_or_has_succeeded(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    (leased,) = house.lease()
    assert holds(house) == ()
    house.finish(leased)
    assert holds(house) == ()


def test_the_explanation_says_of_when_it_is(house: House) -> None:
    house.start(gated(a_gate()))
    house.world.move(timedelta(seconds=7))
    told = explain_run(house.ports, ExplainRun(by=ANN, run="run1"))
    assert (told.run, told.phase, told.at >= later(7)) == ("run1", "running", True)
