"""What is written to runs and jobs together with its entry of the audit log, in the fakes and in the stores."""

from dataclasses import dataclass, replace

import pytest

from chalicelib.kernel.engine.advance import new_run
from chalicelib.kernel.engine.job import Commit, Job
from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.kernel.plans.work import JobKind
from chalicelib.store.audit.audits import StoredAudits
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.access import Audits
from chalicelib.use_cases.ports.runs import Jobs, Runs
from tests.builders import NOON, a_chain, a_plan, an_entry, later
from tests.fakes.audits import FakeAudits
from tests.fakes.jobs import FakeJobs
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers

DAY = 24 * 60 * 60
PLAN = a_plan(a_chain(2))
JOB = Job(id="run1.1.s1.1", run="run1", execution=1, node="s1", attempt=1, kind=JobKind.BUILD, created_at=NOON)
REPORTED = replace(JOB, commit=Commit(revision="abcdef1"))


@dataclass(frozen=True)
class Kept:
    """Runs, jobs, and the log in which their entries stand."""

    audits: Audits
    runs: Runs
    jobs: Jobs


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def kept(request: pytest.FixtureRequest) -> Kept:
    if request.param == "fake":
        audits = FakeAudits()
        return Kept(audits=audits, runs=FakeRuns(audits=audits), jobs=FakeJobs(audits))
    tables, commits = request.getfixturevalue("tables"), Identifiers("commit")
    return Kept(
        audits=StoredAudits(tables=tables, identifier=commits),
        runs=StoredRuns(tables, commits),
        jobs=StoredJobs(tables, commits),
    )


def test_a_run_is_stored_with_the_entry_of_its_beginning_once(kept: Kept) -> None:
    entry = an_entry()

    assert kept.runs.create(new_run(PLAN), PLAN, entry)
    assert not kept.runs.create(new_run(PLAN), PLAN, entry)

    assert kept.runs.run(PLAN.id) == new_run(PLAN)
    assert kept.audits.entries([entry.id]) == {entry.id: entry}
    assert kept.audits.unsealed(9) == [entry]


def test_a_run_that_is_there_gets_no_entry_of_another_beginning(kept: Kept) -> None:
    kept.runs.create(new_run(PLAN), PLAN)

    assert not kept.runs.create(new_run(PLAN), PLAN, an_entry())

    assert kept.audits.unsealed(9) == []


def test_a_run_that_is_gone_does_not_begin_under_its_old_entry(kept: Kept) -> None:
    entry = an_entry()
    kept.runs.create(new_run(PLAN), PLAN, entry)
    kept.runs.forget(new_run(PLAN))

    with pytest.raises(Conflict, match="was begun before"):
        kept.runs.create(new_run(PLAN), PLAN, entry)

    assert kept.runs.find_run(PLAN.id) is None


def test_a_change_of_a_job_is_saved_with_its_entry_once(kept: Kept) -> None:
    job, entry = kept.jobs.create(JOB), an_entry()

    saved = kept.jobs.save(replace(job, commit=REPORTED.commit), entry)
    again = kept.jobs.save(replace(job, commit=Commit(revision="1234567")), entry)

    assert saved == again == kept.jobs.job(JOB.id)
    assert (saved.commit, saved.version) == (REPORTED.commit, job.version + 1)
    assert kept.audits.entries([entry.id]) == {entry.id: entry}


def test_a_change_of_a_job_that_is_refused_leaves_no_entry(kept: Kept) -> None:
    job, entry, late = kept.jobs.create(JOB), an_entry(), an_entry()
    kept.jobs.save(replace(job, commit=REPORTED.commit), entry)

    with pytest.raises(Stale):
        kept.jobs.save(job, late)
    with pytest.raises(Conflict, match="over a day ago"):
        kept.jobs.save(job, replace(entry, at=later(DAY + 1)))

    assert kept.audits.entries([late.id]) == {}
