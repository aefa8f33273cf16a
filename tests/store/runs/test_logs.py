"""The contract of the port Logs: the fake and the store keep it alike."""

import contextlib
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from chalicelib.aws.calls import Aws
from chalicelib.kernel.faults import Conflict
from chalicelib.store.dynamo.expressions import Key
from chalicelib.store.dynamo.packing import packed_json
from chalicelib.store.dynamo.tables import Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.log_archive import LogArchive
from chalicelib.store.runs.log_batches import plain_chunks
from chalicelib.store.runs.logs import CHUNKS_LAST_SECONDS, StoredLogs
from chalicelib.use_cases.ports.logs import Chunk, Length, Logs, Words
from infra import resources
from tests.bench.meter import Meter
from tests.builders import NOON, later
from tests.fakes.logs import FakeLogs
from tests.fakes.world import Identifiers

LOG = "run1.1.s1.1"


@pytest.fixture
def stored(aws: Aws, tables: Tables, prefix: str) -> StoredLogs:
    resources.create_bucket(aws, prefix)
    return StoredLogs(tables, LogArchive(aws, prefix + resources.BUCKET), Identifiers("log"))


@pytest.fixture(params=["fake", "store"])
def logs(request: pytest.FixtureRequest) -> Logs:
    if request.param == "fake":
        return FakeLogs()
    found: Logs = request.getfixturevalue("stored")
    return found


def words(ask: str, *texts: str) -> Words:
    return Words(ask=ask, at=NOON, said=tuple(("note", text) for text in texts))


def chunks(first: int, last: int, text: str = "line") -> tuple[Chunk, ...]:
    return tuple(Chunk(seq=seq, at=later(seq), stream="out", text=f"{text} {seq}\n") for seq in range(first, last + 1))


def test_a_log_that_nobody_wrote_is_empty(logs: Logs) -> None:
    assert logs.head(LOG) == 0
    assert list(logs.read(LOG, 0)) == []
    logs.seal(LOG)
    assert list(logs.read(LOG, 0)) == []


def test_appending_nothing_tells_how_long_the_log_is(logs: Logs) -> None:
    assert logs.append(LOG, 0, ()) == 0
    logs.append(LOG, 0, chunks(1, 3))
    assert logs.append(LOG, 0, ()) == 3


def test_what_was_appended_is_read_in_order_from_anywhere(logs: Logs) -> None:
    assert logs.append(LOG, 0, chunks(1, 3)) == 3
    assert logs.append(LOG, 3, chunks(4, 10)) == 10
    assert logs.head(LOG) == 10
    for after in range(11):
        assert list(logs.read(LOG, after)) == list(chunks(after + 1, 10))
    assert list(logs.read(LOG, 2, 3)) == list(chunks(3, 5))


def test_text_of_any_kind_is_kept(logs: Logs) -> None:
    text = 'tab\there, \u2028 null \x00, high \U0001f680, quote ", \x1b[31mred\r\n'
    logs.append(LOG, 0, (Chunk(seq=1, at=NOON, stream="err", text=text),))
    assert logs.read(LOG, 0)[0].text == text
    logs.seal(LOG)
    assert logs.read(LOG, 0)[0].text == text


def test_appending_the_same_again_changes_nothing(logs: Logs) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    logs.append(LOG, 3, chunks(4, 5))
    assert logs.append(LOG, 0, chunks(1, 3)) == 5
    assert list(logs.read(LOG, 0)) == list(chunks(1, 5))


def test_of_more_than_was_appended_before_the_rest_is_appended(logs: Logs) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    assert logs.append(LOG, 1, chunks(2, 6)) == 6
    assert list(logs.read(LOG, 0)) == list(chunks(1, 6))


@pytest.mark.parametrize(
    ("after", "written"),
    [(1, chunks(2, 3, "other")), (4, chunks(5, 6)), (0, chunks(2, 3)), (3, (chunks(4, 4)[0], chunks(4, 4)[0]))],
    ids=["other words", "a gap before", "wrong numbers", "numbers twice"],
)
def test_what_does_not_follow_the_head_is_refused(logs: Logs, after: int, written: tuple[Chunk, ...]) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    with pytest.raises(Conflict):
        logs.append(LOG, after, written)
    assert list(logs.read(LOG, 0)) == list(chunks(1, 3))


def test_a_word_is_added_wherever_the_head_is(logs: Logs) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    assert logs.add(LOG, words("ask", "the runner", "was lost")) == 5
    assert [(chunk.seq, chunk.text) for chunk in logs.read(LOG, 3)] == [(4, "the runner"), (5, "was lost")]


def test_an_ask_adds_its_words_once_also_when_the_log_is_sealed_by_then(logs: Logs) -> None:
    assert logs.add(LOG, words("ask", "once")) == 1
    logs.append(LOG, 1, chunks(2, 2))
    assert logs.add(LOG, words("ask", "once")) == 1
    logs.seal(LOG)
    assert logs.add(LOG, words("ask", "once")) == 1
    assert [chunk.text for chunk in logs.read(LOG, 0)] == ["once", "line 2\n"]


def test_two_writers_lose_no_chunk(logs: Logs) -> None:
    def write(name: str) -> None:
        sent = 0
        while sent < 1000:
            head = logs.head(LOG)
            batch = tuple(
                Chunk(seq=head + place, at=NOON, stream="out", text=f"{name} {sent + place}") for place in range(1, 21)
            )
            try:
                logs.append(LOG, head, batch)
            except Conflict:
                continue
            sent += 20

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, ("a", "b")))
    read = logs.read(LOG, 0, 5000)
    assert [chunk.seq for chunk in read] == list(range(1, 2001))
    for name in ("a", "b"):
        mine = [chunk.text for chunk in read if chunk.text.startswith(name)]
        assert mine == [f"{name} {number}" for number in range(1, 1001)]


def test_equal_words_of_two_writers_are_both_kept(logs: Logs) -> None:
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda number: logs.add(LOG, words(f"ask{number}", "tick")), range(40)))
    assert [chunk.text for chunk in logs.read(LOG, 0)] == ["tick"] * 40


def test_a_reader_never_sees_a_chunk_before_the_one_before_it(logs: Logs) -> None:
    done = Event()

    def read() -> list[int]:
        seen: list[int] = []
        while not done.is_set() or len(seen) < 100:
            seen += [chunk.seq for chunk in logs.read(LOG, len(seen), 7)]
        return seen

    with ThreadPoolExecutor(2) as threads:
        reader = threads.submit(read)
        for number in range(100):
            logs.append(LOG, number, chunks(number + 1, number + 1))
        done.set()
        assert reader.result(timeout=20) == list(range(1, 101))


def test_a_sealed_log_reads_as_before_and_takes_no_more(logs: Logs) -> None:
    logs.append(LOG, 0, chunks(1, 30))
    for _ in range(2):
        logs.seal(LOG)
    assert list(logs.read(LOG, 0)) == list(chunks(1, 30))
    assert logs.head(LOG) == 30
    assert logs.append(LOG, 20, chunks(21, 30)) == 30
    with pytest.raises(Conflict):
        logs.append(LOG, 30, chunks(31, 31))
    with pytest.raises(Conflict):
        logs.add(LOG, words("ask", "late"))


def test_a_sealed_log_outlives_its_chunks(stored: StoredLogs, tables: Tables) -> None:
    stored.append(LOG, 0, chunks(1, 3))
    stored.append(LOG, 3, chunks(4, 30))
    stored.seal(LOG)
    table = tables.of("logs")
    for first, last in ((1, 3), (4, 30)):
        key = Key(f"log#{LOG}", f"seq#{first:09d}+")
        item = table.get(key)
        assert item is not None
        assert item["expires_at"] == int(later(last).timestamp()) + CHUNKS_LAST_SECONDS
        table.delete(key)
        # One batch may expire before the other.
        assert list(stored.read(LOG, 0)) == list(chunks(1, 30))
        assert list(stored.read(LOG, 20, 5)) == list(chunks(21, 25))
    assert list(stored.read(LOG, 30)) == []


def test_a_chunk_of_many_bytes_and_many_such_chunks_are_kept(stored: StoredLogs) -> None:
    text = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(30_000))
    big = tuple(Chunk(seq=seq, at=NOON, stream="out", text=text) for seq in range(1, 13))
    stored.append(LOG, 0, big)
    assert list(stored.read(LOG, 0)) == list(big)
    stored.seal(LOG)
    assert list(stored.read(LOG, 11)) == [big[11]]


@pytest.fixture
def older(stored: StoredLogs, tables: Tables) -> StoredLogs:
    """A log as 0.1 left it: batches by their last chunk, and a head."""
    table = tables.of("logs")
    for first, last in ((1, 3), (4, 5)):
        table.put(
            {
                "pk": f"log#{LOG}",
                "sk": f"seq#{last:09d}",
                "chunks": packed_json(plain_chunks(chunks(first, last))),
                "expires_at": 2_000_000_000,
            }
        )
    table.put({"pk": f"log#{LOG}", "sk": "head", "head": 5})
    return stored


def test_a_log_that_an_older_version_began_goes_on(older: StoredLogs) -> None:
    assert older.head(LOG) == 5
    assert older.append(LOG, 3, chunks(4, 5)) == 5, "said before"
    with pytest.raises(Conflict):
        older.append(LOG, 0, chunks(1, 1, "other"))
    assert older.append(LOG, 5, chunks(6, 8)) == 8
    for after in range(9):
        assert list(older.read(LOG, after)) == list(chunks(after + 1, 8))
    older.seal(LOG)
    with pytest.raises(Conflict):
        older.append(LOG, 8, chunks(9, 9))
    assert list(older.read(LOG, 0)) == list(chunks(1, 8))


def test_a_log_that_an_older_version_sealed_takes_no_more(older: StoredLogs, tables: Tables) -> None:
    tables.of("logs").put({"pk": f"log#{LOG}", "sk": "head", "head": 5, "sealed": True})
    with pytest.raises(Conflict):
        older.append(LOG, 5, chunks(6, 6))
    assert (older.head(LOG), list(older.read(LOG, 0))) == (5, list(chunks(1, 5)))


LARGE = "x" * (8 * 1024)


def objects(aws: Aws, prefix: str) -> int:
    """How many batches have an object of their own."""
    listed = aws.call("s3", "ListObjectsV2", {"Bucket": prefix + resources.BUCKET, "Prefix": f"logs/{LOG}/"})
    return len(listed.get("Contents", ()))


def test_a_batch_of_32_kilobytes_is_an_object_until_the_log_is_sealed(
    aws: Aws, prefix: str, stored: StoredLogs
) -> None:
    stored.append(LOG, 0, chunks(1, 3, LARGE))
    assert objects(aws, prefix) == 0
    stored.append(LOG, 3, chunks(4, 7, LARGE))
    stored.append(LOG, 7, chunks(8, 8))
    assert stored.append(LOG, 3, chunks(4, 7, LARGE)) == 8, "said before"
    assert objects(aws, prefix) == 1
    for after in range(8):
        assert [chunk.seq for chunk in stored.read(LOG, after)] == list(range(after + 1, 9))
    stored.seal(LOG)
    assert objects(aws, prefix) == 0
    for after in range(8):
        seqs: list[int] = []
        while found := stored.read(LOG, after + len(seqs)):
            seqs += [chunk.seq for chunk in found]
        assert seqs == list(range(after + 1, 9))


def test_a_forgotten_log_leaves_no_object(aws: Aws, prefix: str, stored: StoredLogs) -> None:
    stored.append(LOG, 0, chunks(1, 4, LARGE))
    stored.forget(LOG)
    assert objects(aws, prefix) == 0
    assert stored.append(LOG, 0, chunks(1, 1)) == 1


def test_an_append_is_one_read_and_one_write_of_what_it_appends(aws: Aws, prefix: str, stored: StoredLogs) -> None:
    meter = Meter(prefix)
    counted = Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=meter.interceptor)
    with contextlib.closing(counted):
        tables = Tables(aws=counted, prefix=prefix)
        logs = StoredLogs(tables, LogArchive(counted, prefix + resources.BUCKET), Identifiers("log"))
        stored.append(LOG, 0, chunks(1, 3))
        logs.append(LOG, 3, chunks(4, 6))
        assert (meter.writes, meter.reads) == (1, 1)
        meter.clear()
        logs.append(LOG, 6, chunks(7, 9), was_end=True)
        assert (meter.writes, meter.reads) == (1, 0)


def test_behind_what_was_once_the_end_nothing_comes_twice(logs: Logs) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    logs.append(LOG, 3, chunks(4, 6))
    assert logs.append(LOG, 3, chunks(4, 6), was_end=True) == 6, "said before"
    assert logs.append(LOG, 3, chunks(4, 8), was_end=True) == 8, "of a longer one the rest"
    with pytest.raises(Conflict):
        logs.append(LOG, 3, chunks(4, 5, "other"), was_end=True)
    logs.seal(LOG)
    with pytest.raises(Conflict):
        logs.append(LOG, 8, chunks(9, 9), was_end=True)
    assert list(logs.read(LOG, 0)) == list(chunks(1, 8))


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_forgotten_log_is_as_if_nobody_had_written_it(logs: Logs, is_sealed: bool) -> None:
    logs.append(LOG, 0, chunks(1, 3))
    if is_sealed:
        logs.seal(LOG)
    logs.forget(LOG)
    logs.forget(LOG)
    assert logs.head(LOG) == 0
    assert list(logs.read(LOG, 0)) == []
    assert logs.append(LOG, 0, chunks(1, 1, "new")) == 1


def test_a_log_tells_its_lines_while_it_grows_and_once_it_is_sealed(logs: Logs) -> None:
    assert logs.length(LOG) == Length(head=0, lines=0)
    logs.append(LOG, 0, chunks(1, 3))
    assert logs.length(LOG) == Length(head=3, lines=3)
    logs.append(LOG, 3, (Chunk(seq=4, at=later(4), stream="out", text="one\ntwo\nthr"),))
    assert logs.length(LOG) == Length(head=4, lines=6)
    logs.append(LOG, 4, (Chunk(seq=5, at=later(5), stream="out", text=""),))
    assert logs.length(LOG) == Length(head=5, lines=6)
    logs.append(LOG, 5, (Chunk(seq=6, at=later(6), stream="out", text="ee\n" + "long\n" * 10_000),))
    logs.add(LOG, words("ask", "the end"))
    assert logs.length(LOG) == Length(head=7, lines=10_007)
    logs.seal(LOG)
    assert logs.length(LOG) == Length(head=7, lines=10_007)


def test_lines_of_a_log_whose_beginning_has_expired_are_not_known(stored: StoredLogs, tables: Tables) -> None:
    for number in range(2):
        stored.append(LOG, number, chunks(number + 1, number + 1))
    tables.of("logs").delete(keys.batch_key(LOG, 1))
    assert stored.length(LOG) == Length(head=2, lines=None)


def test_lines_of_a_log_of_an_older_version_are_not_known(older: StoredLogs) -> None:
    assert older.length(LOG).lines is None


def test_a_log_of_many_batches_tells_its_lines_once_it_is_sealed(aws: Aws, prefix: str, stored: StoredLogs) -> None:
    meter = Meter(prefix)
    counted = Aws(endpoint=aws.endpoint, clock=aws.clock, interceptor=meter.interceptor)
    with contextlib.closing(counted):
        archive = LogArchive(counted, prefix + resources.BUCKET)
        logs = StoredLogs(Tables(aws=counted, prefix=prefix), archive, Identifiers("log"), most_counted=3)
        for number in range(4):
            stored.append(LOG, number, chunks(number + 1, number + 1))
        assert logs.length(LOG) == Length(head=4, lines=None)
        assert meter.requests["dynamodb Query"] == 2
        stored.seal(LOG)
        assert logs.length(LOG) == Length(head=4, lines=4)
        assert meter.requests["dynamodb Query"] == 3
