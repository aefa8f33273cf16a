"""Secrets of builds and repositories: whose they are, and who may put one over another."""

import pytest

from chalicelib.kernel.faults import Conflict
from chalicelib.use_cases.builds import BuildSettings, SaveBuild, add_build
from chalicelib.use_cases.repositories import SaveRepository, add_repository
from chalicelib.use_cases.write_audit import Origin
from tests.builders import NOON
from tests.use_cases.catalog_ports import WRITER, CatalogHouse

URL = "https://git.example.org/app.git"


def an_ask(letter: str) -> Origin:
    return Origin(by=WRITER, at=NOON, seed=letter * 26)


def a_build(letter: str, key: str) -> SaveBuild:
    settings = BuildSettings(repo=URL, private_key=key)
    return SaveBuild(origin=an_ask(letter), project="web", environment="staging", name="app", settings=settings)


def a_repository(letter: str, key: str) -> SaveRepository:
    return SaveRepository(
        origin=an_ask(letter), project="web", name="source", url=URL, private_key=key, password=f"{key} password"
    )


@pytest.fixture
def house() -> CatalogHouse:
    return CatalogHouse()


def kept(house: CatalogHouse, reference: str) -> str:
    return house.ports.secrets.get(reference)


def test_a_refused_build_leaves_the_secrets_of_the_one_that_is_there(house: CatalogHouse) -> None:
    build = add_build(house.ports, a_build("a", "mine"))
    with pytest.raises(Conflict, match="exists already"):
        add_build(house.ports, a_build("b", "another"))
    assert kept(house, build.private_key) == "mine"


def test_a_build_that_is_asked_for_again_is_the_same(house: CatalogHouse) -> None:
    build = add_build(house.ports, a_build("a", "mine"))
    assert add_build(house.ports, a_build("a", "mine")) == build


def test_a_repository_that_is_asked_for_again_is_the_same(house: CatalogHouse) -> None:
    repository = add_repository(house.ports, a_repository("a", "mine"))
    assert add_repository(house.ports, a_repository("a", "mine")) == repository


def test_a_refused_repository_leaves_the_secrets_of_the_one_that_is_there(house: CatalogHouse) -> None:
    repository = add_repository(house.ports, a_repository("a", "mine"))
    with pytest.raises(Conflict, match="exists already"):
        add_repository(house.ports, a_repository("b", "another"))
    assert kept(house, repository.private_key) == "mine"
    assert kept(house, repository.password) == "mine password"
