"""The contract of archives of runs, held by the fake and by the store; and folds that leave the record of a run."""

import gzip
from dataclasses import replace

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.kernel.engine.advance import advance, new_run
from chalicelib.kernel.engine.parting import MOST_FOLDS
from chalicelib.kernel.engine.refold import RunArchive, as_begun, differences, traced
from chalicelib.kernel.engine.run import Run
from chalicelib.kernel.engine.trace import Fold, Trace
from chalicelib.kernel.plans.plan import Plan
from chalicelib.store.runs.archives import StoredArchives
from chalicelib.store.runs.runs import StoredRuns
from chalicelib.use_cases.ports.archives import Archives
from chalicelib.use_cases.ports.runs import Runs
from infra import resources
from tests.builders import NOON, a_chain, a_plan, later, started
from tests.fakes.archives import FakeArchives
from tests.fakes.runs import FakeRuns
from tests.fakes.world import Identifiers

PLAN = a_plan(a_chain(3))


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def archives(request: pytest.FixtureRequest) -> Archives:
    if request.param == "fake":
        return FakeArchives()
    aws: Aws = request.getfixturevalue("aws")
    prefix: str = request.getfixturevalue("prefix")
    resources.create_bucket(aws, prefix)
    return StoredArchives(aws=aws, bucket=prefix + resources.BUCKET)


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def runs(request: pytest.FixtureRequest) -> Runs:
    if request.param == "fake":
        return FakeRuns()
    return StoredRuns(request.getfixturevalue("tables"), Identifiers("commit"))


def folded(plan: Plan, run: Run, *, seconds: float = 0) -> Run:
    return traced(run, advance(plan, run, (started(),), later(seconds)).run, (started(),), later(seconds))


def an_archive(plan: Plan = PLAN) -> RunArchive:
    run = folded(plan, as_begun(plan, new_run(plan)))
    assert run.trace is not None
    return RunArchive(plan=plan, trace=run.trace, result=replace(run, trace=None))


def test_an_archive_is_found_as_it_was_kept_and_is_gone_once_it_is_forgotten(archives: Archives) -> None:
    archives.keep(an_archive())
    archives.keep(an_archive())

    assert archives.find(PLAN.id) == an_archive()
    archives.forget(PLAN.id)
    archives.forget(PLAN.id)
    assert archives.find(PLAN.id) is None


def test_an_archive_of_fifty_steps_has_two_kilobytes(aws: Aws, prefix: str) -> None:
    resources.create_bucket(aws, prefix)
    bucket = prefix + resources.BUCKET
    StoredArchives(aws=aws, bucket=bucket).keep(an_archive(a_plan(a_chain(50))))

    with aws.call("s3", "GetObject", {"Bucket": bucket, "Key": "folds/run1.json.gz"})["Body"] as body:
        content = body.read()

    assert len(content) < 2048
    assert gzip.decompress(content)[:1] == b"{"


def test_folds_leave_the_record_of_a_run_that_has_many(runs: Runs) -> None:
    run = as_begun(PLAN, new_run(PLAN))
    runs.create(run, PLAN)
    told = list[Fold]()
    for number in range(3 * MOST_FOLDS):
        current = runs.run(run.id)
        assert current.trace is not None
        told.append(Fold(at=later(number), events=()))
        runs.commit(replace(current, trace=replace(current.trace, folds=(*current.trace.folds, told[-1]))))

    kept = runs.run(run.id).trace
    assert kept is not None
    assert 0 < len(kept.folds) <= MOST_FOLDS
    assert kept.moved == len(runs.earlier_folds(run.id)) > MOST_FOLDS
    assert [*runs.earlier_folds(run.id), *kept.folds] == told
    runs.forget(runs.run(run.id))
    assert list(runs.earlier_folds(run.id)) == []


def test_a_run_that_took_something_over_is_begun_as_it_was() -> None:
    taking = replace(new_run(PLAN), releases=("demo/app-v1.0",), reason="")

    begun = as_begun(PLAN, taking)
    run = folded(PLAN, begun)

    assert begun.trace is not None
    assert begun.trace.begun_as
    assert as_begun(PLAN, new_run(PLAN)).trace == Trace()
    assert run.trace is not None
    assert differences(RunArchive(plan=PLAN, trace=run.trace, result=run)) == ()
    assert run.releases == taking.releases
    assert PLAN.created_at == NOON
