"""What the walks share: one peaceful platform, and the stories of what is killed, which run beside the other walks."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.walks.executors import EXECUTORS, site_in
from tests.walks.gated_kills import gated_killed
from tests.walks.kills import all_killed, server_killed, stand_in_killed, supervisor_killed
from tests.walks.lost_runner import lost_runner
from tests.walks.removed import removed
from tests.walks.site import Site
from tests.walks.stopped import stopped as stopped_amid_work
from tests.walks.unbegun import unbegun
from tests.walks.workloads import fired

Stories = Mapping[str, Future[Any]]

MOST_PLATFORMS = 2
"""At once, besides the shared one: each is four processes, and what is told of them is how soon they heal."""


@pytest.fixture(scope="package")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A platform that many walks share, each with a project of its own."""
    made = Site(folder=tmp_path_factory.mktemp("walks"))
    made.up()
    yield made
    made.end()


@pytest.fixture(scope="package")
def in_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A platform whose workloads run in a cluster."""
    with site_in(tmp_path_factory.mktemp("in-cluster"), "kubernetes") as made:
        yield made


@pytest.fixture(scope="package", params=EXECUTORS)
def executor(request: pytest.FixtureRequest) -> str:
    """Each executor of workloads."""
    return str(request.param)


@pytest.fixture(scope="package")
def workplace(request: pytest.FixtureRequest, executor: str) -> Site:
    """The platforms on which workloads run, one by each executor."""
    found: Site = request.getfixturevalue("site" if executor == "process" else "in_cluster")
    return found


@pytest.fixture(scope="package")
def scheduled(executor: str, workplace: Site, stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a cronjob, which in a cluster is told when it is asked for."""
    return stories["scheduled"].result() if executor == "process" else fired(workplace)


@pytest.fixture(scope="package", autouse=True)
def stories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stories]:
    """The stories that tests of this session ask for, begun before its first walk."""
    asked = {word for item in request.session.items for word in _asked(item)}
    with ThreadPoolExecutor(len(BESIDE)) as beside, ThreadPoolExecutor(MOST_PLATFORMS) as apart:
        begun: dict[str, Future[Any]] = {}
        for name, tell in BESIDE.items():
            if name in asked:
                begun[name] = beside.submit(tell, request.getfixturevalue("site"))
        for name, tell in SHAKEN.items():
            if name in asked:
                begun[name] = apart.submit(_told, tmp_path_factory.mktemp(name), tell)
        yield begun


def _asked(item: pytest.Item) -> Iterable[str]:
    """The stories, and more, that a test asks for of the shared platform."""
    of = getattr(getattr(item, "callspec", None), "params", {})
    return () if of.get("executor") == "kubernetes" else getattr(item, "fixturenames", ())


def _told(folder: Path, tell: Callable[[Site], Any]) -> Any:  # noqa: ANN401 - whatever the story is about
    """What a story tells of a platform of its own."""
    site = Site(folder=folder)
    try:
        site.up()
        return tell(site)
    finally:
        site.end()


def _killed_one_by_one(site: Site) -> tuple[object, object]:
    return supervisor_killed(site), all_killed(site)


BESIDE: Mapping[str, Callable[[Site], Any]] = {
    "lost": lost_runner,
    "vanished": unbegun,
    "scheduled": fired,
    "removal": removed,
    "stopped": stopped_amid_work,
}
SHAKEN: Mapping[str, Callable[[Site], Any]] = {
    "killed_server": server_killed,
    "killed_stand_in": stand_in_killed,
    "killed_supervisor": _killed_one_by_one,
    "killed_gated": gated_killed,
}


@pytest.fixture(scope="package")
def lost(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a lost runner."""
    return stories["lost"].result()


@pytest.fixture(scope="package")
def vanished(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a runner that vanished before it began."""
    return stories["vanished"].result()


@pytest.fixture(scope="package")
def removal(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a project that is removed."""
    return stories["removal"].result()


@pytest.fixture(scope="package")
def stopped(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of runs that are told to stop."""
    return stories["stopped"].result()


@pytest.fixture(scope="package")
def killed_server(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a killed server."""
    return stories["killed_server"].result()


@pytest.fixture(scope="package")
def killed_stand_in(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of a killed stand-in."""
    return stories["killed_stand_in"].result()


@pytest.fixture(scope="package")
def killed_supervisor(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The stories of a killed supervisor, and of everything killed at once."""
    return stories["killed_supervisor"].result()


@pytest.fixture(scope="package")
def killed_gated(stories: Stories) -> Any:  # noqa: ANN401 - as the story says
    """The story of kills amid a travel through gates."""
    return stories["killed_gated"].result()
