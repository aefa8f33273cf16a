"""One person by several accounts: they decide once, and not about what they, or an account of theirs, began."""

import hmac

import pytest

from chalicelib.kernel.access.role import Level, role_in
from tests.dialects.matrix.callers import ANONYMOUS, OWNER, WRITER
from tests.dialects.matrix.things import PIPELINES, WEB
from tests.dialects.matrix.world import PASSWORD, World, people

ROBOT, SECOND = "robot", "second"
GATE = {"name": "ask", "type": "approval"}
STEPS = [{"name": "say", "type": "noop"}]


@pytest.fixture
def world() -> World:
    """A project with an owner, and an account that the owner made."""
    made = World()
    people(made)
    made.done("POST", f"{WEB}/add-project", {})
    role = role_in("web", Level.OWNER)
    for name in ("eve", "ada"):
        made.done("POST", "/api/v1/users", {"name": name, "password": PASSWORD, "roles": [role]})
        login = {"username": name, "secret_token": PASSWORD}
        answered = made.ask("POST", "/api/v1/auth/service-account/login", login, by=ANONYMOUS)
        made.tokens[name] = answered.headers["X-Escape-Token"]
    an_account(made, ROBOT, by="eve")
    return made


def an_account(world: World, name: str, *, by: str) -> None:
    made = world.done("POST", f"{WEB}/service-accounts/{name}/", {"role": "owner"}, by=by)
    world.tokens[name] = made["secret_token"]


def a_pipeline(world: World, **gate: object) -> None:
    last = {"name": "late", "promotion": "manual", "steps": STEPS, "gates": [{**GATE, **gate}]}
    phases = [{"name": "go", "steps": STEPS}, last]
    world.done("POST", f"{PIPELINES}/add", {"name": "release", "triggers": [{"type": "webhook"}], "phases": phases})


def a_run(world: World, by: str) -> str:
    """A run that waits to be promoted."""
    run: str = world.done("POST", f"{PIPELINES}/by-name/release/trigger", by=by)["id"]
    world.house.work_off()
    return run


def promote(world: World, run: str, by: str) -> None:
    world.done("POST", f"/api/v1/runs/{run}/acts", {"act": "promote", "stage": "late"}, by=by)
    world.house.work_off()


def approve(world: World, run: str, by: str) -> int:
    return world.ask("POST", f"/api/v1/runs/{run}/decisions", {"decision": "approve"}, by=by).status


@pytest.mark.parametrize("pair", [("eve", ROBOT), (ROBOT, "eve"), (ROBOT, SECOND)])
def test_who_decides_by_two_accounts_counts_once(world: World, pair: tuple[str, str]) -> None:
    an_account(world, SECOND, by="eve")
    a_pipeline(world, quorum=2)
    run = a_run(world, WRITER)
    promote(world, run, WRITER)

    assert [approve(world, run, by) for by in (*pair, OWNER)] == [200, 409, 200]


def test_who_stands_behind_a_chain_of_accounts_is_found_however_long_it_is(world: World) -> None:
    before = ROBOT
    for number in range(8):
        an_account(world, f"r{number}", by=before)
        before = f"r{number}"
    a_pipeline(world, no_self_approval=True)
    run = a_run(world, "eve")
    promote(world, run, WRITER)

    assert [approve(world, run, by) for by in (before, OWNER)] == [403, 200]


@pytest.mark.parametrize("promoter", ["eve", ROBOT])
def test_who_let_a_stage_begin_approves_nothing_in_it(world: World, promoter: str) -> None:
    a_pipeline(world, no_self_approval=True)
    run = a_run(world, WRITER)
    promote(world, run, promoter)

    assert [approve(world, run, by) for by in (ROBOT, "eve", WRITER, OWNER)] == [403, 403, 403, 200]


def test_who_has_an_ended_stage_run_again_approves_nothing_in_it(world: World) -> None:
    a_pipeline(world, no_self_approval=True)
    run = a_run(world, WRITER)
    promote(world, run, WRITER)
    world.done("POST", f"/api/v1/runs/{run}/decisions", {"decision": "reject"}, by=OWNER)
    world.house.work_off()
    world.done("POST", f"/api/v1/runs/{run}/acts", {"act": "replay"}, by="eve")
    world.house.work_off()

    assert [approve(world, run, by) for by in ("eve", ROBOT, "ada")] == [403, 403, 200]


def test_who_reads_the_secret_of_a_webhook_by_an_account_counts_as_having_begun_what_it_signs(world: World) -> None:
    a_pipeline(world, no_self_approval=True)
    trigger = world.done("GET", f"{PIPELINES}/by-name/release/", by=OWNER)["triggers"][0]
    place = f"{PIPELINES}/by-name/release/triggers/{trigger['id']}/webhook-secret"
    world.done("POST", place, by="ada")
    secret = world.done("GET", place, by=ROBOT)["webhook_secret"]
    signed = f"sha256={hmac.new(secret.encode(), b'{}', 'sha256').hexdigest()}"
    target = f"{PIPELINES}/pipelines/webhook/{trigger['webhooktoken']}"
    run = world.done("POST", target, b"{}", by=ANONYMOUS, X_Hub_Signature_256=signed)["id"]
    world.house.work_off()
    promote(world, run, WRITER)

    assert [approve(world, run, by) for by in ("eve", ROBOT, OWNER)] == [403, 403, 200]
