"""Put zips and template where CloudFormation reads them: a bucket, under the hash of what they hold."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

MISSING = frozenset({"404", "NoSuchBucket", "NoSuchKey", "NotFound"})
FOLDER = "slipway"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifacts:
    """A bucket of deployments. session: of boto3."""

    session: Any
    bucket: str

    def make_bucket(self) -> None:
        """Create the bucket, unless it is there."""
        s3, region = self.session.client("s3"), self.session.region_name
        if _is_there(s3.head_bucket, Bucket=self.bucket):
            return
        where = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region != "us-east-1" else {}
        s3.create_bucket(Bucket=self.bucket, **where)

    def put_code(self, archive: Path) -> str:
        """Upload a zip and return its `s3://` address."""
        content = archive.read_bytes()
        return f"s3://{self.bucket}/{self._put(content, 'zip')}"

    def put_template(self, template: Mapping[str, Any]) -> str:
        """Upload a template and return its URL."""
        key = self._put(json.dumps(template, separators=(",", ":")).encode(), "json")
        s3 = self.session.client("s3")
        url: str = s3.generate_presigned_url("get_object", Params={"Bucket": self.bucket, "Key": key})
        return url.partition("?")[0]

    def _put(self, content: bytes, ending: str) -> str:
        key = f"{FOLDER}/{sha256(content).hexdigest()}.{ending}"
        s3 = self.session.client("s3")
        if not _is_there(s3.head_object, Bucket=self.bucket, Key=key):
            s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key


def zips_of(template: Mapping[str, Any]) -> frozenset[str]:
    """Return the zips of the functions, as the template names them: beside it."""
    return frozenset(one["Properties"]["CodeUri"] for one in template["Resources"].values() if _is_function(one))


def with_code(template: Mapping[str, Any], codes: Mapping[str, str]) -> dict[str, Any]:
    """Return the template with the code of every function at the address of its zip."""
    resources = {
        name: {**one, "Properties": {**one["Properties"], "CodeUri": codes[one["Properties"]["CodeUri"]]}}
        if _is_function(one)
        else one
        for name, one in template["Resources"].items()
    }
    return {**template, "Resources": resources}


def _is_function(resource: Mapping[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::Serverless::Function")


def _is_there(head: Any, **what: str) -> bool:  # noqa: ANN401 - botocore's methods have no types
    try:
        head(**what)
    except ClientError as error:
        if error.response["Error"]["Code"] in MISSING:
            return False
        raise
    return True
