"""An outside issuer in memory: held to the contract by tests/gateways/test_issuer.py."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.use_cases.ports.issuer import Claims, Issuer


@dataclass
class FakeIssuer(Issuer):
    """Believes the JWTs that it knows."""

    known: Mapping[str, Claims] = field(default_factory=dict)

    def find_claims(self, jwt: str, now: datetime) -> Claims | None:
        claims = self.known.get(jwt)
        return claims if claims is not None and claims.issued_at <= now else None
