"""Remote state: the three calls, as the real CLI makes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from slipway.client import Client, Manners
from slipway.perform.faults import StatesError
from slipway.perform.state import Node, Place
from slipway.states import HttpStates
from tests.slipway.http import Say, Web, say_json, web

PLACE = Place(project="web", environment="ci")
BASE = "/api/v1/state/web/environments/ci/"


@pytest.fixture
def place() -> Iterator[Web]:
    with web() as place:
        yield place


@pytest.fixture
def states(place: Web) -> Iterator[HttpStates]:
    with Client(place.address, "sw_token", Manners(patience=0)) as client:
        yield HttpStates(client)


def test_an_environment_is_loaded_in_full(place: Web, states: HttpStates) -> None:
    place.say(say_json({"name": "ci"}))

    assert states.load(PLACE) == {"name": "ci"}
    assert place.asked[0].target == f"{BASE}?full=true"


def test_a_deployment_is_put_under_its_root(place: Web, states: HttpStates) -> None:
    place.say(say_json({}))

    states.put(PLACE, Node(root="demo/rs", path="demo/rs:child", root_stage="build", state={"name": "child"}))

    assert (place.asked[0].method, place.asked[0].target) == ("PUT", f"{BASE}deployments/?deployment=demo%2Frs")
    assert place.asked[0].body == {"path": "demo/rs:child", "root_stage": "build", "state": {"name": "child"}}


def test_a_deployment_is_forgotten(place: Web, states: HttpStates) -> None:
    place.say(say_json({}))

    states.delete(PLACE, "demo/rs")

    assert (place.asked[0].method, place.asked[0].target) == ("DELETE", f"{BASE}deployments/?deployment=demo%2Frs")


def test_a_refusal_says_what_was_tried(place: Web, states: HttpStates) -> None:
    place.say(say_json({"message": "this token does not hold", "errors": []}, 401))

    with pytest.raises(StatesError, match="cannot load the state of web/ci: this token does not hold"):
        states.load(PLACE)


def test_an_answer_that_is_no_environment_is_refused(place: Web, states: HttpStates) -> None:
    place.say(Say())

    with pytest.raises(StatesError, match="it is no mapping"):
        states.load(PLACE)
