"""Who may let something into production by a session: whoever has logged in lately."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.engine.run import ActKind
from chalicelib.kernel.faults import NotFound, Unauthenticated
from chalicelib.use_cases.ports.bundle import Settings
from chalicelib.use_cases.runs.decide import DecideNode, DecideRun
from chalicelib.use_cases.runs.fresh_login import STALE, check_fresh_login
from tests.builders import NOON
from tests.use_cases.catalog_ports import ROOT, CatalogHouse
from tests.use_cases.overview.test_find_runs import waiting

HERE = Settings()
LATE = NOON + timedelta(hours=2)
APPROVE = DecideNode(run="run1", kind=ActKind.APPROVED, by=ROOT, node="g1", execution=1)
PROMOTE = DecideRun(run="run1", kind=ActKind.PROMOTED, by=ROOT, stage="one")


def house(environment: str = "production", settings: Settings = HERE) -> CatalogHouse:
    """A house in which a gate before an environment waits."""
    made = CatalogHouse()
    made.start(waiting(1, environment=environment))
    made.ports = replace(made.ports, settings=settings)
    return made


@pytest.mark.parametrize("command", [APPROVE, replace(APPROVE, execution=None), PROMOTE, replace(PROMOTE, stage="")])
def test_an_old_session_lets_nothing_into_production(command: DecideNode | DecideRun) -> None:
    with pytest.raises(Unauthenticated, match="log in again") as refused:
        check_fresh_login(house().ports, command, LATE)

    assert refused.value.code == STALE


@pytest.mark.parametrize("kind", [ActKind.REJECTED, ActKind.CANCELLED])
def test_what_stops_a_run_is_never_put_off(kind: ActKind) -> None:
    check_fresh_login(house().ports, replace(APPROVE, kind=kind), LATE)


def test_other_environments_and_other_settings_ask_for_no_login() -> None:
    check_fresh_login(house("staging").ports, APPROVE, LATE)
    check_fresh_login(house(settings=Settings(fresh_login=timedelta())).ports, APPROVE, LATE)
    check_fresh_login(house(settings=Settings(production=("live",))).ports, APPROVE, LATE)


def test_who_came_without_a_session_is_asked_for_one() -> None:
    with pytest.raises(Unauthenticated):
        check_fresh_login(house().ports, replace(APPROVE, by=replace(ROOT, name="eve", token="gone")), NOON)


@pytest.mark.parametrize("run", ["run1", "nobody"])
def test_a_run_that_one_may_not_read_is_one_that_is_not_there(run: str) -> None:
    command = replace(APPROVE, run=run, by=Principal(name="eve", token="gone"))

    with pytest.raises(NotFound, match=f"^no run {run}$"):
        check_fresh_login(house().ports, command, NOON)
