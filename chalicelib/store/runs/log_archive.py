"""Sealed logs: one gzip object each, a line of JSON a chunk, in the bucket for packages under `logs/`."""

import gzip
import json
from collections.abc import Iterator, Sequence

from chalicelib.aws.calls import Aws, Refused
from chalicelib.store.runs.log_batches import numbered, plain_chunks
from chalicelib.use_cases.ports.runs import Chunk

LEVEL = 6


class LogArchive:
    """Sealed logs in a bucket."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def put(self, log: str, chunks: Sequence[Chunk]) -> None:
        """Write the object of a log; writing it again changes nothing."""
        lines = "".join(f"{json.dumps(one)}\n" for one in plain_chunks(chunks))
        # Without a time in the header the same log is the same object.
        body = gzip.compress(lines.encode(), LEVEL, mtime=0)
        asked = {"Bucket": self._bucket, "Key": _key(log), "Body": body, "ContentType": "application/gzip"}
        self._aws.call("s3", "PutObject", asked)

    def chunks(self, log: str) -> Iterator[Chunk]:
        """The chunks of a sealed log; none when its time has passed."""
        try:
            answer = self._aws.call("s3", "GetObject", {"Bucket": self._bucket, "Key": _key(log)})
        except Refused as error:
            if error.code == "NoSuchKey":
                return iter(())
            raise
        with answer["Body"] as body:
            lines = gzip.decompress(body.read()).decode().splitlines()
        return numbered([json.loads(line) for line in lines], 1)

    def remove(self, log: str) -> None:
        """Forget the object of a log; one that is not there is no fault."""
        self._aws.call("s3", "DeleteObject", {"Bucket": self._bucket, "Key": _key(log)})


def _key(log: str) -> str:
    return f"logs/{log}.jsonl.gz"
