"""Store archived runs in the package bucket under `runs/`: one gzip object per run, one line of JSON per item."""

import gzip
import json
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from chalicelib.aws.calls import Aws
from chalicelib.store.dynamo.items import Item, unwired, wired

LEVEL = 6
LARGEST_CACHE = 4_000_000
"""Bytes of what is cached. Whoever shows a run asks for it, its plan and its jobs one after the other, or a page of
runs and then their plans.
"""

SIDE_BY_SIDE = 8
"""Objects that are read at once: one takes some 20 ms, nearly all of which it waits."""


class RunObjects:
    """Archived runs in a bucket. An object changes no more once its run is archived."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket
        self._cached: OrderedDict[str, tuple[int, Sequence[Item]]] = OrderedDict()
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
        if (cached := self._known(run_id)) is not None:
            return cached
        answer = self._aws.call("s3", "GetObject", {"Bucket": self._bucket, "Key": _key(run_id)})
        with answer["Body"] as body:
            text = gzip.decompress(body.read()).decode()
        found = tuple(unwired(json.loads(line)) for line in text.splitlines())
        with self._lock:
            self._cached[run_id] = len(text), found
            while len(self._cached) > 1 and sum(size for size, _ in self._cached.values()) > LARGEST_CACHE:
                self._cached.popitem(last=False)
        return found

    def items_of(self, run_ids: Collection[str]) -> Mapping[str, Sequence[Item]]:
        """Return the items of archived runs, by run; those in no cache are read side by side."""
        known = {run_id: self._known(run_id) for run_id in run_ids}
        missing = [run_id for run_id, items in known.items() if items is None]
        found = {run_id: items for run_id, items in known.items() if items is not None}
        if len(missing) < 2:
            return {**found, **{run_id: self.run_items(run_id) for run_id in missing}}
        with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(missing))) as threads:
            return {**found, **dict(zip(missing, threads.map(self.run_items, missing), strict=True))}

    def _known(self, run_id: str) -> Sequence[Item] | None:
        with self._lock:
            if run_id not in self._cached:
                return None
            self._cached.move_to_end(run_id)
            return self._cached[run_id][1]

    def delete_run(self, run_id: str) -> None:
        """Delete the object of a run, if it exists."""
        self._aws.call("s3", "DeleteObject", {"Bucket": self._bucket, "Key": _key(run_id)})


def _key(run_id: str) -> str:
    return f"runs/{run_id}.jsonl.gz"
