"""The namespace `_`, to which releases without a namespace lead: the platform's, with units that belong to projects."""

from datetime import timedelta

import pytest

from chalicelib.kernel.access.role import Level, role_in
from tests.dialects.inventory.site import FORM, a_form
from tests.dialects.matrix.callers import ADMIN, BY_JOB, OWNER, READER, STRANGER, WRITER
from tests.dialects.matrix.things import fill
from tests.dialects.matrix.world import PASSWORD, World, peopled
from tests.packages import a_package_file

DEFAULT = "/api/v1/inventory/_"
UNIT = f"{DEFAULT}/units/app"


@pytest.fixture
def world() -> World:
    """A unit of the project web in `_`, registered by one of its writers."""
    world = peopled()
    world.done("POST", "/api/v1/state/web/add-project")
    world.done("POST", f"{DEFAULT}/register", {"name": "app", "version": "1.0", "project": "_"}, by=WRITER)
    return world


def status(world: World, method: str, target: str, body: object = None, *, by: str) -> int:
    return world.ask(method, target, body, by=by).status


@pytest.mark.parametrize("by", [ADMIN, OWNER, STRANGER])
@pytest.mark.parametrize("target", ["/api/v1/state/web/add-namespace", "/api/v1/inventory/_/add-namespace"])
def test_nobody_takes_it(by: str, target: str) -> None:
    world = peopled()
    world.done("POST", "/api/v1/state/web/add-project")

    answered = world.ask("POST", target, {"name": "_", "project": "web"}, by=by)

    assert answered.status in (400, 404)
    assert answered.status == 404 or "belongs to the platform" in answered.text


@pytest.mark.parametrize("by", [READER, STRANGER])
@pytest.mark.parametrize("target", ["/", "/units/", "/units/app/", "/units/app/versions/v1.0/", "/units/app/tags/"])
def test_everybody_known_reads_it(world: World, by: str, target: str) -> None:
    assert status(world, "GET", f"{DEFAULT}{target}", by=by) == 200
    assert "_" in world.done("GET", "/api/v1/inventory/", by=by)


def test_each_project_has_units_of_its_own_in_it(world: World) -> None:
    body = {"name": "tool", "version": "1.0", "project": "_"}

    world.done("POST", f"{DEFAULT}/register", body, by=STRANGER)

    upload = f"{DEFAULT}/units/tool/versions/v1.0/upload"
    world.done("POST", upload, a_form(a_package_file("tool")), by=STRANGER, Content_Type=FORM)
    another = a_form(a_package_file("tool", content=b"another"))
    answered = world.ask("POST", upload, another, by=WRITER, Content_Type=FORM)
    assert answered.status == 403


def test_a_unit_of_a_removed_project_is_kept_from_others_for_thirty_days(world: World) -> None:
    world.done("DELETE", "/api/v1/state/web/", by=OWNER)
    body = {"name": "app", "version": "1.1", "project": "_"}

    refused = world.ask("POST", f"{DEFAULT}/register", body, by=STRANGER)
    assert (refused.status, "_/app was removed within 30 days" in refused.text) == (403, True)
    world.done("POST", f"{DEFAULT}/register", {**body, "name": "tool"}, by=STRANGER)
    world.house.world.move(timedelta(days=30, seconds=1))
    assert status(world, "POST", f"{DEFAULT}/register", body, by=ADMIN) == 200


def test_an_admin_gives_it_to_another_at_once(world: World) -> None:
    world.done("DELETE", "/api/v1/state/web/", by=OWNER)
    body = {"name": "app", "version": "1.1", "project": "_"}

    world.done("POST", f"{DEFAULT}/register", body, by=ADMIN, X_Slipway_Project="other")
    world.done("POST", f"{DEFAULT}/register", {**body, "version": "1.2"}, by=STRANGER)


def test_a_job_without_an_account_releases_into_it_for_its_project_and_yanks_nothing() -> None:
    world = peopled()
    fill(world)
    body = {"name": "tool", "version": "1.0", "project": "_"}

    world.done("POST", f"{DEFAULT}/register", body, by=BY_JOB)

    version = f"{DEFAULT}/units/tool/versions/v1.0"
    world.done("POST", f"{version}/upload", a_form(a_package_file("tool")), by=BY_JOB, Content_Type=FORM)
    assert status(world, "POST", f"{version}/yank", {"reason": "it leaks"}, by=BY_JOB) == 403
    assert status(world, "POST", f"{version}/yank", {"reason": "it leaks"}, by=WRITER) == 200


def test_another_project_s_unit_is_refused_in_words(world: World) -> None:
    answered = world.ask("POST", f"{DEFAULT}/register", {"name": "app", "version": "2.0"}, by=STRANGER)

    assert answered.status == 403
    assert "_/app belongs to another project: use a namespace of your own" in answered.text


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", f"{UNIT}/tags/", {"release_id": "_/app-v1.0", "tag": "stable"}),
        ("POST", f"{UNIT}/versions/v1.0/yank", {"reason": "it leaks"}),
        ("PUT", f"{UNIT}/hooks/", {"build": {"url": "https://b.example.org/"}}),
        ("GET", f"{UNIT}/hooks/", None),
    ],
)
def test_a_unit_is_changed_by_its_project_alone(world: World, method: str, target: str, body: object) -> None:
    assert status(world, method, target, body, by=STRANGER) == 403
    assert status(world, method, target, body, by=WRITER) < 300


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("GET", f"{DEFAULT}/hooks/", None),
        ("PUT", f"{DEFAULT}/hooks/", {"events": {"url": "https://e.example.org/"}}),
        ("PUT", f"{DEFAULT}/", {"name": "_", "description": "mine"}),
        ("DELETE", f"{DEFAULT}/hard-delete", None),
    ],
)
def test_it_is_itself_for_admins(world: World, method: str, target: str, body: object) -> None:
    assert {status(world, method, target, body, by=by) for by in (OWNER, STRANGER)} == {403}
    assert status(world, method, target, body, by=ADMIN) < 300


def test_it_stays_public(world: World) -> None:
    world.done("PUT", f"{DEFAULT}/", {"name": "_", "is_public": False})

    assert status(world, "GET", UNIT + "/", by=STRANGER) == 200


def test_of_who_writes_in_several_the_unit_goes_to_the_first_which_the_audit_log_tells(world: World) -> None:
    world.done("POST", "/api/v1/state/abc/add-project")
    roles = [role_in("web", Level.WRITE), role_in("other", Level.WRITE), role_in("abc", Level.READ)]
    world.done("POST", "/api/v1/users", {"name": "two", "email": "t@x.org", "password": PASSWORD, "roles": roles})
    login = world.ask("POST", "/api/v1/auth/email/login", {"email": "t@x.org", "password": PASSWORD}, by="")
    world.tokens["two"] = login.headers["X-Escape-Token"]

    world.done("POST", f"{DEFAULT}/register", {"name": "both", "version": "1.0"}, by="two")

    told = world.done("GET", "/api/v1/audit?project=other")["items"]
    assert [one["subject"] for one in told if one["act"] == "registered-release"] == ["_/both-v1.0"]
    body = {"name": "both", "version": "2.0"}
    assert status(world, "POST", f"{DEFAULT}/register", body, by=WRITER) == 403
    assert status(world, "POST", f"{DEFAULT}/register", body, by=STRANGER) == 200


def test_an_admin_moves_a_unit_to_another_project(world: World) -> None:
    def register(version: str, by: str, project: str) -> int:
        body = {"name": "app", "version": version}
        return world.ask("POST", f"{DEFAULT}/register", body, by=by, X_Slipway_Project=project).status

    assert register("2.0", WRITER, "other") == 200, "a header of others moves nothing"
    assert register("3.0", STRANGER, "other") == 403
    assert register("3.0", ADMIN, "other") == 200
    assert [register("4.0", by, "") for by in (WRITER, STRANGER)] == [403, 200]


def test_after_a_hard_delete_it_is_everybody_s_again(world: World) -> None:
    world.done("DELETE", f"{DEFAULT}/hard-delete")

    assert status(world, "POST", f"{DEFAULT}/register", {"name": "app", "version": "1.0"}, by=STRANGER) == 200


def test_the_job_that_registers_first_makes_the_unit_its_project_s() -> None:
    world = peopled()
    fill(world)

    world.done("POST", f"{DEFAULT}/register", {"name": "built", "version": "1.0"}, by=BY_JOB)

    body = {"release_id": "_/built-v1.0", "tag": "stable"}
    tags = f"{DEFAULT}/units/built/tags/"
    assert [status(world, "POST", tags, body, by=by) for by in (BY_JOB, WRITER, STRANGER)] == [200, 200, 403]
    upload = f"{DEFAULT}/units/built/versions/v1.0/upload"
    assert world.ask("POST", upload, a_form(a_package_file("built")), by=BY_JOB, Content_Type=FORM).status == 200


def test_who_writes_nowhere_registers_nothing_in_it(world: World) -> None:
    assert status(world, "POST", f"{DEFAULT}/register", {"name": "more", "version": "1.0"}, by=READER) == 403


def test_a_public_namespace_is_not_deleted_by_who_only_reads_it(world: World) -> None:
    world.done("POST", "/api/v1/internal/add-namespace", {"name": "open", "project": "web", "is_public": True})

    assert status(world, "DELETE", "/api/v1/inventory/open/hard-delete", by=STRANGER) == 403
