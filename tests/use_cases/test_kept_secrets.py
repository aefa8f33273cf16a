"""Secrets of builds and repositories: whose they are, and who may put one over another."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.kernel.definitions.definition import BuildSettings
from chalicelib.kernel.faults import Conflict
from chalicelib.kernel.projects.project import Repository
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.builds import (
    BuildNamed,
    SaveBuild,
    create_build,
    remove_build,
    update_build,
)
from chalicelib.use_cases.projects.repositories import SaveRepository, create_repository, update_repository
from tests.builders import NOON
from tests.fakes.secrets import FakeSecrets
from tests.use_cases.catalog_ports import WRITER, CatalogHouse

URL = "https://git.example.org/app.git"


def an_ask(letter: str) -> Origin:
    return Origin(by=WRITER, at=NOON, seed=letter * 26)


def a_build(letter: str, key: str) -> SaveBuild:
    place: dict[str, Any] = {"project": "web", "environment": "staging", "name": "app"}
    return SaveBuild(origin=an_ask(letter), **place, settings=BuildSettings(repo=URL), private_key=key)


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
    build = create_build(house.ports, a_build("a", "mine"))
    with pytest.raises(Conflict, match="exists already"):
        create_build(house.ports, a_build("b", "another"))
    assert kept(house, build.private_key) == "mine"


def test_a_build_that_is_asked_for_again_is_the_same(house: CatalogHouse) -> None:
    build = create_build(house.ports, a_build("a", "mine"))
    assert create_build(house.ports, a_build("a", "mine")) == build


def test_a_repository_that_is_asked_for_again_is_the_same(house: CatalogHouse) -> None:
    repository = create_repository(house.ports, a_repository("a", "mine"))
    assert create_repository(house.ports, a_repository("a", "mine")) == repository


def test_a_refused_repository_leaves_the_secrets_of_the_one_that_is_there(house: CatalogHouse) -> None:
    repository = create_repository(house.ports, a_repository("a", "mine"))
    with pytest.raises(Conflict, match="exists already"):
        create_repository(house.ports, a_repository("b", "another"))
    assert kept(house, repository.private_key) == "mine"
    assert kept(house, repository.password) == "mine password"


def a_changed_build(house: CatalogHouse, **secrets: Any) -> list[str]:  # noqa: ANN401 - fields of the settings
    """All secrets that are kept after a build with two was changed so."""
    made = a_build("a", "mine")
    create_build(house.ports, replace(made, escape_auth_token="token"))
    said = {"private_key": None, "escape_auth_token": None, **secrets}
    update_build(house.ports, replace(made, origin=an_ask("b"), **said))
    return all_kept(house)


def test_a_build_keeps_the_secrets_that_a_change_does_not_speak_of(house: CatalogHouse) -> None:
    assert a_changed_build(house) == ["mine", "token"]


def test_a_secret_of_a_build_that_is_replaced_is_kept_no_more(house: CatalogHouse) -> None:
    assert a_changed_build(house, private_key="another") == ["another", "token"]


def test_a_secret_of_a_build_that_is_cleared_is_kept_no_more(house: CatalogHouse) -> None:
    assert a_changed_build(house, private_key="") == ["token"]


def test_no_secret_outlives_its_build(house: CatalogHouse) -> None:
    a_changed_build(house, private_key="", escape_auth_token="another token")
    remove_build(house.ports, BuildNamed(origin=an_ask("c"), project="web", environment="staging", name="app"))
    assert not all_kept(house)


def all_kept(house: CatalogHouse) -> list[str]:
    secrets = house.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    return sorted(secrets.kept.values())


def changed(house: CatalogHouse, **more: Any) -> Repository:  # noqa: ANN401 - fields of the ask
    """The repository, made with a password in its address and changed."""
    first = SaveRepository(
        origin=an_ask("a"), project="web", name="source", url="https://ann:word@git.example.org/app.git"
    )
    create_repository(house.ports, first)
    fields = {"url": URL, "username": "ann", **more}
    return update_repository(house.ports, SaveRepository(origin=an_ask("b"), project="web", name="source", **fields))


def test_a_password_in_an_address_is_kept_apart_as_a_secret(house: CatalogHouse) -> None:
    url = "https://ann:word@git.example.org/app.git"
    made = create_repository(house.ports, SaveRepository(origin=an_ask("a"), project="web", name="source", url=url))
    assert (made.url, made.username) == (URL, "ann")
    assert kept(house, made.password) == "word"


def test_a_password_that_is_left_out_stays_for_the_same_host_and_user(house: CatalogHouse) -> None:
    assert kept(house, changed(house, url="https://git.example.org/another.git").password) == "word"


@pytest.mark.parametrize(
    "change",
    [{"url": "https://elsewhere.example.org/app.git"}, {"url": "http://git.example.org/app.git"}, {"username": "eve"}],
)
def test_a_password_goes_to_no_other_host_and_no_other_user(house: CatalogHouse, change: dict[str, str]) -> None:
    assert changed(house, **change).password == ""
    assert not passwords(house)


def test_an_empty_password_forgets_the_one_that_was_kept(house: CatalogHouse) -> None:
    assert changed(house, password="").password == ""
    assert not passwords(house)


def passwords(house: CatalogHouse) -> list[str]:
    secrets = house.ports.secrets
    assert isinstance(secrets, FakeSecrets)
    return [name for name in secrets.kept if name.endswith("password")]


def test_no_ask_about_a_repository_shows_its_secrets_in_a_text() -> None:
    assert "word" not in repr(a_repository("a", "pass word"))
