"""Secrets in AWS Secrets Manager. A reference is the secret's name there; values are never logged."""

from urllib.parse import quote

from chalicelib.aws.calls import Answer, Aws, Refused
from chalicelib.kernel.faults import NotFound
from slipway_formats.frozen import frozen

SERVICE = "secretsmanager"
TAKEN = "ResourceExistsException"
MISSING = frozenset({"ResourceNotFoundException", "InvalidRequestException"})
"""The second is returned for a secret that is being deleted."""


@frozen
class AwsSecrets:
    """Secrets of one installation. prefix: of their names."""

    aws: Aws
    prefix: str

    def put(self, name: str, value: str) -> str:
        """Store a value under a name, replacing the one before, and return its reference."""
        reference = self._reference(name)
        try:
            self._call("CreateSecret", {"Name": reference, "SecretString": value})
        except Refused as error:
            if error.code != TAKEN:
                raise
            self._call("PutSecretValue", {"SecretId": reference, "SecretString": value})
        return reference

    def get(self, reference: str) -> str:
        """Return the value. Faults: NotFound."""
        try:
            return str(self._call("GetSecretValue", {"SecretId": reference})["SecretString"])
        except Refused as error:
            if error.code not in MISSING:
                raise
            raise NotFound(f"no secret {reference}") from error

    def delete(self, reference: str) -> None:
        """Delete the value; a missing one is no fault."""
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
