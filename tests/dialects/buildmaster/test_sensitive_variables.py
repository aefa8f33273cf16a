"""Sensitive variables of scopes: whatever clients send back of them, they neither come to light nor are lost."""

from collections.abc import Mapping

import pytest

from tests.dialects.matrix.callers import ADMIN
from tests.dialects.matrix.world import World, peopled
from tests.fakes.secrets import FakeSecrets
from tests.http.house import Answered

PATH = "/api/variables/global"
KEPT = {"value": "***", "sensitive": True, "evaluate": False}


@pytest.fixture
def world() -> World:
    world = peopled()
    world.done("PUT", PATH, {"Token": {"value": "hush-hush", "sensitive": True}})
    return world


def secrets(world: World) -> list[str]:
    """The values of all secrets that are kept."""
    assert isinstance(world.house.ports.secrets, FakeSecrets)
    return list(world.house.ports.secrets.kept.values())


def put(world: World, body: object, place: str = "") -> Answered:
    return world.ask("PUT", f"{PATH}{place}", body, by=ADMIN)


@pytest.mark.parametrize("said", [True, "true", "TRUE"])
def test_what_is_said_to_be_sensitive_is(world: World, said: object) -> None:
    assert put(world, {"Token": {"value": "another", "sensitive": said}}).status == 200

    assert (world.done("GET", PATH), secrets(world)) == ({"Token": KEPT}, ["another"])


@pytest.mark.parametrize("said", ["yes", 1, [], {}])
def test_where_it_is_unclear_nothing_is_kept(world: World, said: object) -> None:
    assert put(world, {"Other": {"value": "another", "sensitive": said}}).status == 400

    assert (world.done("GET", PATH), secrets(world)) == ({"Token": KEPT}, ["hush-hush"])


@pytest.mark.parametrize("body", [{"Token": KEPT}, {"TOKEN": KEPT}, {"token": "***"}])
def test_what_is_given_back_as_it_is_shown_stays(world: World, body: Mapping[str, object]) -> None:
    assert put(world, body).status == 200
    assert put(world, b"***", "/token").status == 200

    assert (list(world.done("GET", PATH).values()), secrets(world)) == ([KEPT], ["hush-hush"])


@pytest.mark.parametrize(("body", "place"), [({"Token": {"sensitive": True}}, ""), (b"", "/TOKEN")])
def test_one_without_a_value_is_refused_as_the_next_value_would_be_shown(
    world: World, body: object, place: str
) -> None:
    assert put(world, body, place).status == 400

    assert secrets(world) == ["hush-hush"]


def test_a_new_one_needs_its_value(world: World) -> None:
    assert put(world, {"Other": KEPT}).status == 400

    assert secrets(world) == ["hush-hush"]
