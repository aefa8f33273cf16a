"""The log of a task: of all its pods, or of one, live and after."""

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.engine.events import Outcome
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.jobs.append_log import AppendLog, append_log
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.logs.task_log import ReadTaskLog, TaskLog, read_task_log
from chalicelib.use_cases.ports.logs import Chunk
from chalicelib.use_cases.workloads.tasks import TaskNamed
from slipway_formats.workloads.manifest import WorkloadKind
from tests.builders import NOON
from tests.kernel.workloads.given import a_pod
from tests.use_cases.house import House
from tests.use_cases.workloads.given import a_house, deployed, ended, held, leased, reported

READER = Principal(name="rea", roles=frozenset({role_in("web", Level.READ)}))


@pytest.fixture
def house() -> House:
    return a_house()


def said(house: House, job: LeasedJob, *texts: str, after: int = 0) -> None:
    chunks = tuple(
        Chunk(seq=after + place, at=NOON, stream="out", text=text) for place, text in enumerate(texts, start=1)
    )
    append_log(house.ports, AppendLog(held=held(job), after=after, chunks=chunks))


def log(house: House, task: str, pod: str = "", after: int = 0, by: Principal = READER) -> TaskLog:
    return read_task_log(house.ports, ReadTaskLog(task=TaskNamed(by=by, id=task), pod=pod, after=after))


def texts(found: TaskLog) -> list[str]:
    return [chunk.text for chunk in found.chunks]


def test_before_it_runs_a_task_has_said_nothing(house: House) -> None:
    found = log(house, deployed(house).id)

    assert (texts(found), found.head) == ([], 0)


def test_a_log_goes_on_after_what_one_has_also_when_the_task_has_ended(house: House) -> None:
    task = deployed(house)
    job = leased(house)
    reported(house, job, a_pod())
    said(house, job, "one\n", "two\n")
    first = log(house, task.id)
    said(house, job, "three\n", after=2)
    ended(house, job, Outcome.SUCCEEDED)

    assert (texts(first), first.head) == (["one\n", "two\n"], 2)
    assert texts(log(house, task.id, after=first.head)) == ["three\n"]
    assert texts(log(house, task.id, pod="fibonacci-0")) == ["one\n", "two\n", "three\n"]


def test_of_a_service_the_lines_of_one_pod_are_read_without_its_name(house: House) -> None:
    task = deployed(house, WorkloadKind.SERVICE)
    job = leased(house)
    reported(house, job, a_pod())
    said(house, job, "[fibonacci-0] up\n[fibonacci-1] up too\n", "[fibonacci-1] more\n", "[fibonacci-0] more\n")

    found = log(house, task.id, pod="fibonacci-0")

    assert (texts(found), found.head) == (["up\n", "more\n"], 3)
    with pytest.raises(NotFound, match="no pod fibonacci-7"):
        log(house, task.id, pod="fibonacci-7")


def test_who_may_not_read_the_project_reads_no_log(house: House) -> None:
    task = deployed(house)

    with pytest.raises(NotFound, match="no task"):
        log(house, task.id, by=Principal(name="str"))
