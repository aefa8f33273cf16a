"""A redeploy by people: of what has ended, to stages of it, refused without a trace while a gate is not met."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.access.role import ALL, Level, role_in
from chalicelib.kernel.definitions.pipeline import GateType, PipelineDefinition, PipelineGate
from chalicelib.kernel.engine.events import PromotionMode
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.engine.run import ActKind, Run
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid
from chalicelib.kernel.plans.plan import Concurrency
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.pipelines import TriggerPipeline, trigger_pipeline
from chalicelib.use_cases.runs.decide import DecideNode, decide_node
from chalicelib.use_cases.runs.redeploy import Redeploy, redeploy
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_phase, a_pipeline, noop
from tests.use_cases.house import House


def a_person(name: str, level: Level) -> Principal:
    roles, scopes = frozenset({role_in("web", level)}), frozenset({ALL})
    return Principal(name=name, kind=PrincipalKind.USER, roles=roles, scopes=scopes)


WRITER, OWNER = a_person("walt", Level.WRITE), a_person("olga", Level.OWNER)
TRY, SHIP = (
    replace(a_phase(noop("do")), name=name, gates=(PipelineGate(name=f"{name} it", type=GateType.APPROVAL),))
    for name in ("try", "ship")
)


def a_house(concurrency: Concurrency = Concurrency.SUPERSEDE) -> House:
    house = House()
    house.ports.projects.create(Project(name="web", created_at=NOON), an_entry())
    house.ports.definitions.create(a_pipeline(TRY, SHIP, concurrency=concurrency), an_entry())
    return house


def origin(seed: str, by: Principal = WRITER) -> Origin:
    return Origin(by=by, at=NOON, seed=seed)


def triggered(house: House, seed: str) -> Run:
    return trigger_pipeline(house.ports, TriggerPipeline(origin=origin(seed), project="web", name="release"))


def approve(house: House, run: str) -> None:
    decide_node(house.ports, DecideNode(run=run, kind=ActKind.APPROVED, by=OWNER))
    house.work_off()


def two_travels(house: House) -> None:
    """The first is superseded before `ship` by the second, which arrives."""
    for seed in ("old", "new"):
        triggered(house, seed)
        approve(house, seed)
    approve(house, "new")
    assert [house.runs.run(seed).phase for seed in ("old", "new")] == [Phase.SUPERSEDED, Phase.SUCCEEDED]


def asked(*stages: str, run: str = "old", seed: str = "back", mode: PromotionMode = PromotionMode.WHEN_MET) -> Redeploy:
    return Redeploy(origin=origin(seed), run=run, stages=stages, mode=mode)


def test_an_older_snapshot_is_deployed_again_and_the_newer_stays_the_newest() -> None:
    house = a_house()
    two_travels(house)
    back = redeploy(house.ports, asked("try"))
    assert (back.run.phase, back.plan.redeploys, back.plan.number) == (Phase.SUCCEEDED, "old", 3)
    assert [house.runs.run(seed).phase for seed in ("old", "new")] == [Phase.SUPERSEDED, Phase.SUCCEEDED]
    late = triggered(house, "late")
    approve(house, late.id)
    assert house.runs.run("late").latest("p1") is not None


def test_a_snapshot_that_is_older_than_the_mark_passes_it_and_leaves_it() -> None:
    house = a_house()
    two_travels(house)
    back = redeploy(house.ports, asked("ship"))
    approve(house, back.run.id)
    assert house.runs.run("back").phase is Phase.SUCCEEDED
    again = redeploy(house.ports, asked("ship", run="back", seed="again"))
    assert (again.run.phase, again.plan.redeploys) == (Phase.SUCCEEDED, "old")


def test_a_redeploy_now_or_not_at_all_leaves_nothing_behind() -> None:
    house = a_house()
    two_travels(house)
    with pytest.raises(Conflict, match="gate ship it is not met"):
        redeploy(house.ports, asked("ship", mode=PromotionMode.IF_MET))
    assert house.runs.find_run("back") is None
    with pytest.raises(Forbidden, match="only an owner of web may override ship it"):
        redeploy(house.ports, asked("ship", mode=PromotionMode.FORCED))
    forced = replace(asked("ship", mode=PromotionMode.FORCED), origin=origin("back", OWNER))
    assert redeploy(house.ports, forced).run.phase is Phase.SUCCEEDED


def test_a_redeploy_that_is_repeated_is_one() -> None:
    house = a_house()
    two_travels(house)
    first = redeploy(house.ports, asked("try"))
    assert redeploy(house.ports, asked("try")).run == first.run


def test_a_run_of_a_queue_is_redeployed_in_its_turn() -> None:
    house = a_house(Concurrency.QUEUE)
    triggered(house, "old")
    approve(house, "old")
    approve(house, "old")
    waiting = triggered(house, "next")
    back = redeploy(house.ports, asked("ship"))
    assert (waiting.phase, back.run.phase) == (Phase.RUNNING, Phase.WAITING_LOCK)


def test_what_goes_on_is_promoted_and_what_has_no_such_stage_is_refused() -> None:
    house = a_house()
    triggered(house, "old")
    with pytest.raises(Conflict, match="run old goes on: promote it"):
        redeploy(house.ports, asked("try"))
    two = a_house()
    two_travels(two)
    for stages, said in ((("mars", "try"), "no stage mars in run old"), ((), "name at least one")):
        with pytest.raises(Invalid, match=said):
            redeploy(two.ports, asked(*stages))


def test_an_old_plan_goes_around_no_gate_that_guards_a_protected_pipeline_now() -> None:
    house = a_house()
    two_travels(house)
    known = house.ports.definitions.find_definition(house.runs.plan("old").definition)
    assert isinstance(known, PipelineDefinition)
    guarded = replace(known, protected=True, phases=(TRY, replace(SHIP, gates=(*SHIP.gates, *TRY.gates))))
    house.ports.definitions.save(guarded, an_entry())
    with pytest.raises(Conflict, match="what guards pipeline release in web has changed since run 1"):
        redeploy(house.ports, asked("ship"))
