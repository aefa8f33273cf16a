"""Who may on the pages of access: no button that is refused is drawn, and secrets stand in one answer alone."""

import re

import pytest

from tests.dialects.console.given import WEB, a_guest_and_a_machine, a_project
from tests.dialects.matrix.callers import ADMIN, OWNER, READER, RUNNER
from tests.dialects.matrix.snapshot import snapshot
from tests.dialects.matrix.world import World, peopled

FORM = {"Content_Type": "application/x-www-form-urlencoded"}
POSTED = re.compile(r'<form[^>]*method="post"[^>]*action="(?:\.\./|\./)*([^"]*)"')
EVERYBODYS = {"looks", "logout"}
PAGES = ("/access", "/access?project=web", "/access/people/guest", "/audit")
SECRET = re.compile(r"slp_\w{38}")


@pytest.fixture
def world() -> World:
    """Somebody without a password, and machines that an admin and an owner have made."""
    world = peopled()
    a_project(world)
    a_guest_and_a_machine(world)
    world.done("POST", f"{WEB}/service-accounts/helper/", {"role": "read"}, by=OWNER)
    return world


def forms(world: World, path: str, by: str) -> list[str]:
    """Where the forms of a page are sent, but for those of every page."""
    page = world.ask("GET", path, by=by)
    assert page.status == 200, page.text
    return [action for action in POSTED.findall(page.text) if action not in EVERYBODYS]


@pytest.mark.parametrize(
    ("by", "path"),
    [
        (READER, "/access"),
        (READER, "/access/people/reader"),
        (OWNER, "/access?project=web"),
        (OWNER, "/access/people/owner"),
        (ADMIN, "/access?project=web"),
        (ADMIN, "/access/people/guest"),
    ],
)
def test_every_token_with_a_button_may_be_revoked_by_its_reader(world: World, by: str, path: str) -> None:
    actions = {action for action in forms(world, path, by) if action.endswith("/revocations")}
    before = snapshot(world.house)

    for action in actions:
        world.house = before.house()
        assert world.ask("POST", f"/{action}", b"next=access", by=by, **FORM).status == 303, action
    assert actions


OWN = {"access/tokens", "access/tokens/ID/revocations"}
OF_MACHINES = {"access/accounts/web", "access/accounts/web/helper/removals", "access/accounts/web/robot/removals"}


@pytest.mark.parametrize(("by", "machines"), [(READER, set[str]()), (OWNER, OF_MACHINES)])
def test_who_is_no_admin_sees_no_button_about_other_people(world: World, by: str, machines: set[str]) -> None:
    for path, more in (("/access?project=web", machines), (f"/access/people/{by}", set[str]())):
        drawn = {re.sub(r"tokens/\w+/", "tokens/ID/", action) for action in forms(world, path, by)}
        assert drawn - OWN == more


def test_who_has_one_token_alone_is_offered_no_other(world: World) -> None:
    assert "access/tokens" not in forms(world, "/access", RUNNER)


def test_an_owner_sees_when_tokens_of_machines_were_used_and_a_reader_does_not(world: World) -> None:
    owner, reader = (world.ask("GET", "/access?project=web", by=by).text for by in (OWNER, READER))

    assert owner.count("not noted") > reader.count("not noted")
    assert "shown to owners of the project" in reader
    assert ("admin:admin" in owner, "admin:admin" in reader) == (True, False)


def test_a_secret_stands_in_the_answer_to_its_form_and_nowhere_else(world: World) -> None:
    made = world.ask("POST", "/access/people/guest/tokens", b"once=1&scopes=all&label=x", by=ADMIN, **FORM)
    invited = world.ask("POST", "/access/people/guest/invitations", b"once=2&days=1", by=ADMIN, **FORM)
    account = world.ask("POST", "/access/accounts/web", b"once=3&name=third&role=read", by=OWNER, **FORM)
    again = world.ask("POST", "/access/people/guest/tokens", b"once=1&scopes=all&label=x", by=ADMIN, **FORM)
    secrets = [SECRET.findall(answer.text) for answer in (made, invited, account)]

    assert [len(set(found)) for found in secrets] == [1, 1, 1]
    assert all("no-store" in answer.headers["Cache-Control"] for answer in (made, invited, account))
    assert again.status == 409
    after = "".join(world.ask("GET", path, by=ADMIN).text for path in PAGES)
    assert SECRET.findall(again.text + after) == []
    assert not any(secret in repr(vars(world.house.ports.idempotency)) for found in secrets for secret in found)
