"""The line of a pool that many processes lease from: spread over shards, begun by each runner with another project."""

from collections import Counter
from collections.abc import Sequence

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Send
from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.faults import Stale
from chalicelib.kernel.plans.work import JobKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs.jobs import StoredJobs
from tests.builders import NOON, later
from tests.fakes.world import Identifiers

SHARDS = 8
RUNNERS = [f"runner-{number}" for number in range(20)]
PROJECTS = [f"project-{number}" for number in range(30)]


def a_job(number: int, project: str) -> Job:
    return Job(
        id=f"run{number}.1.s{number}.1",
        run=f"run{number}",
        execution=1,
        node=f"s{number}",
        attempt=1,
        kind=JobKind.SCRIPT,
        project=project,
        created_at=later(number),
    )


def a_process(tables: Tables, shards: int = SHARDS) -> StoredJobs:
    return StoredJobs(tables, Identifiers("commit"), shards=shards)


def lease(jobs: StoredJobs, job: Job, runner: str) -> Job:
    held = jobs.save(kernel.leased(job, runner, "token", "nonce", now=NOON))
    jobs.note_turn(held)
    return held


@pytest.fixture
def filled(tables: Tables) -> Tables:
    """Three jobs of each project wait."""
    jobs = a_process(tables)
    for number in range(3 * len(PROJECTS)):
        jobs.create(a_job(number, PROJECTS[number % len(PROJECTS)]))
    return tables


def test_runners_that_look_at_once_seldom_try_for_the_same_job(filled: Tables) -> None:
    seen = {runner: a_process(filled).waiting("default", 3, runner=runner) for runner in RUNNERS}

    tries, won = 0, set[str]()
    for runner, line in seen.items():
        for job in line:
            tries += 1
            try:
                won.add(lease(a_process(filled), job, runner).id)
            except Stale:
                continue
            break

    # With one head for all of them three would have got a job.
    assert len(won) >= len(RUNNERS) - 2
    assert tries <= 2 * len(RUNNERS)


def test_one_runner_leases_from_each_project_in_turn_and_by_age(filled: Tables) -> None:
    jobs, taken = a_process(filled), list[Job]()
    while line := jobs.waiting("default", 3, runner="alone"):
        taken.append(lease(jobs, line[0], "alone"))

    assert len(taken) == 3 * len(PROJECTS)
    for begin in range(0, len(taken), len(PROJECTS)):
        assert {job.project for job in taken[begin : begin + len(PROJECTS)]} == set(PROJECTS)
    for project in PROJECTS:
        own = [job.created_at for job in taken if job.project == project]
        assert own == sorted(own)


def test_a_crowd_of_one_project_holds_up_no_other(tables: Tables) -> None:
    jobs = a_process(tables)
    for number in range(40):
        jobs.create(a_job(number, "crowd"))
    for number, project in enumerate(PROJECTS, 40):
        jobs.create(a_job(number, project))
    taken: list[str] = []
    for _ in range(len(PROJECTS) + 1):
        taken.append(lease(jobs, jobs.waiting("default", 1, runner="r")[0], "r").project)

    assert Counter(taken) == Counter(["crowd", *PROJECTS])


def test_what_an_older_version_lets_wait_is_found(tables: Tables) -> None:
    older, jobs = a_process(tables, shards=1), a_process(tables)
    for number, project in enumerate(PROJECTS):
        older.create(a_job(number, project))
    taken = set[str]()
    while line := jobs.waiting("default", 3, runner="r"):
        taken.add(lease(jobs, line[0], "r").project)

    assert taken == set(PROJECTS)


def test_the_jobs_of_a_pool_stand_in_many_partitions_those_of_a_project_in_one(filled: Tables, aws: Aws) -> None:
    asked: list[str] = []

    def note(ask: AwsRequest, send: Send) -> Answer:
        if ask.arguments.get("IndexName") == "by_pool":
            asked.extend(value["S"] for value in ask.arguments["ExpressionAttributeValues"].values())
        return send(ask)

    watched = Tables(aws=Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=note), prefix=filled.prefix)
    jobs = a_process(watched)
    whole: Sequence[Job] = jobs.waiting("default", 1000)
    assert len(whole) == 3 * len(PROJECTS)
    assert len({value for value in asked if value == "default" or value.startswith("waiting#")}) == SHARDS
    asked.clear()
    own = jobs.line("default", PROJECTS[0], 10)
    assert own is not None
    assert len(own) == 3
    assert len(asked) == 2, "one partition, one prefix"
    watched.aws.close()
