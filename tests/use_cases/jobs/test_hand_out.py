"""What runners are handed: jobs with their secrets, one by one."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.kernel.definitions.compile_build import SECRET_NAMES
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.plans.work import Job, JobKind
from chalicelib.use_cases.jobs.hand_out import HandedJob, HandOutJobs, hand_out_jobs, offer_jobs
from chalicelib.use_cases.jobs.lease import LeaseJobs, lease_jobs
from chalicelib.use_cases.ports.bundle import Settings
from tests.builders import a_plan, a_stage, a_step
from tests.use_cases.house import House


def a_script(secret: str) -> Job:
    return Job(kind=JobKind.SCRIPT, ask={"script": "true", SECRET_NAMES: {"password": secret}})


def handed(house: House, nonce: str = "nonce-of-sixteen") -> Sequence[HandedJob]:
    return hand_out_jobs(house.ports, HandOutJobs(lease=LeaseJobs(pool="default", runner="r1", slots=8, nonce=nonce)))


def test_a_job_is_handed_out_with_its_secrets() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step(work=a_script(house.ports.secrets.put("one", "s3cret"))),))))
    assert [job.ask for job in handed(house)] == [{"script": "true", "password": "s3cret"}]


def test_a_job_whose_secret_is_gone_is_broken_and_spoils_no_other() -> None:
    house = House()
    kept = house.ports.secrets.put("one", "s3cret")
    house.start(a_plan(a_stage(steps=(a_step(work=a_script("gone")),)), run="run1"))
    house.start(a_plan(a_stage(steps=(a_step(work=a_script(kept)),)), run="run2"))
    assert [job.leased.job.run for job in handed(house)] == ["run2"]
    assert [job.leased.job.run for job in handed(house)] == ["run2"]
    house.work_off()
    broken = house.runs.run("run1")
    assert broken.phase is Phase.BROKEN
    assert "no secret gone" in broken.reason


def test_a_pool_that_is_bound_to_projects_does_no_jobs_of_others() -> None:
    house = House()
    house.ports = replace(house.ports, settings=Settings(pool_projects={"default": frozenset({"other"})}))
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    house.work_off()
    run = house.runs.run("run1")
    assert run.phase is Phase.BROKEN
    assert "pool default does no jobs of project web" in run.reason
    assert list(handed(house)) == []


def test_a_job_that_waited_before_its_pool_was_bound_is_broken_with_its_secrets_kept() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step(work=a_script(house.ports.secrets.put("one", "s3cret"))),))))
    house.ports = replace(house.ports, settings=Settings(pool_projects={"default": frozenset()}))
    assert list(handed(house)) == []
    house.work_off()
    assert house.runs.run("run1").phase is Phase.BROKEN


def test_a_bound_pool_does_jobs_of_its_projects_and_others_all() -> None:
    settings = Settings(pool_projects={"gpu": frozenset({"web"})})
    allowed = {(pool, project) for pool in ("gpu", "cpu") for project in ("web", "api")} - {("gpu", "api")}
    assert all(settings.pool_defect(pool, project) == "" for pool, project in allowed)
    assert settings.pool_defect("gpu", "api") == "pool gpu does no jobs of project api"


def test_what_is_kept_of_a_lease_is_not_enough_to_speak_for_it() -> None:
    house = House()
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    (job,) = handed(house)
    kept = repr(house.jobs.job(job.leased.job.id))
    assert job.leased.token not in kept
    assert "nonce-of-sixteen" not in kept
    assert [again.leased.token for again in handed(house)] == [job.leased.token]


def test_an_ask_for_work_that_is_heard_late_takes_none_that_nobody_would_do() -> None:
    house = House()
    script = Job(kind=JobKind.SCRIPT)
    house.start(a_plan(a_stage(steps=(a_step("s1", script), a_step("s2", script)))))
    ask = LeaseJobs(pool="default", runner="r1", slots=1, nonce="nonce-of-sixteen")
    (first,) = lease_jobs(house.ports, ask)
    assert [one.job.id for one in lease_jobs(house.ports, ask)] == [first.job.id]
    house.finish(first)
    assert list(lease_jobs(house.ports, ask)) == []
    assert [one.job.node for one in lease_jobs(house.ports, replace(ask, nonce="nonce-of-the-next"))] == ["s2"]


def test_a_runner_that_gets_no_job_is_told_when_to_ask_again() -> None:
    house = House()
    house.ports = replace(house.ports, settings=Settings(idle_pause=2.0))
    ask = HandOutJobs(lease=LeaseJobs(pool="default", runner="r1", slots=1, nonce="nonce-of-sixteen"), wait=5)
    assert offer_jobs(house.ports, ask).again_in == 2.0
    house.start(a_plan(a_stage(steps=(a_step(work=Job(kind=JobKind.SCRIPT)),))))
    assert offer_jobs(house.ports, ask).again_in is None
