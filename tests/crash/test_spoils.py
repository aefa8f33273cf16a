"""Which failures of which calls are worth a story: every one that can leave something of its own."""

import pytest

from chalicelib.aws.calls import AwsRequest
from tests.crash.spoils import FOR_GOOD, SPOILS, spoils_of, throttled, worth_spoiling
from tests.store.faulted import dies_after, dies_before, lost_reply, sent_twice

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
    assert set(spoils_of(2, ask, tells_others=True)) == {dies_before, dies_after, lost_reply, sent_twice, *FOR_GOOD}


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
