"""Which failures of which calls are worth a story: every one that can leave something of its own."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from chalicelib.aws.calls import Answer, Aws, AwsRequest, Clock, Refused
from chalicelib.aws.endpoint import endpoint_from
from tests.crash.near import ADDRESS
from tests.crash.spoils import SPOILS, Spoil, Struck, spoils_of, throttled, worth_spoiling
from tests.store.faulted import dies_before, lost_reply, sent_twice

READ = AwsRequest(service="dynamodb", operation="GetItem", arguments={})
WRITE = AwsRequest(service="dynamodb", operation="PutItem", arguments={})


def of_shard(kind: str, shard: int) -> AwsRequest:
    values = {":0": {"S": f"{kind}#{shard:02d}"}, ":1": {"N": "1"}}
    asked = {"IndexName": "by_due", "ExpressionAttributeValues": values}
    return AwsRequest(service="dynamodb", operation="Query", arguments=asked)


def test_a_write_fails_in_every_way_that_the_call_before_it_does_not_tell() -> None:
    assert set(spoils_of(2, WRITE, tells_others=False)) == set(SPOILS) - {dies_before}


def test_a_read_leaves_nothing_so_it_fails_for_good_in_one_way_alone() -> None:
    assert spoils_of(2, READ, tells_others=False) == (throttled,)


@pytest.mark.parametrize("ask", [READ, WRITE])
def test_before_the_first_call_one_may_die_too(ask: AwsRequest) -> None:
    assert dies_before in spoils_of(1, ask, tells_others=False)


@pytest.mark.parametrize("ask", [READ, WRITE])
def test_between_two_calls_others_may_hear_of_it_so_all_ways_are_told(ask: AwsRequest) -> None:
    assert set(spoils_of(2, ask, tells_others=True)) == set(SPOILS)


def test_of_shards_without_anything_in_them_three_of_each_kind_are_spoilt() -> None:
    asked = [WRITE, *(of_shard(kind, shard) for shard in range(16) for kind in ("run", "job")), WRITE]

    kept = dict(worth_spoiling(asked))

    assert [number for number, ask in kept.items() if ask is WRITE] == [1, 34]
    assert [number for number, ask in kept.items() if ask is not WRITE] == [2, 3, 18, 19, 32, 33]


def test_a_shard_in_which_something_was_found_is_spoilt_as_well() -> None:
    asked = [
        *(of_shard("run", shard) for shard in range(6)),
        WRITE,
        *(of_shard("run", shard) for shard in range(6, 16)),
    ]

    assert {6, 7} <= set(dict(worth_spoiling(asked)))


def test_other_calls_are_each_spoilt_however_alike() -> None:
    assert list(worth_spoiling([READ, READ, WRITE])) == [(1, READ), (2, READ), (3, WRITE)]


def answered(spoil: Spoil, answers: Sequence[Answer | Refused]) -> tuple[object, int]:
    """What one sees whose call is spoilt and answered like this, and how often it arrived."""
    arrived: list[AwsRequest] = []

    def send(ask: AwsRequest) -> Answer:
        arrived.append(ask)
        answer = answers[len(arrived) - 1]
        if isinstance(answer, Refused):
            raise answer
        return answer

    struck = Struck(number=1, spoil=spoil)
    clock = Clock(now=lambda: datetime.now(UTC), sleep=lambda _: None, dice=lambda: 0.0)
    endpoint = endpoint_from({"AWS_ENDPOINT_URL": ADDRESS})
    aws = Aws(endpoint=endpoint, clock=clock, interceptor=lambda ask, _: struck(ask, send))
    try:
        return aws.call("dynamodb", "PutItem", {}), len(arrived)
    except Refused as error:
        return error, len(arrived)


@pytest.mark.parametrize("second", [{"n": 2}, Refused("ConditionalCheckFailedException", "it is there", {})])
def test_a_call_whose_reply_is_lost_once_is_one_that_arrives_twice(second: Answer | Refused) -> None:
    answers = [{"n": 1}, second]

    assert answered(lost_reply, answers) == answered(sent_twice, answers) == (second, 2)
