"""A run can be folded again: by what it was given the same comes out, and where not, it is said where."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.engine.events import Approved, Outcome, RunRetried
from chalicelib.kernel.engine.parting import MOST_FOLDS
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Conflict, NotFound
from chalicelib.use_cases.runs.advance import decide
from chalicelib.use_cases.runs.refold import refold_run
from tests.builders import a_chain, a_gate, a_plan, a_stage, a_step
from tests.crash.plans import SCRIPT
from tests.use_cases.house import House


@pytest.fixture
def house() -> House:
    return House()


def approve(house: House) -> None:
    act = Approved(at=house.world.now(), execution=1, node="g1", attempt=1, by="bob", notes="fine")
    decide(house.ports, house.runs.run("run1"), act)
    house.work_off()


def test_a_run_that_has_ended_comes_out_as_it_did(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    house.world.move(timedelta(hours=1))
    approve(house)

    refolded = refold_run(house.ports, "run1")

    assert house.archives.kept["run1"].result.acts[0].by == "bob"
    assert (refolded.run, refolded.differs) == ("run1", ())
    assert refolded.folds == len(house.archives.kept["run1"].trace.folds) >= 2


def test_a_run_that_goes_on_comes_out_as_it_is(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))

    assert house.archives.find("run1") is None
    assert refold_run(house.ports, "run1").differs == ()


def test_a_run_that_goes_on_after_its_end_is_kept_anew(house: House) -> None:
    house.start(a_plan(a_stage(steps=(a_step(work=SCRIPT),))))
    (leased,) = house.lease()
    house.finish(leased, Outcome.FAILED)
    first = house.archives.kept["run1"]

    run = house.runs.run("run1")
    decide(house.ports, run, RunRetried(at=house.world.now(), retries=run.retries, by="ann"))
    house.work_off()
    (leased,) = house.lease()
    house.finish(leased)

    again = house.archives.kept["run1"]
    assert (first.result.phase, again.result.phase) == (Phase.FAILED, Phase.SUCCEEDED)
    assert again.trace.folds[: len(first.trace.folds)] == first.trace.folds
    assert refold_run(house.ports, "run1").folds == len(again.trace.folds)


def test_the_folds_of_a_long_run_leave_its_record_and_are_folded_all_the_same(house: House) -> None:
    house.start(a_plan(a_stage(steps=tuple(a_step(f"s{number}", work=SCRIPT) for number in range(1, 4)))))
    while jobs := house.lease():
        house.finish(jobs[0])
    long = house.start(replace(a_plan(a_chain(4 * MOST_FOLDS)), id="run2"))

    assert refold_run(house.ports, "run1").differs == ()
    assert refold_run(house.ports, "run2").differs == ()
    assert long.phase is Phase.SUCCEEDED


def test_where_another_result_comes_out_it_is_said_without_values(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    approve(house)
    archive = house.archives.kept["run1"]
    acts = (replace(archive.result.acts[0], notes="a secret"),)
    house.archives.kept["run1"] = replace(archive, result=replace(archive.result, phase=Phase.FAILED, acts=acts))

    assert refold_run(house.ports, "run1").differs == ("phase", "acts[0].notes")


def test_a_run_that_an_earlier_version_began_was_not_kept(house: House) -> None:
    house.start(a_plan(a_stage(gates=(a_gate(),))))
    house.runs.kept["run1"] = replace(house.runs.kept["run1"], trace=None)
    approve(house)

    assert house.runs.run("run1").phase is Phase.SUCCEEDED
    assert house.archives.kept == {}
    with pytest.raises(Conflict, match="an earlier version began it"):
        refold_run(house.ports, "run1")
    with pytest.raises(NotFound):
        refold_run(house.ports, "run9")
