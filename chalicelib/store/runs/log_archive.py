"""Store sealed logs in the package bucket under `logs/`: one gzip object per log, one line of JSON per chunk."""

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
        """Write the object of a log; idempotent."""
        lines = "".join(f"{json.dumps(one)}\n" for one in plain_chunks(chunks))
        # Without a timestamp in the header, the same log gives the same bytes.
        body = gzip.compress(lines.encode(), LEVEL, mtime=0)
        arguments = {"Bucket": self._bucket, "Key": _key(log), "Body": body, "ContentType": "application/gzip"}
        self._aws.call("s3", "PutObject", arguments)

    def chunks(self, log: str) -> Iterator[Chunk]:
        """Return the chunks of a sealed log; none once its object has expired."""
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
        """Delete the object of a log, if it exists."""
        self._aws.call("s3", "DeleteObject", {"Bucket": self._bucket, "Key": _key(log)})


def _key(log: str) -> str:
    return f"logs/{log}.jsonl.gz"
