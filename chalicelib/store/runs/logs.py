"""Store job logs: batches of chunks in the table `logs` while a job runs, one object in S3 once it has ended.

A batch is one item under the number of its first chunk, and written on condition that none is there: who read where the
log ends and writes behind it comes alone, and no reader finds a gap. A large batch is an object of its own, which the
item names. What seals a log is an item too, in the place of the next batch.

Until release 0.1 a batch stood under the number of its last chunk, beside a head that was counted on.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from pynamodb.expressions.operand import Path

from chalicelib.kernel.faults import Conflict, Stale
from chalicelib.store.dynamo import key_parts as dynamo_key_parts
from chalicelib.store.dynamo.expressions import ConditionFailed, Key
from chalicelib.store.dynamo.items import Item
from chalicelib.store.dynamo.packing import packed_json
from chalicelib.store.dynamo.saving import NEW
from chalicelib.store.dynamo.tables import Put, Reading, Tables
from chalicelib.store.runs import keys
from chalicelib.store.runs.log_archive import LogArchive
from chalicelib.store.runs.log_batches import chunks_of, first_of, is_of_own_object, lines_of, measured, plain_chunks
from chalicelib.use_cases.ports.logs import Chunk, Length, Logs, Words, lines_in
from slipway_formats.frozen import frozen
from slipway_formats.override import override

CHUNKS_LAST_SECONDS = 30 * 86_400
"""After this time a chunk expires. Its log has been sealed long before."""

SEALS_LAST_SECONDS = 400 * 86_400
SMALLEST_OBJECT = 32 * 1024
"""Bytes of text from which a batch is an object of its own: as an item it costs a write unit for each KB."""

MOST_BATCHES = 1000

TRIES = 12
PAUSE_SECONDS = 0.01


@frozen
class _End:
    """Where a log ends. head: seq of its last chunk; 0 if there is none. expires_at: when that does.

    lines: of a sealed log, if what seals it says that.
    """

    head: int
    is_sealed: bool
    expires_at: int
    lines: int | None = None


class StoredLogs(Logs):
    """Implement the port Logs on DynamoDB and S3. identifier: returns a unique name for each write.

    most_counted: batches of a log that grows, whose lines are added up when they are asked for.
    """

    def __init__(
        self, tables: Tables, archive: LogArchive, identifier: Callable[[], str], most_counted: int = MOST_BATCHES
    ) -> None:
        self._tables, self._most_counted = tables, most_counted
        self._table = tables.of(keys.LOGS)
        self._archive = archive
        self._identifier = identifier

    @override
    def append(self, log: str, after: int, chunks: Sequence[Chunk], *, was_end: bool = False) -> int:
        if not chunks:
            return self.head(log)
        if [chunk.seq for chunk in chunks] != list(range(after + 1, after + 1 + len(chunks))):
            raise Conflict(f"the chunks for log {log} do not follow {after} one by one")
        # What came behind an earlier end begins there, and what seals the log too: then the place is taken.
        if not was_end and not self._ends_at(log, after):
            return self._appended_to(log, after, chunks)
        try:
            self._table.put(self._batch(log, chunks), NEW)
        except ConditionFailed:
            return self._appended_to(log, after, chunks)
        return after + len(chunks)

    @override
    def add(self, log: str, words: Words) -> int:
        for attempt in range(TRIES):
            end = self._end(log)
            if end.is_sealed:
                return self._added_before(log, words)
            after = end.head
            chunks = [Chunk(seq=after + n, at=words.at, stream=s, text=t) for n, (s, t) in enumerate(words.said, 1)]
            writes = (Put(self._table, self._batch(log, chunks), NEW), self._mark(log, words, chunks[-1]))
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
        end = self._end(log)
        if not end.is_sealed or end.head <= after:
            return ()
        return list(islice((chunk for chunk in self._archive.chunks(log) if chunk.seq > after), limit))

    @override
    def head(self, log: str) -> int:
        return self._end(log).head

    @override
    def length(self, log: str) -> Length:
        end = self._end(log)
        if end.is_sealed or not end.head:
            return Length(head=end.head, lines=end.lines if end.is_sealed else 0)
        wanted = (Path("pk") == keys.head_key(log).pk) & Path("sk").startswith(keys.SEQ_PREFIX)
        reading = Reading(
            consistent=True, limit=self._most_counted, attributes=("sk", "head", "lines", "cut", "sealed")
        )
        found = self._table.query(wanted, reading)
        # What has come since the end was looked up is not counted, nor is what has sealed the log since.
        there = [item for item in found.items if "sealed" not in item and int(item.get("head", 0)) <= end.head]
        is_whole = found.next is None and bool(there) and first_of(there[0]) == 1
        return Length(head=end.head, lines=lines_of(there) if is_whole else None)

    @override
    def seal(self, log: str) -> None:
        while not self._try_seal(log):
            # If the log grew meanwhile, the object is written again with the new chunks.
            continue

    @override
    def forget(self, log: str) -> None:
        head = keys.head_key(log)
        items = list(self._table.every(Path("pk") == head.pk, Reading(consistent=True)))
        # The object may exist even if what seals the log has expired.
        self._archive.remove(log)
        self._remove_objects(items)
        self._table.write_many(removed=[Key(str(item["pk"]), str(item["sk"])) for item in items])

    def _try_seal(self, log: str) -> bool:
        """Try to seal the log. Return True when it is sealed, or there is no log."""
        end = self._end(log)
        if end.is_sealed or not end.head:
            return True
        chunks = tuple(self._stored_chunks(log, 0))
        self._archive.put(log, chunks)
        expires_at = end.expires_at - CHUNKS_LAST_SECONDS + SEALS_LAST_SECONDS
        lines = lines_in("".join(chunk.text for chunk in chunks))
        sealed = {"sealed": True, "head": end.head, "lines": lines, "expires_at": expires_at}
        try:
            self._table.put({**keys.batch_key(log, end.head + 1)._asdict(), **sealed}, NEW)
        except ConditionFailed:
            return False
        self._remove_objects(list(self._batches(log, 1)))
        return True

    def _remove_objects(self, items: Sequence[Item]) -> None:
        for item in items:
            if is_of_own_object(item):
                self._archive.remove_batch(item["object"])

    def _end(self, log: str) -> _End:
        """Return where the log ends, by one read; by another one of a new log, and of one that 0.1 has written."""
        wanted = (Path("pk") == keys.head_key(log).pk) & Path("sk").startswith(keys.SEQ_PREFIX)
        found = self._table.query(wanted, Reading(consistent=True, backward=True, limit=1)).items
        last = found[0] if found and "head" in found[0] else self._table.get(keys.head_key(log)) or {}
        is_sealed, expires_at = bool(last.get("sealed")), int(last.get("expires_at", 0))
        lines = int(last["lines"]) if is_sealed and "lines" in last else None
        return _End(head=int(last.get("head", 0)), is_sealed=is_sealed, expires_at=expires_at, lines=lines)

    def _ends_at(self, log: str, after: int) -> bool:
        end = self._end(log)
        return end.head == after and not end.is_sealed

    def _batch(self, log: str, chunks: Sequence[Chunk]) -> dict[str, Any]:
        """Return the item of a batch, whose object is written by then if it is large."""
        expires_at = dynamo_key_parts.milliseconds(chunks[-1].at) // 1000 + CHUNKS_LAST_SECONDS
        about = {"head": chunks[-1].seq, "expires_at": expires_at, **measured(chunks)}
        item = {**keys.batch_key(log, chunks[0].seq)._asdict(), **about}
        if sum(len(chunk.text.encode()) for chunk in chunks) >= SMALLEST_OBJECT:
            return {**item, "object": self._archive.put_batch(log, chunks)}
        return {**item, "chunks": packed_json(plain_chunks(chunks))}

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

    def _appended_to(self, log: str, after: int, chunks: Sequence[Chunk]) -> int:
        """Return the head if the stored chunks match the first of `chunks`, after writing the rest.

        Faults: Conflict.
        """
        there = self.read(log, after, len(chunks))
        if not there or list(there) != [_as_stored(chunk) for chunk in chunks[: len(there)]]:
            raise Conflict(f"the head of log {log} is not {after}, or it is sealed")
        if len(there) == len(chunks):
            return self.head(log)
        return self.append(log, after + len(there), chunks[len(there) :])

    def _stored_chunks(self, log: str, after: int) -> Iterator[Chunk]:
        """Yield the chunks that have not expired, up to the first gap."""
        expected = after + 1
        for item in self._batches(log, expected):
            for chunk in self._chunks_of(item):
                if chunk.seq < expected:
                    continue
                if chunk.seq > expected:
                    return
                yield chunk
                expected += 1

    def _batches(self, log: str, first: int) -> Iterator[Item]:
        """Yield the batch that may hold a chunk, and those behind it."""
        place = keys.chunk_key(log, first)
        following = self._table.every(
            (Path("pk") == place.pk) & (Path("sk") >= place.sk), Reading(consistent=True, limit=50)
        )
        found = next(following, None)
        if found is None or first_of(found) > first:
            before = (Path("pk") == place.pk) & Path("sk").between(keys.SEQ_PREFIX, place.sk)
            yield from self._table.query(before, Reading(consistent=True, backward=True, limit=1)).items
        if found is not None:
            yield found
        yield from following

    def _chunks_of(self, item: Item) -> Iterator[Chunk]:
        if is_of_own_object(item):
            return self._archive.batch(item["object"], first_of(item))
        return chunks_of(item)


def _as_stored(chunk: Chunk) -> Chunk:
    """Return the chunk as it is stored: with a timestamp in milliseconds."""
    return Chunk(
        seq=chunk.seq,
        at=dynamo_key_parts.instant(dynamo_key_parts.milliseconds(chunk.at)),
        stream=chunk.stream,
        text=chunk.text,
    )
