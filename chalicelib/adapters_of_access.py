"""Adapters of who asks and what they may: imported and created on first use, as in adapters.py, which binds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapter_context import AdapterContext
from chalicelib.kernel.faults import Unavailable

if TYPE_CHECKING:
    from chalicelib.use_cases.ports.access import Access, Audits, Idempotency, Secrets
    from chalicelib.use_cases.ports.issuer import Issuer
    from chalicelib.use_cases.ports.live import Viewers


def viewers(context: AdapterContext) -> Viewers:
    """Return the adapter of viewers."""
    from chalicelib.store.access.viewers import StoredViewers

    return StoredViewers(tables=context.tables(), identifier=context.ids.identifier)


def access(context: AdapterContext) -> Access:
    """Return the adapter of people and tokens."""
    from chalicelib.store.access.access import StoredAccess

    return StoredAccess(context.tables(), context.clock, context.ids.identifier)


def issuer(context: AdapterContext) -> Issuer:
    """Return the adapter of the outside issuer."""
    if context.issuer is None:
        from chalicelib.gateways.no_issuer import NoIssuer

        return NoIssuer()
    try:
        from chalicelib.gateways.jwks import issuer_of
    except ImportError as error:
        raise Unavailable("this package verifies no JWTs of an outside issuer: make package ISSUER=1") from error

    return issuer_of(context.issuer)


def audits(context: AdapterContext) -> Audits:
    """Return the adapter of the audit log."""
    from chalicelib.store.audit.audits import StoredAudits

    return StoredAudits(tables=context.tables(), identifier=context.ids.identifier)


def idempotency(context: AdapterContext) -> Idempotency:
    """Return the adapter of idempotency keys."""
    from chalicelib.store.access.idempotency import StoredIdempotency

    return StoredIdempotency(tables=context.tables())


def secrets(context: AdapterContext) -> Secrets:
    """Return the adapter of secrets."""
    from chalicelib.gateways.secrets import AwsSecrets

    return AwsSecrets(aws=context.aws(), prefix=context.prefix)
