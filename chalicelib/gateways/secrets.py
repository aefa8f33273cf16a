"""Secrets in AWS Secrets Manager. A reference is the secret's name there; values are never logged."""

from urllib.parse import quote

from chalicelib.aws.calls import Answer, Aws, Refused
from chalicelib.kernel.faults import NotFound
from chalicelib.use_cases.ports.access import Secrets
from slipway_formats.frozen import frozen
from slipway_formats.override import override

SERVICE = "secretsmanager"
TAKEN = "ResourceExistsException"
MISSING = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""The second is returned for a secret that is being deleted."""


@frozen
class AwsSecrets(Secrets):
    """Secrets of one installation. prefix: of their names."""

    aws: Aws
    prefix: str

    @override
    def put(self, name: str, value: str) -> str:
        reference = self._reference(name)
        try:
            self._call("CreateSecret", {"Name": reference, "SecretString": value})
        except Refused as error:
            if error.code != TAKEN:
                raise
            self._call("PutSecretValue", {"SecretId": reference, "SecretString": value})
        return reference

    @override
    def get(self, reference: str) -> str:
        try:
            return str(self._call("GetSecretValue", {"SecretId": reference})["SecretString"])
        except Refused as error:
            if error.code not in MISSING:
                raise
            raise NotFound(f"no secret {reference}") from error

    @override
    def delete(self, reference: str) -> None:
        try:
            self._call("DeleteSecret", {"SecretId": reference, "ForceDeleteWithoutRecovery": True})
        except Refused as error:
            if error.code not in MISSING:
                raise

    def _reference(self, name: str) -> str:
        """Return the name encoded in the characters that Secrets Manager accepts: letters, digits and /_+=.@-"""
        return f"{self.prefix}{quote(name, safe='/_+.@-')}".replace("~", "=7E").replace("%", "=")

    def _call(self, operation: str, arguments: dict[str, object]) -> Answer:
        return self.aws.call(SERVICE, operation, arguments)
