"""Store sealed logs, and large batches of growing ones, in the package bucket under `logs/`: one gzip object each.

An object has one line of JSON per chunk.
"""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence

from chalicelib.aws.calls import Aws, Refused
from chalicelib.store.runs.log_batches import numbered, plain_chunks
from chalicelib.use_cases.ports.logs import Chunk

LEVEL = 6


class LogArchive:
    """Sealed logs, and large batches, in a bucket."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def put(self, log: str, chunks: Sequence[Chunk]) -> None:
        """Write the object of a log; idempotent."""
        self._put(_key(log), _packed(chunks))

    def chunks(self, log: str) -> Iterator[Chunk]:
        """Return the chunks of a sealed log; none once its object has expired."""
        return self._read(_key(log), 1)

    def put_batch(self, log: str, chunks: Sequence[Chunk]) -> str:
        """Write a batch and return the key of its object, which goes by what is in it; idempotent."""
        body = _packed(chunks)
        # Two who come at once with different chunks must not write over one another.
        key = f"logs/{log}/{chunks[0].seq}-{hashlib.sha256(body).hexdigest()[:32]}.jsonl.gz"
        self._put(key, body)
        return key

    def batch(self, key: str, first: int) -> Iterator[Chunk]:
        """Return the chunks of a batch; none once its log is sealed. first: the number of the first."""
        return self._read(key, first)

    def remove_batch(self, key: str) -> None:
        """Delete the object of a batch, if it exists."""
        self._remove(key)

    def remove(self, log: str) -> None:
        """Delete the object of a log, if it exists."""
        self._remove(_key(log))

    def _put(self, key: str, body: bytes) -> None:
        arguments = {"Bucket": self._bucket, "Key": key, "Body": body, "ContentType": "application/gzip"}
        self._aws.call("s3", "PutObject", arguments)

    def _read(self, key: str, first: int) -> Iterator[Chunk]:
        try:
            answer = self._aws.call("s3", "GetObject", {"Bucket": self._bucket, "Key": key})
        except Refused as error:
            if error.code == "NoSuchKey":
                return iter(())
            raise
        with answer["Body"] as body:
            lines = gzip.decompress(body.read()).decode().splitlines()
        return numbered([json.loads(line) for line in lines], first)

    def _remove(self, key: str) -> None:
        self._aws.call("s3", "DeleteObject", {"Bucket": self._bucket, "Key": key})


def _key(log: str) -> str:
    return f"logs/{log}.jsonl.gz"


def _packed(chunks: Sequence[Chunk]) -> bytes:
    lines = "".join(f"{json.dumps(one)}\n" for one in plain_chunks(chunks))
    # Without a timestamp in the header, the same chunks give the same bytes.
    return gzip.compress(lines.encode(), LEVEL, mtime=0)
