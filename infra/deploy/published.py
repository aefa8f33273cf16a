"""Versions of functions that a stack has published, and which of them its aliases stay with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy.shift import functions_of
from infra.package.invoked.alias import LIVE

ABSENT = "ResourceNotFoundException"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The functions of a stack. client: of boto3, for Lambda. prefix: of their names."""

    client: Any
    prefix: str

    def steady(self, template: Mapping[str, Any]) -> Mapping[str, str]:
        """Return the version that each function of a template has been doing its work by; without those that are new.

        Publishes one of functions that an older release made, which had no versions.
        """
        names = {name: self._name(properties) for name, properties in functions_of(template).items()}
        found = {name: self._aliased(function) or self._publish(function) for name, function in names.items()}
        return {name: version for name, version in found.items() if version is not None}

    def _name(self, properties: Mapping[str, Any]) -> str:
        text: str = properties["FunctionName"]["Fn::Sub"]
        return text.replace("${Prefix}", self.prefix)

    def _aliased(self, function: str) -> str | None:
        return _unless_absent(self.client.get_alias, "FunctionVersion", FunctionName=function, Name=LIVE)

    def _publish(self, function: str) -> str | None:
        return _unless_absent(self.client.publish_version, "Version", FunctionName=function)


def _unless_absent(ask: Any, what: str, **of: str) -> str | None:  # noqa: ANN401 - botocore's methods have no types
    try:
        answer: str = ask(**of)[what]
    except ClientError as error:
        if error.response["Error"]["Code"] == ABSENT:
            return None
        raise
    return answer
