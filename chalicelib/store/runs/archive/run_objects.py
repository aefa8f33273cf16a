"""Store archived runs in the package bucket under `runs/`: one gzip object per run, one line of JSON per item."""

import gzip
import json
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.items import Item, unwired, wired

LEVEL = 6
MOST_CACHED = 8
"""Whoever shows a run asks for it, its plan and its jobs one after the other."""


class RunObjects:
    """Archived runs in a bucket. An object changes no more once its run is archived."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._cached: OrderedDict[str, Sequence[Item]] = OrderedDict()
        self._lock = Lock()

    def write_run(self, run_id: str, items: Sequence[Item]) -> None:
        """Write the object of a run; idempotent."""
        lines = "".join(f"{json.dumps(wired(item), sort_keys=True)}\n" for item in items)
        # Without a timestamp in the header, the same run gives the same bytes.
        body = gzip.compress(lines.encode(), LEVEL, mtime=0)
        arguments = {"Bucket": self._bucket, "Key": _key(run_id), "Body": body, "ContentType": "application/gzip"}
        self._aws.call("s3", "PutObject", arguments)

    def run_items(self, run_id: str) -> Sequence[Item]:
        """Return the items of an archived run."""
        with self._lock:
            if run_id in self._cached:
                return self._cached[run_id]
        answer = self._aws.call("s3", "GetObject", {"Bucket": self._bucket, "Key": _key(run_id)})
        with answer["Body"] as body:
            lines = gzip.decompress(body.read()).decode().splitlines()
        found = tuple(unwired(json.loads(line)) for line in lines)
        with self._lock:
            self._cached[run_id] = found
            if len(self._cached) > MOST_CACHED:
                self._cached.popitem(last=False)
        return found

    def delete_run(self, run_id: str) -> None:
        """Delete the object of a run, if it exists."""
        self._aws.call("s3", "DeleteObject", {"Bucket": self._bucket, "Key": _key(run_id)})


def _key(run_id: str) -> str:
    return f"runs/{run_id}.jsonl.gz"
