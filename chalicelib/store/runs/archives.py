"""Store runs that have ended in the package bucket under `folds/`: one object a run, JSON in gzip."""

import gzip
import json

from chalicelib.aws.calls import Aws, Refused
from chalicelib.kernel.codec import decode, encode
from chalicelib.kernel.engine.refold import RunArchive
from chalicelib.use_cases.ports.archives import Archives
from slipway_formats.frozen import frozen
from slipway_formats.override import override

LEVEL = 6


@frozen
class StoredArchives(Archives):
    """Implement the port Archives on S3."""

    aws: Aws
    bucket: str

    @override
    def keep(self, archive: RunArchive) -> None:
        text = json.dumps(encode(RunArchive, archive), separators=(",", ":"))
        # Without a time in its header, the same run gives the same bytes.
        body = gzip.compress(text.encode(), LEVEL, mtime=0)
        place = {"Bucket": self.bucket, "Key": _key(archive.result.id)}
        self.aws.call("s3", "PutObject", {**place, "Body": body, "ContentType": "application/gzip"})

    @override
    def find(self, run_id: str) -> RunArchive | None:
        try:
            answer = self.aws.call("s3", "GetObject", {"Bucket": self.bucket, "Key": _key(run_id)})
        except Refused as error:
            if error.code == "NoSuchKey":
                return None
            raise
        with answer["Body"] as body:
            return decode(RunArchive, json.loads(gzip.decompress(body.read())))

    @override
    def forget(self, run_id: str) -> None:
        self.aws.call("s3", "DeleteObject", {"Bucket": self.bucket, "Key": _key(run_id)})


def _key(run_id: str) -> str:
    return f"folds/{run_id}.json.gz"
