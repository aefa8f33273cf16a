"""Pages of tasks: what they tell of each kind, who may do what, and that nothing but what is meant is deleted."""

import re
from datetime import timedelta

import pytest

from tests.dialects.console.given import HOSTILE
from tests.dialects.console.given_tasks import JOB, a_task, many_tasks, tasks
from tests.dialects.console.sent import by_session, send
from tests.dialects.matrix.callers import OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.world import World, people
from tests.http.house import Answered

LOG_IN_AGAIN = "log in again"
HOURS = timedelta(hours=2)
START = "repository=tasks&directory=job&namespace=night&name=second"


@pytest.fixture
def world() -> World:
    world = World()
    people(world)
    tasks(world)
    return world


def row_of(page: Answered, title: str) -> str:
    """The words in the row of a task."""
    rows = re.findall(r"<tr>\s*<th scope=\"row\">.*?</tr>", page.text, re.DOTALL)
    row = next(row for row in rows if f">{title}</a>" in row)
    return " ".join(re.sub(r"<[^>]*>", " ", row).split())


def test_each_kind_says_what_one_asks_of_it(world: World) -> None:
    page = world.ask("GET", "/tasks", by=READER)

    assert "failed exit 3" in row_of(page, "night/report")
    assert "available 1/1 ready" in row_of(page, "night/site")
    assert "0/2 ready" in row_of(page, "night/worker")
    assert "scheduled exit 0 1 min ago in 59 min" in row_of(page, "night/hourly")
    loading = world.ask("GET", "/tasks/$loading", by=READER).text
    assert "tasks/first" in loading
    assert "pending" in loading, "its manifest is being read"


def test_a_page_of_a_cronjob_leads_to_the_jobs_that_it_started(world: World) -> None:
    page = world.ask("GET", "/tasks/$cron", by=READER).text
    (job,) = re.findall(r'<a href="\.\./tasks/([^"]+)">night/hourly-\d+</a>', page)

    assert "succeeded" in page
    assert world.ask("GET", f"/tasks/{job}", by=READER).status == 200


def test_a_task_has_its_log_and_names_of_variables_alone(world: World) -> None:
    page = world.ask("GET", "/tasks/tsk_$failed_task", by=READER).text

    assert 'data-log="../logs/' in page
    assert "MODE" in page
    assert "a-value" not in page
    assert HOSTILE not in page


def test_a_project_shows_its_own_and_a_page_leads_to_the_next() -> None:
    world = World()
    people(world)
    many_tasks(world)
    page = world.ask("GET", "/tasks?project=web&namespace=", by=READER).text
    (more,) = re.findall(r'href="\./tasks\?([^"]*page_from=[^"]*)"', page)
    following = world.ask("GET", f"/tasks?{more.replace('&amp;', '&')}", by=READER).text
    shown = [set(re.findall(r">(\w+/job-\d+)</a>", one)) for one in (page, following)]

    assert [len(one) for one in shown] == [25, 5]
    assert not shown[0] & shown[1]


def test_a_reader_sees_no_button_and_is_refused(world: World) -> None:
    for path in ("/tasks", "/tasks/$failed_task", "/tasks/$service", "/tasks/$cron"):
        assert 'method="post"' not in world.ask("GET", path, by=READER).text.partition("<main")[2]
    assert send(world, "/tasks", START, READER).status == 403
    for act in ("again", "delete"):
        assert send(world, "/tasks/$failed_task/acts", f"act={act}", READER).status == 403
    assert world.ask("GET", "/tasks/$failed_task", by=READER).text.count("failed") > 0


def test_somebody_of_another_project_sees_nothing_of_it(world: World) -> None:
    for path in ("/tasks", "/tasks?view=pipelines", "/tasks?namespace=night"):
        assert "night/" not in world.ask("GET", path, by=STRANGER).text
    assert world.ask("GET", "/tasks/$service", by=STRANGER).status == 404
    assert world.ask("GET", "/tasks?project=web", by=STRANGER).status == 404
    assert send(world, "/tasks/$service/acts", "act=delete", STRANGER).status == 404
    assert send(world, "/tasks", START, STRANGER).status == 403


def test_a_job_is_run_again_once_under_its_name(world: World) -> None:
    first = send(world, "/tasks/$failed_task/acts", "once=v1&act=again", WRITER)
    again = send(world, "/tasks/$failed_task/acts", "once=v1&act=again", WRITER)
    world.house.work_off()
    page = world.ask("GET", "/tasks", by=READER)

    assert first.status == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert "pending" in row_of(page, "night/report")
    assert page.text.count(">night/report</a>") == 1
    assert send(world, first.headers["Location"].replace("../../", "/") + "/acts", "act=again").status == 409, "it runs"


def test_a_job_of_a_cronjob_is_run_again_as_a_job(world: World) -> None:
    page = world.ask("GET", "/tasks/$cron", by=READER).text
    (job,) = re.findall(r'<a href="\.\./tasks/([^"]+)">night/hourly-\d+</a>', page)
    made = send(world, f"/tasks/{job}/acts", "act=again", WRITER)
    shown = world.ask("GET", made.headers["Location"].replace("../../", "/"), by=READER).text

    assert "<dd>job</dd>" in shown
    assert "Schedule" not in shown


def test_only_the_task_that_one_sees_is_deleted(world: World) -> None:
    send(world, "/tasks/$failed_task/acts", "act=again")
    replaced = world.ask("GET", "/tasks/$failed_task", by=OWNER).text

    assert "Delete" not in replaced
    assert send(world, "/tasks/$failed_task/acts", "act=delete").status == 409
    assert send(world, "/tasks/$service/acts", "act=delete").status == 303
    left = world.ask("GET", "/tasks", by=READER).text
    assert "night/site" not in left
    assert "night/report" in left


def test_a_directory_is_deployed_once_from_the_form(world: World) -> None:
    first = send(world, "/tasks", f"once=v1&{START}", WRITER)
    again = send(world, "/tasks", f"once=v1&{START}", WRITER)

    assert first.headers["Location"] == again.headers["Location"]
    assert world.ask("GET", first.headers["Location"].replace("./", "/"), by=READER).status == 200
    assert send(world, "/tasks", START.replace("repository=tasks", "repository=nowhere"), WRITER).status == 404


def test_a_pipeline_of_a_directory_leads_to_its_run(world: World) -> None:
    made = send(world, "/tasks", f"{START}&what=pipeline", WRITER)

    assert world.ask("GET", made.headers["Location"].replace("./", "/"), by=READER).status == 200
    assert ">night/second</a>" in world.ask("GET", "/tasks?view=pipelines", by=READER).text


def test_a_session_left_open_lets_nothing_into_production(world: World) -> None:
    task = a_task(world, "report", JOB, "production")
    world.house.world.move(HOURS)
    start = START.replace("namespace=night", "namespace=production")

    assert LOG_IN_AGAIN in by_session(world, "/tasks", start).text
    assert LOG_IN_AGAIN in by_session(world, f"/tasks/{task}/acts", "act=again").text
    assert by_session(world, "/tasks", START).status == 303
    assert by_session(world, f"/tasks/{task}/acts", "act=delete").status == 303, "what stops something is not put off"


def test_who_sees_a_task_already_is_sent_nothing_until_it_changes(world: World) -> None:
    known = re.findall('data-known="([^"]+)"', world.ask("GET", "/tasks/$failed_task", by=OWNER).text)[0]

    assert world.ask("GET", f"/tasks/$failed_task?known={known}", by=OWNER).status == 204
    send(world, "/tasks/$failed_task/acts", "act=again")
    assert world.ask("GET", f"/tasks/$failed_task?known={known}", by=OWNER).status == 200


@pytest.mark.parametrize("namespace", ["Production", "PROD-night", "prod"])
def test_a_new_namespace_is_production_by_the_name_that_its_environment_gets(world: World, namespace: str) -> None:
    world.house.world.move(HOURS)
    start = START.replace("namespace=night", f"namespace={namespace}")

    assert LOG_IN_AGAIN in by_session(world, "/tasks", start).text
