"""The contract of the port Jobs: the fake and the store keep it alike."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.aws.calls import Answer, AwsRequest, Send
from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.engine import job as kernel
from chalicelib.kernel.engine.effects import step_id
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.engine.job import Ending, Job, JobPhase, Lease
from chalicelib.kernel.faults import Conflict, NotFound, Stale
from chalicelib.kernel.plans.plan import NodeAddress
from chalicelib.kernel.plans.work import JobKind
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.jobs import StoredJobs
from chalicelib.use_cases.ports.runs import SHARDS, Due, Jobs
from tests.builders import NOON, later
from tests.conftest import aws_at
from tests.fakes.jobs import FakeJobs
from tests.fakes.world import Identifiers


@pytest.fixture(params=["fake", "store"])
def jobs(request: pytest.FixtureRequest) -> Jobs:
    if request.param == "fake":
        return FakeJobs()
    return StoredJobs(request.getfixturevalue("tables"), Identifiers("commit"))


def a_job(number: int = 1, run: str = "run1", pool: str = "default", project: str = "web") -> Job:
    at = NodeAddress(execution=1, node=f"s{number}", attempt=1)
    return Job(
        id=step_id(run, at),
        run=run,
        **at.as_fields(),
        kind=JobKind.SCRIPT,
        pool=pool,
        project=project,
        ask={"script": "true", "deep": [1, {"a": None}]},
        created_at=later(number),
    )


def leased(jobs: Jobs, job: Job, nonce: str = "nonce", at: float = 0, *, began: bool = True) -> Job:
    return jobs.save(kernel.leased(job, "runner", "token", nonce, now=later(at), began=began))


def ended(job: Job, at: float = 10) -> Job:
    ending = Ending(outcome=Outcome.SUCCEEDED, at=later(at), outputs={"url": "x"})
    return replace(job, phase=JobPhase.ENDED, ending=ending)


def all_due(jobs: Jobs, seconds: float) -> list[Due]:
    return [due for shard in range(SHARDS) for due in jobs.due(shard, later(seconds), 100)]


def test_a_job_is_read_as_it_was_stored(jobs: Jobs) -> None:
    job = replace(a_job(), timeout=timedelta(minutes=5))
    assert jobs.create(job) == job
    assert jobs.job(job.id) == job
    assert jobs.find_job(job.id) == job


def test_an_unknown_job_is_not_found(jobs: Jobs) -> None:
    assert jobs.find_job(a_job().id) is None
    with pytest.raises(NotFound, match=r"no job run1\.1\.s1\.1"):
        jobs.job(a_job().id)


@pytest.mark.parametrize("began", [False, True])
def test_a_lease_is_read_as_it_was_stored(jobs: Jobs, began: bool) -> None:
    held = jobs.save(kernel.leased(jobs.create(a_job()), "runner", "token", "nonce", now=NOON, began=began))
    assert held.lease is not None
    assert (jobs.job(held.id), held.lease.began) == (held, began)


def test_a_lease_of_an_older_store_which_does_not_say_it_has_begun() -> None:
    kept = {"runner": "r", "token": "t", "number": 1, "until": 0, "nonce": "n"}
    assert decode(Lease, kept).began
    assert encode(Lease, decode(Lease, kept)) == kept


def test_creating_a_job_again_answers_the_one_that_is_there(jobs: Jobs) -> None:
    jobs.create(a_job())
    held = leased(jobs, a_job())
    assert jobs.create(a_job()) == held


def test_a_job_that_was_buried_before_it_came_never_begins(jobs: Jobs) -> None:
    tombstone = kernel.stopped(a_job(), now=NOON)
    assert jobs.create_tombstone(tombstone) == tombstone
    assert jobs.create(a_job()) == tombstone
    assert list(jobs.waiting("default", 10)) == []


def test_burying_answers_the_job_that_is_there(jobs: Jobs) -> None:
    jobs.create(a_job())
    assert jobs.create_tombstone(kernel.stopped(a_job(), now=NOON)) == a_job()


def test_saving_raises_the_version_and_an_older_one_is_stale(jobs: Jobs) -> None:
    jobs.create(a_job())
    held = leased(jobs, a_job())
    assert held.version == 1
    with pytest.raises(Stale, match="has changed since version 0"):
        jobs.save(a_job())
    with pytest.raises(Stale):
        jobs.save(a_job(2))
    assert jobs.job(held.id) == held


def test_of_many_runners_one_leases_each_job(jobs: Jobs) -> None:
    for number in range(1, 11):
        jobs.create(a_job(number))

    def lease(runner: int) -> list[str]:
        won = []
        for job in jobs.waiting("default", 10):
            try:
                won.append(jobs.save(kernel.leased(job, f"runner{runner}", "token", "", now=NOON)).id)
            except (Stale, Conflict):
                continue
        return won

    with ThreadPoolExecutor(6) as threads:
        won = [job_id for part in threads.map(lease, range(6)) for job_id in part]
    assert sorted(won) == sorted(a_job(number).id for number in range(1, 11))
    assert list(jobs.waiting("default", 10)) == []


def test_waiting_jobs_come_oldest_first_from_their_pool_alone(jobs: Jobs) -> None:
    for number in (3, 1, 2):
        jobs.create(a_job(number))
    jobs.create(a_job(4, pool="other"))
    assert [job.node for job in jobs.waiting("default", 2)] == ["s1", "s2"]
    assert [job.node for job in jobs.waiting("other", 2)] == ["s4"]
    assert list(jobs.waiting("none", 2)) == []


def test_projects_have_their_turns_however_many_jobs_one_has(jobs: Jobs) -> None:
    for number in range(1, 41):
        jobs.create(a_job(number, project="crowd"))
    for number in (50, 51):
        jobs.create(a_job(number, project="b"))
    jobs.create(a_job(60, project="quiet"))
    taken = []
    for _ in range(6):
        job = jobs.waiting("default", 3)[0]
        jobs.note_turn(leased(jobs, job))
        taken.append(job.node)
    assert taken == ["s50", "s1", "s60", "s51", "s2", "s3"]


def test_a_lease_of_several_goes_by_turns_too(jobs: Jobs) -> None:
    for number in range(1, 9):
        jobs.create(a_job(number, project="crowd"))
    jobs.create(a_job(10, project="crowd-2"))
    jobs.create(a_job(11, project="z"))
    assert [job.node for job in jobs.waiting("default", 5)] == ["s1", "s10", "s11", "s2", "s3"]
    jobs.note_turn(a_job(10, project="crowd-2"))
    assert [job.node for job in jobs.waiting("default", 4)] == ["s11", "s1", "s10", "s2"]


def test_a_crowd_that_an_earlier_version_stored_by_age_holds_up_nobody(tables: Tables) -> None:
    jobs, table = StoredJobs(tables, Identifiers("commit")), tables.of(keys.RUNS)
    for number in range(1, 8):
        item = table.get(keys.job_key(jobs.create(a_job(number, project="crowd")).id))
        assert item is not None
        table.put({**item, "waits_since": str(item["waits_since"]).removeprefix("crowd#")})
    jobs.create(a_job(9, project="crowd"))
    jobs.create(a_job(10, project="web"))
    assert [job.node for job in jobs.waiting("default", 3)] == ["s1", "s10", "s2"]


def test_leased_jobs_of_a_project_that_limits_them_are_counted(jobs: Jobs) -> None:
    for number in range(1, 5):
        jobs.create(a_job(number, project="web"))
    jobs.create(a_job(9, project="other"))
    for number in (1, 2):
        held = kernel.leased(a_job(number, project="web"), "runner", "token", "", now=NOON)
        jobs.save(replace(held, is_counted=True))
    jobs.save(kernel.leased(a_job(3, project="web"), "runner", "token", "", now=NOON))
    assert (jobs.counted("web"), jobs.counted("other")) == (2, 0)
    jobs.save(ended(jobs.job(a_job(1).id)))
    assert jobs.counted("web") == 1
    assert [job.node for job in jobs.waiting("default", 9)] == ["s9", "s4"]
    assert [job.node for job in jobs.waiting("default", 9, {"other"})] == ["s4"]


def test_a_returned_job_waits_again_where_it_was(jobs: Jobs) -> None:
    for number in (1, 2):
        jobs.create(a_job(number))
    held = leased(jobs, a_job(1), began=False)
    jobs.save(kernel.returned(held, "token", 1, now=later(1)))
    assert [job.node for job in jobs.waiting("default", 5)] == ["s1", "s2"]
    assert list(jobs.leased_with("default", "nonce")) == []


def test_a_lease_call_finds_what_it_took(jobs: Jobs) -> None:
    for number in (1, 2, 3):
        jobs.create(a_job(number))
    mine = [leased(jobs, a_job(1), "mine"), leased(jobs, a_job(2), "mine")]
    leased(jobs, a_job(3), "yours")
    assert list(jobs.leased_with("default", "mine")) == mine
    ended = jobs.save(kernel.finished(mine[0], "token", 1, Ending(outcome=Outcome.SUCCEEDED, at=later(1))))
    assert list(jobs.leased_with("default", "mine")) == [ended, mine[1]]
    assert list(jobs.leased_with("other", "mine")) == []


def test_a_leased_job_is_due_a_while_after_its_lease_has_run_out(jobs: Jobs) -> None:
    jobs.create(a_job())
    assert all_due(jobs, 1_000) == []
    held = leased(jobs, a_job())
    assert all_due(jobs, 119) == []
    # The check that a lease schedules is exact; this is for one that was lost.
    assert all_due(jobs, 120) == [Due(id=held.id, at=later(120))]
    renewed = jobs.save(kernel.renewed(held, "token", 1, now=later(5)))
    assert all_due(jobs, 120) == [Due(id=renewed.id, at=later(120))]


@pytest.mark.parametrize("kind", ["fake", pytest.param("store", marks=pytest.mark.cloud)])
def test_on_one_machine_a_job_is_due_when_its_lease_ends_until_it_is_done(
    kind: str, request: pytest.FixtureRequest
) -> None:
    jobs: Jobs = FakeJobs()
    if isinstance(jobs, FakeJobs) and kind == "fake":
        assert not jobs.is_due_when_lost
        jobs.is_exact = True
    else:
        jobs = StoredJobs(request.getfixturevalue("tables"), Identifiers("one"), remembered=2)
    held = leased(jobs, jobs.create(a_job()))
    assert jobs.is_due_when_lost
    assert (all_due(jobs, 24), all_due(jobs, 25)) == ([], [Due(id=held.id, at=later(25))])
    held = jobs.save(kernel.renewed(held, "token", 1, now=later(10)))
    assert all_due(jobs, 90) == [Due(id=held.id, at=later(35))]
    done = jobs.save(ended(held))
    assert all_due(jobs, 90) == [Due(id=held.id, at=later(35))]
    jobs.save(replace(done, acknowledged=True, sealed=True))
    assert all_due(jobs, 1_000) == []


def test_a_lease_that_is_renewed_is_no_sweeps_and_moves_in_the_index_once_a_minute(jobs: Jobs) -> None:
    held, ahead, seen = leased(jobs, jobs.create(a_job())), 90, set()
    for seconds in range(10, 310, 10):
        assert all_due(jobs, seconds + ahead) == []
        held = jobs.save(kernel.renewed(held, "token", 1, now=later(seconds)))
        seen |= {due.at for due in all_due(jobs, 10_000)}
    assert len(seen) <= 6


def test_an_ended_job_stays_due_as_its_lease_was_until_it_is_acknowledged_and_sealed(jobs: Jobs) -> None:
    held = leased(jobs, jobs.create(a_job()))
    due = all_due(jobs, 180)
    assert [one.id for one in due] == [held.id]
    done = jobs.save(ended(held))
    assert all_due(jobs, 180) == due
    known = jobs.save(replace(done, acknowledged=True))
    assert all_due(jobs, 180) == due
    jobs.save(replace(known, sealed=True))
    assert all_due(jobs, 1_000) == []


def test_a_tombstone_is_due_until_it_is_acknowledged(jobs: Jobs) -> None:
    tombstone = jobs.create_tombstone(kernel.stopped(a_job(), now=later(3)))
    assert all_due(jobs, 60) == [Due(id=tombstone.id, at=later(3))]


def test_the_jobs_of_a_run_come_oldest_first(jobs: Jobs) -> None:
    for number in (2, 10, 1):
        jobs.create(a_job(number))
    jobs.create(a_job(1, run="run10"))
    jobs.create(a_job(1, run="run1-1-s1-1"))
    assert [job.node for job in jobs.of_run("run1")] == ["s1", "s2", "s10"]
    assert [job.run for job in jobs.of_run("run10")] == ["run10"]
    assert list(jobs.of_run("run")) == []


def test_several_jobs_are_read_at_once(jobs: Jobs) -> None:
    known = [jobs.create(a_job(number)) for number in (1, 2)]
    sought = [job.id for job in (*known, a_job(3))]
    assert sorted(jobs.find_jobs(sought), key=lambda job: job.id) == known
    assert list(jobs.find_jobs(())) == []


def test_the_line_of_a_project_is_told_as_long_as_it_is_short(jobs: Jobs) -> None:
    known = [jobs.create(a_job(number)) for number in (2, 1)]
    for number, project in ((3, "shop"), (4, "web2"), (5, "wea")):
        jobs.create(a_job(number, project=project))
    jobs.create(a_job(6, pool="other"))
    leased(jobs, jobs.create(a_job(7)))
    assert jobs.line("default", "web", 2) == [known[1], known[0]]
    assert jobs.line("default", "web", 1) is None
    assert jobs.line("none", "web", 2) == []


def test_a_process_remembers_a_leased_job_as_it_last_saved_it(tables: Tables) -> None:
    jobs, rival = StoredJobs(tables, Identifiers("one"), remembered=2), StoredJobs(tables, Identifiers("other"))
    held = leased(jobs, jobs.create(a_job()))
    assert jobs.last_saved(held.id) == held
    assert rival.last_saved(held.id) is None
    rival.save(replace(held, cancel=True))
    assert jobs.last_saved(held.id) == held
    with pytest.raises(Stale):
        jobs.save(ended(held))
    assert jobs.last_saved(held.id) is None
    jobs.save(replace(ended(jobs.job(held.id)), acknowledged=True))
    assert jobs.last_saved(held.id) is None


def test_the_one_process_of_a_machine_finds_each_lease_at_once(tables: Tables) -> None:
    alone, among_others = StoredJobs(tables, Identifiers("one"), remembered=2), StoredJobs(tables, Identifiers("other"))

    held = leased(alone, alone.create(a_job()))

    assert held.lease is not None
    assert list(alone.leased_with(held.pool, held.lease.nonce)) == [held]
    assert (alone.finds_every_lease, among_others.finds_every_lease) == (True, False)


def test_a_process_remembers_so_many_jobs_and_no_more(tables: Tables) -> None:
    jobs = StoredJobs(tables, Identifiers("one"), remembered=2)
    held = [leased(jobs, jobs.create(a_job(number))) for number in (1, 2, 3)]
    assert [job.node for job in held if jobs.last_saved(job.id)] == ["s3"]


@pytest.mark.parametrize("last", ["", "crowd"])
def test_a_crowd_of_one_project_is_read_by_two_queries(cloud: str, tables: Tables, last: str) -> None:
    asked: list[str] = []

    def counting(request: AwsRequest, send: Send) -> Answer:
        asked.append(request.operation)
        return send(request)

    for number in range(1, 12):
        StoredJobs(tables, Identifiers("commit")).create(a_job(number, project="crowd"))
    with contextlib.closing(aws_at(cloud, counting)) as counted:
        jobs = StoredJobs(Tables(aws=counted, prefix=tables.prefix), Identifiers("commit"))
        if last:
            jobs.note_turn(a_job(project=last))
        assert [job.node for job in jobs.waiting("default", 3)] == ["s1", "s2", "s3"]
    assert asked == ["Query", "Query"]


def test_lease_requests_of_one_process_look_at_a_line_in_turn(tables: Tables) -> None:
    jobs = StoredJobs(tables, Identifiers("one"))
    for number in range(1, 9):
        jobs.create(a_job(number))

    def lease(_: int) -> Job:
        with jobs.turn("default"):
            return leased(jobs, jobs.waiting("default", 3)[0])

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lease, range(4)))

    assert len({job.id for job in taken}) == 4


def test_a_lease_request_that_hangs_keeps_no_other_waiting(tables: Tables) -> None:
    jobs = StoredJobs(tables, Identifiers("one"))
    order: list[str] = []

    def lease() -> None:
        with jobs.turn("default"):
            order.append("second")

    with jobs.turn("default"), ThreadPoolExecutor() as pool:
        pool.submit(lease).result()
        order.append("first")
    assert order == ["second", "first"]
