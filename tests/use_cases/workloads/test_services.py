"""Who reaches which service, by path."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import app
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Fault, Forbidden, Invalid, NotFound, Unavailable
from chalicelib.kernel.workloads.publishing import OWN_SEGMENTS, prefixes_of
from chalicelib.use_cases.workloads.deploy import deploy_workload
from chalicelib.use_cases.workloads.services import FindService, find_service
from slipway_formats.workloads.manifest import Manifest, Published, WorkloadKind
from tests.kernel.workloads.given import a_manifest, a_pod
from tests.use_cases.house import House
from tests.use_cases.workloads.given import a_command, a_house, leased, reported

READER = Principal(name="rea", roles=frozenset({role_in("web", Level.READ)}))
MEMBER = Principal(name="mem", groups=frozenset({"team-a"}))
WRITER = Principal(name="wri", roles=frozenset({role_in("web", Level.WRITE)}))
STRANGER = Principal(name="str", roles=frozenset({role_in("other", Level.OWNER)}))
READY = replace(a_pod(ready=True), address="http://127.0.0.1:5000")


def a_service(prefix: str = "/hello/", access: str = "", name: str = "hello", *, bypass: bool = False) -> Manifest:
    published = Published(prefix=prefix, access=access, bypass_auth=bypass)
    return replace(a_manifest(WorkloadKind.SERVICE, name), published=published)


@pytest.fixture
def house() -> House:
    return a_house()


def served(house: House, manifest: Manifest) -> None:
    deploy_workload(house.ports, a_command(manifest, seed=manifest.name * 4))
    house.work_off()
    reported(house, leased(house, f"nonce-of-{manifest.name}-service"), READY)


def found(house: House, path: str, by: Principal | None = WRITER) -> str:
    endpoint = find_service(house.ports, FindService(path=path, by=by))
    assert endpoint.addresses == ("http://127.0.0.1:5000",)
    return endpoint.published.prefix


@pytest.mark.parametrize("path", ["/hello/", "/hello/world", "/hello/a/b/c?x"])
def test_a_service_answers_below_its_prefix(house: House, path: str) -> None:
    served(house, a_service())

    assert found(house, path) == "/hello/"


@pytest.mark.parametrize("path", ["", "/", "/hello", "/helloworld/", "/other/hello/", "hello/"])
def test_it_answers_nowhere_else(house: House, path: str) -> None:
    served(house, a_service())

    with pytest.raises(NotFound):
        found(house, path)


def test_the_longest_prefix_counts(house: House) -> None:
    served(house, a_service())
    served(house, a_service("/hello/deep/", name="deep"))

    assert found(house, "/hello/deep/er") == "/hello/deep/"
    assert found(house, "/hello/deep") == "/hello/"


@pytest.mark.parametrize(
    ("access", "bypass", "by", "fault"),
    [
        ("", False, READER, None),
        ("", False, WRITER, None),
        ("", False, MEMBER, NotFound),
        ("", False, STRANGER, NotFound),
        ("", False, None, NotFound),
        ("team-a", False, MEMBER, None),
        ("team-a", False, WRITER, None),
        ("team-a", False, READER, Forbidden),
        ("team-a", False, STRANGER, NotFound),
        ("team-a", False, None, NotFound),
        ("team-a", True, None, None),
        ("", True, STRANGER, None),
    ],
)
def test_a_service_is_for_its_group_or_for_readers_of_its_project(
    house: House,
    access: str,
    bypass: bool,
    by: Principal | None,
    fault: type[Fault] | None,
) -> None:
    served(house, a_service(access=access, bypass=bypass))

    def ask() -> str:
        return found(house, "/hello/", by)

    if fault is None:
        assert ask() == "/hello/"
    else:
        refused(ask, fault)


def refused(ask: Callable[[], str], fault: type[Fault]) -> None:
    with pytest.raises(fault):
        ask()


def test_a_service_without_a_pod_that_is_ready_is_unavailable(house: House) -> None:
    deploy_workload(house.ports, a_command(a_service()))
    house.work_off()

    with pytest.raises(Unavailable, match="no pod that is ready"):
        found(house, "/hello/")


@pytest.mark.parametrize("prefix", ["/api/", "/v1/task/", "/API/v1/", "/apps/deploy-api/", "/a" * 11 + "/"])
def test_no_service_is_published_where_the_platform_is(house: House, prefix: str) -> None:
    with pytest.raises(Invalid, match=r"published\.prefix"):
        deploy_workload(house.ports, a_command(a_service(prefix)))


def test_every_path_of_the_platform_is_its_own() -> None:
    first = {row.path.split("/")[1].lower() for row in app.OPERATIONS} - {""}

    assert {segment for segment in first if not segment.startswith("{")} <= OWN_SEGMENTS


@given(st.text("/ab", max_size=30))
def test_prefixes_are_beginnings_of_the_path_the_longest_first(path: str) -> None:
    found = prefixes_of(path)

    assert all(("/" + path.partition("/")[2]).startswith(prefix) for prefix in found)
    assert sorted(found, key=len, reverse=True) == found
