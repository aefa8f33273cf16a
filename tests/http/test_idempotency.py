"""A POST with an Idempotency-Key is done once."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from chalicelib.http.answers.idempotency import LARGEST_KEPT
from chalicelib.http.operation import Flag, Group, Handling, Operation, Schema
from chalicelib.http.permission import AUTHENTICATED
from chalicelib.http.reply import Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Conflict, Stale, Throttled, Unavailable
from tests.fakes.idempotency import FakeIdempotency
from tests.http.house import STATE, Answered, House, Site

PATH = "/api/v1/things"
THINGS = Group(STATE, "Things")
MADE = Schema(status=201)


@dataclass(frozen=True)
class Make:
    seed: str
    what: object


def read(request: Request) -> Make:
    return Make(request.seed, request.json())


def make(house: House, ask: Make) -> str:
    house.done.append(ask.seed)
    match ask.what:
        case "conflict":
            raise Conflict(f"refused {len(house.done)} times")
        case "throttled":
            raise Throttled("a moment")
        case "unavailable":
            raise Unavailable("a moment")
        case "stale":
            raise Stale("changing too fast")
        case "bug":
            raise RuntimeError("a bug")
        case _:
            return f"thing {len(house.done)}"


def show(name: str) -> Reply:
    return json_reply({"made": name})


def rows(*, flags: frozenset[Flag] = frozenset(), method: str = "POST") -> list[Operation]:
    return [
        THINGS.operation(
            f"{method} {PATH}",
            "Make a thing.",
            AUTHENTICATED,
            Handling(read, make, show),
            schema=MADE,
            flags=flags,
        )
    ]


def post(site: Site, what: object = "x", *, key: str = "k1", token: str = "t-admin", method: str = "POST") -> Answered:  # noqa: S107 - of a house of cards
    return site.ask(method, PATH, what, token=token, headers={"Idempotency-Key": key} if key else {})


def test_the_same_key_and_body_is_the_same_answer() -> None:
    site = Site(rows())

    first, again = post(site), post(site)

    assert (first.status, first.json) == (again.status, again.json) == (201, {"made": "thing 1"})
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Content-Type"] == "application/json"


def test_without_a_key_it_is_done_twice() -> None:
    site = Site(rows())

    assert post(site, key="").json != post(site, key="").json


def test_the_same_key_with_another_body_is_422() -> None:
    site = Site(rows())
    post(site, "x")

    assert post(site, "y").status == 422
    assert len(site.house.done) == 1


def test_a_key_belongs_to_its_owner() -> None:
    site = Site(rows())

    assert post(site).json != post(site, token="t-reader").json


def test_a_key_of_a_user_is_not_that_of_an_account_of_the_same_name() -> None:
    site = Site(rows())

    assert post(site, token="t-reader").json != post(site, token="t-account").json
    assert len(set(site.house.done)) == 2


def test_an_answer_is_kept_for_a_day() -> None:
    site = Site(rows())
    post(site)

    site.house.pass_time(timedelta(hours=24, seconds=-1))
    assert post(site).json == {"made": "thing 1"}
    site.house.pass_time(timedelta(seconds=1))
    assert post(site).json == {"made": "thing 2"}


def test_a_refusal_for_good_is_kept_too() -> None:
    site = Site(rows())

    assert post(site, "conflict").json == post(site, "conflict").json
    assert post(site, "conflict").status == 409


@pytest.mark.parametrize("what", ["throttled", "unavailable", "stale", "bug"])
def test_what_may_go_better_is_tried_again_under_the_same_seed(what: str) -> None:
    site = Site(rows())

    first, again = post(site, what), post(site, what)

    assert first.status == again.status
    assert len(site.house.done) == 2
    assert len(set(site.house.done)) == 1


def test_an_answer_that_may_be_better_another_time_is_not_kept() -> None:
    statuses = [503, 201]

    def reply(name: str) -> Reply:
        return replace(json_reply({"made": name}), status=statuses.pop(0))

    row = THINGS.operation(f"POST {PATH}", "Make.", AUTHENTICATED, Handling(read, make, reply), schema=MADE)
    site = Site([row])

    assert [post(site).status for _ in range(3)] == [503, 201, 201]
    assert len(site.house.done) == 2


def test_a_retry_during_the_first_ask_is_409_for_60_seconds_at_most() -> None:
    site = Site(rows())
    during: list[int] = []

    def slow(house: House, ask: Make) -> str:
        if not during:
            during.append(post(inner).status)
            house.pass_time(timedelta(seconds=60))
            during.append(post(inner).status)
        return make(house, ask)

    slow_row = THINGS.operation(f"POST {PATH}", "Make.", AUTHENTICATED, Handling(read, slow, show), schema=MADE)
    inner = Site([slow_row], site.house)

    outer = post(inner)

    assert during == [409, 201]
    assert outer.status == 201
    assert post(inner).json == {"made": "thing 1"}


@pytest.mark.parametrize("large", [False, True])
def test_an_answer_with_a_secret_or_too_large_is_not_kept(large: bool) -> None:
    def verb(house: House, ask: Make) -> bytes:
        house.done.append(ask.seed)
        return b"s3cret" * (LARGEST_KEPT if large else 1)

    def reply(content: bytes) -> Reply:
        return Reply(headers={"Content-Type": "application/octet-stream"}, body=content)

    flags = frozenset() if large else frozenset({Flag.SECRET_ANSWER})
    secret = THINGS.operation(
        f"POST {PATH}", "Make.", AUTHENTICATED, Handling(read, verb, reply), schema=MADE, flags=flags
    )
    site = Site([secret])

    first, again = post(site), post(site)

    assert (first.status, again.status) == (201, 409)
    assert "was not kept" in again.json["message"]
    assert "s3cret" not in repr(site.house.records)
    assert len(site.house.done) == 1


def test_bytes_and_several_headers_come_back_as_they_were() -> None:
    def reply(_: str) -> Reply:
        return Reply(headers={"Content-Type": "image/png", "Set-Cookie": ("a=1", "b=2")}, body=b"\x00\xff")

    row = THINGS.operation(f"POST {PATH}", "Make.", AUTHENTICATED, Handling(read, make, reply), schema=MADE)
    site = Site([row])

    first, again = post(site), post(site)

    assert first.content == again.content == b"\x00\xff"
    assert first.several == again.several == {"Set-Cookie": ["a=1", "b=2"]}


def test_other_methods_pay_no_heed_to_the_key() -> None:
    site = Site(rows(method="PUT"))

    assert post(site, method="PUT").json != post(site, method="PUT").json


@pytest.mark.parametrize("key", ["x" * 256, "a\x00b"])
def test_a_key_that_can_be_none_is_refused(key: str) -> None:
    assert post(Site(rows()), key=key).status == 400


@dataclass
class Forgetful(FakeIdempotency):
    asked: list[str] = field(default_factory=list)

    def finish(self, key: str, claimed: str, record: str, *, until: datetime) -> None:
        self.asked.append(f"{key} {claimed} {record} {until}")
        raise Throttled("no room")


def test_a_store_that_cannot_keep_the_answer_does_not_spoil_it() -> None:
    assert post(Site(rows(), House(records=Forgetful()))).status == 201
