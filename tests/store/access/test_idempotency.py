"""The contract of keyed records, held by the fake and by the store."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from chalicelib.store.access.idempotency import StoredIdempotency
from chalicelib.store.dynamo.tables import Tables
from chalicelib.use_cases.ports.access import Idempotency
from tests.fakes.idempotency import FakeIdempotency
from tests.use_cases.access.access_ports import NOON, after


@pytest.fixture(params=["fake", pytest.param("store", marks=pytest.mark.cloud)])
def records(request: pytest.FixtureRequest) -> Idempotency:
    if request.param == "fake":
        return FakeIdempotency()
    tables = request.getfixturevalue("tables")
    return StoredIdempotency(tables=tables)


def test_a_claimed_key_answers_with_what_stands_there(records: Idempotency) -> None:
    assert records.claim("k", "first", now=NOON, until=after(60)) is None
    assert records.claim("k", "second", now=after(59), until=after(119)) == "first"
    assert records.claim("other", "second", now=NOON, until=after(60)) is None


def test_a_claim_that_has_run_out_is_taken_over(records: Idempotency) -> None:
    records.claim("k", "first", now=NOON, until=after(60))

    assert records.claim("k", "second", now=after(60), until=after(120)) is None

    records.finish("k", "first", "late answer", until=after(999))
    assert records.claim("k", "third", now=after(61), until=after(120)) == "second"


def test_a_finished_record_stands_until_its_own_end(records: Idempotency) -> None:
    records.claim("k", "first", now=NOON, until=after(60))
    records.finish("k", "first", "answer", until=after(999))

    assert records.claim("k", "second", now=after(998), until=after(1050)) == "answer"
    assert records.claim("k", "second", now=after(999), until=after(1050)) is None


def test_a_released_key_is_free_and_another_claim_is_not_released(records: Idempotency) -> None:
    records.claim("k", "first", now=NOON, until=after(60))
    records.release("k", "not mine")
    assert records.claim("k", "second", now=NOON, until=after(60)) == "first"

    records.release("k", "first")
    records.release("k", "first")

    assert records.claim("k", "second", now=NOON, until=after(60)) is None


def test_nothing_is_finished_that_was_not_claimed(records: Idempotency) -> None:
    records.finish("k", "first", "answer", until=after(60))

    assert records.claim("k", "second", now=NOON, until=after(60)) is None


@pytest.mark.cloud
def test_of_many_claims_at_once_one_wins(tables: Tables) -> None:
    records = StoredIdempotency(tables=tables)
    with ThreadPoolExecutor(8) as threads:
        claims = [threads.submit(records.claim, "k", f"{number}", now=NOON, until=after(60)) for number in range(24)]
        answers = [claim.result() for claim in claims]

    assert answers.count(None) == 1
    assert len({answer for answer in answers if answer is not None}) == 1


def test_a_record_is_found_until_it_expires_and_finding_claims_nothing(records: Idempotency) -> None:
    assert records.find("k", now=NOON) is None

    records.claim("k", "first", now=NOON, until=after(60))

    assert (records.find("k", now=after(59)), records.find("k", now=after(60))) == ("first", None)
