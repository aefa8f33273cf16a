"""What clients of 0.1 asked for is known: asks under their keys, uploads, tickets, removals and passwords."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.functions import live
from chalicelib.store.feed.keys import FEED
from tests.upgrade.place import TABLES, Place
from tests.upgrade.test_reading import fetched

UNIT = "/api/v1/inventory/demo/units/app"
RUN_OUT = 61
"""Seconds after which nobody waits for an ask any more that was begun and not done."""


def repeated(place: Place, one: Mapping[str, Any]) -> tuple[int, str]:
    """What the same ask under the same key answers."""
    answered = place.ask(one["method"], one["path"], one["body"], by=one["as"], headers={"Idempotency-Key": one["key"]})
    return answered.status, answered.text


def all_keys(place: Place) -> dict[str, set[tuple[str, str]]]:
    """The keys of all that there is, by table, but for numbers that the feed gives in vain."""
    return {table: {key for key in place.item_keys(table) if not key[0].startswith(FEED)} for table in TABLES}


@pytest.mark.parametrize(("what", "pause"), [("done", 0), ("begun", RUN_OUT)])
def test_a_repeated_ask_is_answered_as_before_and_makes_nothing_new(
    place: Place, held: Mapping[str, Any], what: str, pause: int
) -> None:
    asks = [one for one in held["keyed"] if one["what"] == what]
    before = all_keys(place)
    place.world.move(timedelta(seconds=pause))

    answers = {one["key"]: repeated(place, one) for one in asks}

    assert answers == {one["key"]: (one["status"], one["answer"]) for one in asks}
    assert all_keys(place) == before


def test_an_ask_under_way_is_waited_for(place: Place, held: Mapping[str, Any]) -> None:
    begun = [one for one in held["keyed"] if one["what"] == "begun"]

    assert {repeated(place, one)[0] for one in begun} == {409}


def test_a_secret_is_shown_once(place: Place, held: Mapping[str, Any]) -> None:
    secret = [one for one in held["keyed"] if one["what"] == "secret"]

    assert [repeated(place, one)[0] for one in secret] == [409, 409]


def test_a_key_of_another_day_is_not_taken_for_todays(place: Place) -> None:
    tag, key = {"release_id": "demo/app-v1.0", "tag": "keyed"}, {"Idempotency-Key": "of another day"}

    assert place.ask("POST", f"{UNIT}/tags/", tag, by="olga", headers=key).status == 409


def test_an_upload_in_parts_that_was_not_recorded_is_finished(place: Place, held: Mapping[str, Any]) -> None:
    upload = held["upload in parts"]
    place.done("POST", upload["path"], upload["body"], by="olga")

    assert fetched(place, upload["download"]) == upload["content"]


def test_a_yanked_release_is_taken_into_use_again(place: Place) -> None:
    before = place.done("GET", f"{UNIT}/versions/v1.@/", by="olga")["version"]
    place.done("DELETE", f"{UNIT}/versions/v1.2/yank", by="olga")
    place.done("POST", f"{UNIT}/versions/v1.10/yank", {"reason": "it leaks too"}, by="olga")

    after = place.done("GET", f"{UNIT}/versions/v1.@/", by="olga")["version"]

    assert (before, after) == ("1.10", "1.2")


def test_versions_go_on_where_they_were(place: Place) -> None:
    following = place.done("GET", f"{UNIT}/next-version?prefix=3.", by="olga")
    body = {"name": "app", "version": "3.2", "project": "demo"}
    place.done("POST", "/api/v1/inventory/demo/register", body, by="olga")

    versions = place.done("GET", f"{UNIT}/versions/", by="olga")

    assert following == "3.2"
    assert versions[:3] == ["3.2", "3.1", "3.0"]


def test_a_ticket_lets_one_viewer_in(place: Place, held: Mapping[str, Any]) -> None:
    answers = [live.answer(place.ports, connecting(name, held["ticket"]))["statusCode"] for name in ("first", "second")]

    assert answers == [200, 401]


def connecting(connection: str, ticket: str) -> dict[str, Any]:
    """What API Gateway says of somebody who comes with a ticket."""
    context = {"routeKey": "$connect", "connectionId": connection, "requestId": "request-1"}
    return {"requestContext": context, "queryStringParameters": {"ticket": ticket}}


@pytest.mark.parametrize(
    ("path", "table", "named"),
    [
        ("/api/v1/state/leaving/?hard=true", "projects", "project#leaving"),
        ("/api/v1/state/web/environments/leaving/?hard=true", "projects", "state#web#leaving"),
        ("/api/v1/inventory/emptied/hard-delete", "inventory", "emptied"),
    ],
)
def test_a_removal_that_broke_off_goes_on(place: Place, path: str, table: str, named: str) -> None:
    def left() -> list[str]:
        return [pk for pk, _ in place.item_keys(table) if named in pk]

    before = len(left())
    place.done("DELETE", path, by="olga")

    assert before > 0
    assert left() == []


def test_passwords_and_guesses_are_remembered(place: Place) -> None:
    def login(name: str, password: str) -> int:
        body = {"email": f"{name}@example.org", "password": password}
        return place.ask("POST", "/api/v1/auth/email/login", body).status

    assert login("walt", "correct horse battery") == 200
    assert login("mallory", "wrong wrong wrong") == 429
