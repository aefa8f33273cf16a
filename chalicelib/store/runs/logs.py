"""Store job logs: batches of chunks in the table `logs` while a job runs, one object in S3 once it has ended.

A batch and the head are written in one transaction, on condition that the head is where the writer expects it: a reader
of chunk 7 finds chunk 6. A batch is stored under the number of its last chunk, so that one query returns what follows.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Conflict, Stale, TooLarge
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import packed_json
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Change, Put, Reading, Tables, Write
from chalicelib.store.runs import keys
from chalicelib.store.runs.log_archive import LogArchive
from chalicelib.store.runs.log_batches import chunks_of, plain_chunks, split
from chalicelib.use_cases.ports.runs import Chunk, Logs, Words
from slipway_formats.override import override

CHUNKS_LAST_SECONDS = 30 * 86_400
"""After this time a chunk expires. Its log has been sealed long before."""

HEADS_LAST_SECONDS = 400 * 86_400
MOST_BATCHES = 90
TRIES = 12
PAUSE_SECONDS = 0.01


class StoredLogs(Logs):
    """Implement the port Logs on DynamoDB and S3. identifier: returns a unique name for each write."""

    def __init__(self, tables: Tables, archive: LogArchive, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._table = tables.of(keys.LOGS)
        self._archive = archive
        self._identifier = identifier

    @override
    def append(self, log: str, after: int, chunks: Sequence[Chunk]) -> int:
        if not chunks:
            return self.head(log)
        if [chunk.seq for chunk in chunks] != list(range(after + 1, after + 1 + len(chunks))):
            raise Conflict(f"the chunks for log {log} do not follow {after} one by one")
        try:
            self._tables.transact(self._writes(log, after, chunks), self._identifier())
        except ConditionFailed as error:
            return self._appended_to(log, after, chunks, error)
        return after + len(chunks)

    @override
    def add(self, log: str, words: Words) -> int:
        for attempt in range(TRIES):
            head = self._head(log)
            if head.get("sealed"):
                return self._added_before(log, words)
            after = int(head.get("head", 0))
            chunks = [Chunk(seq=after + n, at=words.at, stream=s, text=t) for n, (s, t) in enumerate(words.said, 1)]
            writes = (*self._writes(log, after, chunks), self._mark(log, words, chunks[-1]))
            try:
                self._tables.transact(writes, words.ask)
            except ConditionFailed as error:
                if len(writes) - 1 in error.places:
                    return self._added_before(log, words)
                # A concurrent writer's chunks may equal ours, so only another try can tell whether ours are in.
                self._table.aws.clock.sleep(PAUSE_SECONDS * (attempt + 1) * self._table.aws.clock.dice())
                continue
            return after + len(chunks)
        raise Stale(f"log {log} is growing too fast")

    @override
    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        found = list(islice(self._stored_chunks(log, after), limit))
        if found:
            return found
        head = self._head(log)
        if not head.get("sealed") or int(head["head"]) <= after:
            return ()
        return list(islice((chunk for chunk in self._archive.chunks(log) if chunk.seq > after), limit))

    @override
    def head(self, log: str) -> int:
        return int(self._head(log).get("head", 0))

    @override
    def seal(self, log: str) -> None:
        while not self._try_seal(log):
            # If the log grew meanwhile, the object is written again with the new chunks.
            continue

    @override
    def forget(self, log: str) -> None:
        head = keys.head_key(log)
        items = self._table.every(Path("pk") == head.pk, Reading(consistent=True, attributes=("pk", "sk")))
        chunks = [key for key in (Key(str(item["pk"]), str(item["sk"])) for item in items) if key != head]
        # The object may exist even if the head has expired.
        self._archive.remove(log)
        self._table.write_many(removed=[*chunks, head])

    def _try_seal(self, log: str) -> bool:
        """Try to seal the log. Return True when it is sealed, or there is no log."""
        head = self._head(log)
        if not head or head.get("sealed"):
            return True
        self._archive.put(log, tuple(self._stored_chunks(log, 0)))
        try:
            self._table.update(keys.head_key(log), (Path("sealed").set(True),), Path("head") == int(head["head"]))
        except ConditionFailed:
            return False
        return True

    def _head(self, log: str) -> Item:
        return self._table.get(keys.head_key(log)) or {}

    def _writes(self, log: str, after: int, chunks: Sequence[Chunk]) -> Sequence[Write]:
        last, seconds = chunks[-1].seq, dynamo_key_parts.milliseconds(chunks[-1].at) // 1000
        moved = (Path("head").set(last), Path("expires_at").set(seconds + HEADS_LAST_SECONDS))
        is_there = (Path("head") == after) & Path("sealed").does_not_exist() if after else NEW
        batches = split(chunks)
        if len(batches) > MOST_BATCHES:
            raise TooLarge(f"the chunks for log {log} are too much for one writing")
        puts = (Put(self._table, _batch_item(log, batch, seconds + CHUNKS_LAST_SECONDS)) for batch in batches)
        return (Change(self._table, keys.head_key(log), moved, is_there), *puts)

    def _mark(self, log: str, words: Words, last: Chunk) -> Put:
        """Return the write of the marker that a request has added its lines. It expires with them."""
        expires_at = dynamo_key_parts.milliseconds(last.at) // 1000 + CHUNKS_LAST_SECONDS
        item = {**keys.added_key(log, words.ask)._asdict(), "head": last.seq, "expires_at": expires_at}
        return Put(self._table, item, NEW)

    def _added_before(self, log: str, words: Words) -> int:
        """Return the head after this request's lines. Faults: Conflict when it added none."""
        mark = self._table.get(keys.added_key(log, words.ask))
        if mark is None:
            raise Conflict(f"log {log} is sealed")
        return int(mark["head"])

    def _appended_to(self, log: str, after: int, chunks: Sequence[Chunk], error: ConditionFailed) -> int:
        """Return the head if the stored chunks match the first of `chunks`, after writing the rest.

        Faults: Conflict.
        """
        there = self.read(log, after, len(chunks))
        if not there or list(there) != [_as_stored(chunk) for chunk in chunks[: len(there)]]:
            raise Conflict(f"the head of log {log} is not {after}, or it is sealed") from error
        if len(there) == len(chunks):
            return self.head(log)
        return self.append(log, after + len(there), chunks[len(there) :])

    def _stored_chunks(self, log: str, after: int) -> Iterator[Chunk]:
        """Yield the chunks that have not expired, up to the first gap."""
        first = keys.chunk_key(log, after + 1)
        wanted = (Path("pk") == first.pk) & (Path("sk") >= first.sk)
        expected = after + 1
        for item in self._table.every(wanted, Reading(consistent=True, limit=50)):
            for chunk in chunks_of(item):
                if chunk.seq < expected:
                    continue
                if chunk.seq > expected:
                    return
                yield chunk
                expected += 1


def _batch_item(log: str, batch: Sequence[Chunk], expires_at: int) -> dict[str, Any]:
    key = keys.chunk_key(log, batch[-1].seq)._asdict()
    return {**key, "chunks": packed_json(plain_chunks(batch)), "expires_at": expires_at}


def _as_stored(chunk: Chunk) -> Chunk:
    """Return the chunk as it is stored: with a timestamp in milliseconds."""
    return Chunk(
        seq=chunk.seq,
        at=dynamo_key_parts.instant(dynamo_key_parts.milliseconds(chunk.at)),
        stream=chunk.stream,
        text=chunk.text,
    )
