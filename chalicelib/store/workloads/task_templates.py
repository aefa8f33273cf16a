"""Store templates of tasks and task pipelines in S3: `templates/task/…` and `templates/pipeline/…`."""

from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.aws.calls import Aws, Refused
from chalicelib.use_cases.ports.task_templates import TaskTemplates, TemplateKind
from slipway_formats.frozen import frozen
from slipway_formats.override import override

PREFIX = "templates/"
MEDIA = "application/json"
NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})


@frozen
class S3TaskTemplates(TaskTemplates):
    """Implement the port TaskTemplates on a bucket."""

    aws: Aws
    bucket: str

    @override
    def save(self, kind: TemplateKind, name: str, text: str) -> None:
        self._call("PutObject", {"Key": _key(kind, name), "Body": text.encode(), "ContentType": MEDIA})

    @override
    def find_template(self, kind: TemplateKind, name: str) -> str | None:
        try:
            answer = self._call("GetObject", {"Key": _key(kind, name)})
        except Refused as error:
            if error.code in NOT_THERE:
                return None
            raise
        with answer["Body"] as body:
            content: bytes = body.read()
        return content.decode()

    @override
    def names(self, kind: TemplateKind) -> Sequence[str]:
        prefix, found = _key(kind, ""), list[str]()
        arguments: dict[str, Any] = {"Prefix": prefix}
        while True:
            page = self._call("ListObjectsV2", arguments)
            found.extend(str(one["Key"]).removeprefix(prefix) for one in page.get("Contents", ()))
            if not page.get("IsTruncated"):
                return sorted(found)
            arguments["ContinuationToken"] = page["NextContinuationToken"]

    def _call(self, operation: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        return self.aws.call("s3", operation, {"Bucket": self.bucket, **arguments})


def _key(kind: TemplateKind, name: str) -> str:
    return f"{PREFIX}{kind}/{name}"
