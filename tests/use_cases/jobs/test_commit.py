"""From which commit an execution is said to be made."""

import pytest

from chalicelib.kernel.definitions.definition import ref_of
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Commit, Ending
from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.definitions.builds import TriggerBuild, trigger_build
from chalicelib.use_cases.definitions.executions import ExecutionNamed, get_execution
from chalicelib.use_cases.jobs.commit import ReportCommit, report_commit
from chalicelib.use_cases.jobs.finish import FinishJob, finish_job
from tests.builders import NOON, an_entry
from tests.kernel.definitions.given import a_build
from tests.use_cases.catalog_ports import WRITER, CatalogHouse, an_origin
from tests.use_cases.house import held

TOLD = Commit(revision="abcdef1", author="ada")


def an_execution(house: CatalogHouse) -> ExecutionNamed:
    build = a_build()
    house.ports.definitions.create(build, an_entry())
    ask = TriggerBuild(origin=an_origin(), project=build.project, environment=build.environment, name=build.name)
    return ExecutionNamed(by=WRITER, of=ref_of(build), id=trigger_build(house.ports, ask).id)


def test_an_execution_is_shown_with_the_commit_that_was_told() -> None:
    house = CatalogHouse()
    execution = an_execution(house)

    report_commit(house.ports, ReportCommit(origin=an_origin(), execution=execution, commit=TOLD))

    assert get_execution(house.ports, execution).commit == TOLD


def test_a_report_is_an_entry_of_the_audit_log() -> None:
    house = CatalogHouse()
    command = ReportCommit(origin=an_origin(), execution=an_execution(house), commit=TOLD)

    report_commit(house.ports, command)
    report_commit(house.ports, command)

    told = [entry for entry in house.audits.kept.values() if entry.act == "reported-commit"]
    assert [(entry.by, entry.notes, entry.details["run"]) for entry in told] == [
        (command.origin.by.name, TOLD.revision, command.execution.id)
    ]


@pytest.mark.parametrize(("word", "shown"), [(None, TOLD), (Commit(revision="1234567"), Commit(revision="1234567"))])
def test_a_runner_that_knows_the_commit_has_the_last_word(word: Commit | None, shown: Commit) -> None:
    house = CatalogHouse()
    execution = an_execution(house)
    (leased,) = house.lease()
    report_commit(house.ports, ReportCommit(origin=an_origin(), execution=execution, commit=TOLD))

    ending = Ending(outcome=Outcome.SUCCEEDED, at=NOON, commit=word, outputs={"release": "demo/app-v1.0"})
    finish_job(house.ports, FinishJob(held=held(leased), ending=ending))

    assert get_execution(house.ports, execution).commit == shown


def test_a_commit_told_after_the_end_is_shown() -> None:
    house = CatalogHouse()
    execution = an_execution(house)
    (leased,) = house.lease()
    house.finish(leased, Outcome.FAILED)

    report_commit(house.ports, ReportCommit(origin=an_origin(), execution=execution, commit=TOLD))

    assert get_execution(house.ports, execution).commit == TOLD


def test_an_execution_without_a_job_has_nothing_to_be_made_from() -> None:
    house = CatalogHouse()
    execution = an_execution(house)
    house.jobs.kept.clear()

    with pytest.raises(Conflict):
        report_commit(house.ports, ReportCommit(origin=an_origin(), execution=execution, commit=TOLD))
