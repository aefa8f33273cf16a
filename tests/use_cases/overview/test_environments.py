"""All that was done in an environment, and what differs between two of them, or one then and now."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.plans.work import JobKind
from chalicelib.kernel.projects.deployment import Change, DeploymentStage, DeploymentState, StageState
from chalicelib.kernel.releases.release import Namespace
from chalicelib.use_cases.overview.environment_diff import (
    CompareEnvironments,
    EnvironmentDiff,
    Moment,
    compare_environments,
)
from chalicelib.use_cases.overview.environment_history import (
    EnvironmentHistory,
    PastChanges,
    get_environment_history,
)
from chalicelib.use_cases.ports.runs import Page
from chalicelib.use_cases.projects.record_deployment import deployment_or_new
from slipway_formats.release import Variable
from tests.laws.profiles import effort
from tests.use_cases.catalog_ports import READER, WRITER, CatalogHouse


def done(
    house: CatalogHouse,
    version: str,
    *,
    name: str = "app",
    environment: str = "staging",
    release: str = "demo/app",
    inputs: Mapping[str, object] | None = None,
) -> None:
    """Record a deploy; without a version, that a client has deleted the state."""
    before = deployment_or_new(house.ports, "web", environment, name)
    stage = StageState(version=version, inputs=inputs or {}, providers={"db": name} if name == "odd" else {})
    state = DeploymentState(name=name, release=release, stages={DeploymentStage.DEPLOY: stage})
    change = Change(
        id=f"{environment} {name} {before.version}",
        at=house.world.now(),
        by="ada",
        action=JobKind.DEPLOY if version else None,
        release=f"{release}-v{version}" if version else "",
        state=state if version else None,
    )
    house.ports.deployments.commit(before, change, None)


def page(house: CatalogHouse, size: int = 50, after: str | None = None) -> PastChanges:
    query = EnvironmentHistory(project="web", environment="staging", page=Page(size=size, after=after))
    return get_environment_history(house.ports, query)


def every(house: CatalogHouse, size: int) -> list[tuple[str, int]]:
    """All of the history, page after page."""
    found, after, is_more = list[tuple[str, int]](), None, True
    while is_more:
        one = page(house, size, after)
        found += [(past.deployment, past.change.version) for past in one.changes]
        after, is_more = one.after, one.after is not None
    return found


@pytest.fixture
def house() -> CatalogHouse:
    made = CatalogHouse()
    made.inventory.spaces["demo"] = Namespace(name="demo", project="web")
    return made


def test_the_histories_of_all_deployments_are_one_newest_first(house: CatalogHouse) -> None:
    for name, version in (("app", "1.0"), ("db", "7"), ("app", "1.1"), ("db", "")):
        house.world.move(timedelta(minutes=1))
        done(house, version, name=name)
    found = page(house).changes
    assert [(one.deployment, one.change.release) for one in found] == [
        ("db", ""),
        ("app", "demo/app-v1.1"),
        ("db", "demo/app-v7"),
        ("app", "demo/app-v1.0"),
    ]


@effort(30)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 1)), max_size=60), st.integers(1, 7))
def test_pages_of_any_size_tell_each_change_once_and_in_order(changes: list[tuple[str, int]], size: int) -> None:
    house = CatalogHouse()
    for name, pause in changes:
        house.world.move(timedelta(seconds=pause))
        done(house, "1.0", name=name)
    whole = every(house, 200)
    assert every(house, size) == whole
    assert len(whole) == len(changes)


def test_the_history_of_what_is_not_there_and_a_page_that_is_none(house: CatalogHouse) -> None:
    with pytest.raises(Invalid, match="page_from"):
        page(house, after="yesterday")
    with pytest.raises(NotFound, match="mars"):
        get_environment_history(house.ports, EnvironmentHistory(project="web", environment="mars", page=Page()))


def between(house: CatalogHouse, old: Moment, new: Moment, by: Principal = READER) -> EnvironmentDiff:
    return compare_environments(house.ports, CompareEnvironments(by=by, project="web", old=old, new=new))


STAGING, PRODUCTION = Moment(environment="staging"), Moment(environment="production")


def test_two_environments_differ_in_versions_inputs_and_what_is_there(house: CatalogHouse) -> None:
    for environment, version, size in (("staging", "1.0", 1), ("production", "2.0", 2)):
        done(house, version, environment=environment, inputs={"size": size})
        done(house, "1.0", environment=environment, name="same")
    done(house, "1.0", name="gone")
    done(house, "1.0", environment="production", name="odd", release="demo/odd")
    done(house, "1.0", name="odd")
    diff = between(house, STAGING, PRODUCTION)
    told = {one.deployment: one for one in diff.differing}
    assert diff.same == ("same",)
    assert {name: (one.old, one.new) for name, one in told.items()} == {
        "app": ("1.0", "2.0"),
        "gone": ("1.0", ""),
        "odd": ("1.0", "1.0"),
    }
    assert [(one.name, one.old, one.new) for one in told["app"].inputs] == [("size", 1, 2)]
    assert told["odd"].reason == "demo/app in the one, demo/odd in the other"
    assert told["app"].between is not None
    assert [one.version for one in told["app"].between.commits] == ["2.0", "1.1"]


def test_one_environment_differs_from_what_it_was(house: CatalogHouse) -> None:
    done(house, "1.0")
    monday = house.world.now()
    house.world.move(timedelta(days=2))
    done(house, "1.1")
    (change,) = between(house, replace(STAGING, at=monday), STAGING).differing
    assert (change.old, change.new) == ("1.0", "1.1")
    (change,) = between(house, STAGING, replace(STAGING, at=monday)).differing
    assert change.between is not None
    assert change.between.is_back
    assert between(house, STAGING, STAGING).differing == ()


def test_secret_inputs_that_differ_are_named_and_not_shown(house: CatalogHouse) -> None:
    house.inventory.inputs = (Variable(id="password", sensitive=True),)
    for environment, password in (("staging", "hush"), ("production", "still")):
        done(house, "1.0", environment=environment, inputs={"password": password})
    seen = between(house, STAGING, PRODUCTION, WRITER)
    assert "hush" not in str(seen)
    assert "hush" not in str(between(house, STAGING, PRODUCTION))
