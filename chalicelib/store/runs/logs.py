"""Logs of jobs: batches of chunks in the table `logs` while a job runs, one object in S3 when it has ended.

A batch and the head are written in one transaction that asks the head to be where the writer believes it: whoever reads
chunk 7 finds chunk 6. A batch stands under the number of its last chunk, so that one query answers "what follows".
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
from chalicelib.use_cases.ports.runs import Chunk, Words

CHUNKS_LAST_SECONDS = 30 * 86_400
"""After which a chunk expires; its log has been sealed long before."""

HEADS_LAST_SECONDS = 400 * 86_400
MOST_BATCHES = 90
TRIES = 12
PAUSE_SECONDS = 0.01


class StoredLogs:
    """The port Logs, in DynamoDB and S3. identifier: gives each writing a name of its own."""

    def __init__(self, tables: Tables, archive: LogArchive, identifier: Callable[[], str]) -> None:
        self._tables = tables
        self._table = tables.of(keys.LOGS)
        self._archive = archive
        self._identifier = identifier

    def append(self, log: str, after: int, chunks: Sequence[Chunk]) -> int:
        """Put chunks at `after` + 1 and on; the new head. Faults: Conflict, TooLarge.

        The same again is no fault; of more than was put before, the rest is put.
        """
        if not chunks:
            return self.head(log)
        if [chunk.seq for chunk in chunks] != list(range(after + 1, after + 1 + len(chunks))):
            raise Conflict(f"the chunks for log {log} do not follow {after} one by one")
        try:
            self._tables.transact(self._writes(log, after, chunks), self._identifier())
        except ConditionFailed as missed:
            return self._appended_to(log, after, chunks, missed)
        return after + len(chunks)

    def add(self, log: str, words: Words) -> int:
        """Append chunks wherever the head is, once for each ask. Faults: Conflict once sealed, Stale in a crowd."""
        for attempt in range(TRIES):
            head = self._head(log)
            if head.get("sealed"):
                return self._added_before(log, words)
            after = int(head.get("head", 0))
            chunks = [Chunk(seq=after + n, at=words.at, stream=s, text=t) for n, (s, t) in enumerate(words.said, 1)]
            writes = (*self._writes(log, after, chunks), self._mark(log, words, chunks[-1]))
            try:
                self._tables.transact(writes, words.ask)
            except ConditionFailed as missed:
                if len(writes) - 1 in missed.places:
                    return self._added_before(log, words)
                # The chunks of a rival may be equal to ours to the letter, so nothing but another try tells.
                self._table.aws.clock.sleep(PAUSE_SECONDS * (attempt + 1) * self._table.aws.clock.dice())
                continue
            return after + len(chunks)
        raise Stale(f"log {log} is growing too fast")

    def read(self, log: str, after: int, limit: int = 1000) -> Sequence[Chunk]:
        """Chunks with seq over `after`, in order, without gaps."""
        found = list(islice(self._living(log, after), limit))
        if found:
            return found
        head = self._head(log)
        if not head.get("sealed") or int(head["head"]) <= after:
            return ()
        return list(islice((chunk for chunk in self._archive.chunks(log) if chunk.seq > after), limit))

    def head(self, log: str) -> int:
        """The seq of the last chunk; 0 when there is none."""
        return int(self._head(log).get("head", 0))

    def seal(self, log: str) -> None:
        """Make one object of the chunks and let these expire; doing it again changes nothing."""
        while not self._is_sealed(log):
            # When it grew meanwhile, its last words belong in the object too.
            continue

    def forget(self, log: str) -> None:
        """Forget a log, sealed or not."""
        head = keys.head_key(log)
        items = self._table.every(Path("pk") == head.pk, Reading(consistent=True, attributes=("pk", "sk")))
        chunks = [key for key in (Key(str(item["pk"]), str(item["sk"])) for item in items) if key != head]
        # A head that has expired leaves an object behind.
        self._archive.remove(log)
        self._table.write_many(removed=[*chunks, head])

    def _is_sealed(self, log: str) -> bool:
        """Whether the log is sealed now, or there is none."""
        head = self._head(log)
        if not head or head.get("sealed"):
            return True
        self._archive.put(log, tuple(self._living(log, 0)))
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
        """That an ask has added its words, for as long as these last."""
        expires_at = dynamo_key_parts.milliseconds(last.at) // 1000 + CHUNKS_LAST_SECONDS
        item = {**keys.added_key(log, words.ask)._asdict(), "head": last.seq, "expires_at": expires_at}
        return Put(self._table, item, NEW)

    def _added_before(self, log: str, words: Words) -> int:
        """The head as this ask left it. Faults: Conflict, when it added nothing."""
        mark = self._table.get(keys.added_key(log, words.ask))
        if mark is None:
            raise Conflict(f"log {log} is sealed")
        return int(mark["head"])

    def _appended_to(self, log: str, after: int, chunks: Sequence[Chunk], missed: ConditionFailed) -> int:
        """The head, when what stands there already is where the chunks begin, and the rest of them is put."""
        there = self.read(log, after, len(chunks))
        if not there or list(there) != [_kept(chunk) for chunk in chunks[: len(there)]]:
            raise Conflict(f"the head of log {log} is not {after}, or it is sealed") from missed
        if len(there) == len(chunks):
            return self.head(log)
        return self.append(log, after + len(there), chunks[len(there) :])

    def _living(self, log: str, after: int) -> Iterator[Chunk]:
        """The chunks that have not expired, as far as they follow one another."""
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


def _kept(chunk: Chunk) -> Chunk:
    """The chunk as it is kept: to the millisecond."""
    return Chunk(
        seq=chunk.seq,
        at=dynamo_key_parts.instant(dynamo_key_parts.milliseconds(chunk.at)),
        stream=chunk.stream,
        text=chunk.text,
    )
