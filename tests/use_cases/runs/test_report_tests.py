"""Who reports test results: writers for any stage, the job of a test step those of that step, other jobs none."""

from dataclasses import replace

import pytest

from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.definitions.compile_step import REPORTS_TESTS
from chalicelib.kernel.engine.run import Results
from chalicelib.kernel.faults import Forbidden, NotFound
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.runs.report_tests import ReportTests, report_tests
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.catalog_ports import WRITER
from tests.use_cases.house import House

PLAIN = Job(kind=JobKind.SCRIPT, ask={"script": "make"})
TESTING = replace(PLAIN, ask={**PLAIN.ask, REPORTS_TESTS: True})


@pytest.fixture
def house() -> House:
    """A house with a run whose first step tests, beside another."""
    made = House()
    made.start(a_plan(a_stage(steps=(a_step("s1", TESTING), a_step("s2", PLAIN))), a_stage("two")))
    return made


def job(key: str) -> Principal:
    return Principal(name=f"run1.1.{key}.1", kind=PrincipalKind.JOB)


def reported(house: House, by: Principal, stage: str = "one", run: str = "run1") -> tuple[Results, ...]:
    command = ReportTests(run=run, by=by, stage=stage, name="unit", passed=3, failed=1, skipped=0)
    return report_tests(house.ports, command).run.results


def test_the_job_of_a_test_step_reports_under_the_name_of_its_step(house: House) -> None:
    (results,) = reported(house, job("s1"))
    assert (results.stage, results.name, results.passed, results.failed) == ("one", "s1/unit", 3, 1)


def test_it_cannot_replace_what_others_reported(house: House) -> None:
    reported(house, WRITER)
    assert [one.name for one in reported(house, job("s1"))] == ["unit", "s1/unit"]


def test_it_reports_nothing_of_another_stage(house: House) -> None:
    with pytest.raises(Forbidden, match="reports tests of another stage"):
        reported(house, job("s1"), "two")


@pytest.mark.parametrize("by", [job("s2"), job("s9"), Principal(name="run2.1.s1.1", kind=PrincipalKind.JOB)])
def test_other_jobs_report_none(house: House, by: Principal) -> None:
    with pytest.raises(Forbidden, match="it reports no tests"):
        reported(house, by)


def test_a_writer_reports_for_any_stage(house: House) -> None:
    assert reported(house, WRITER, "two")[0].name == "unit"
    with pytest.raises(NotFound):
        reported(house, WRITER, "three")
