"""Build the request context of this app: clock, ids and authentication, taken from the ports."""

from collections.abc import Callable
from datetime import datetime
from typing import assert_never

from chalicelib.http.credential import AuthScheme, Credential, Identity, Password, Session, Token
from chalicelib.http.request_context import RequestContext
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.access.authenticate import by_mail, by_password, by_session, by_token
from chalicelib.use_cases.jobs.foreign_release import reads_for_definition
from chalicelib.use_cases.ports.bundle import Ports


def context_of(ports_of: Callable[[], Ports]) -> RequestContext[Ports]:
    """Return the context of these ports, which are made at the first request."""
    return RequestContext(
        ports_of=ports_of,
        now=lambda: ports_of().clock.now(),
        new_id=lambda: ports_of().ids.identifier(),
        principal_of=principal_of,
        project_of=lambda ports, namespace, unit: ports.namespaces.project_of(namespace, unit),
        records_of=lambda ports: ports.idempotency,
        may_see=_may_see,
        has_project=lambda ports, project: ports.projects.recent_project(project) is not None,
        public_url_of=lambda ports: ports.settings.public_url,
        is_open=lambda ports: ports.settings.opens_deploy_reads,
    )


def _may_see(ports: Ports, caller: Principal, namespace: str) -> bool:
    is_public = any(one.is_public for one in ports.namespaces.named([namespace]))
    return is_public or reads_for_definition(ports, caller, namespace)


def principal_of(ports: Ports, credential: Credential, now: datetime) -> Principal:
    """Return the principal that a credential proves. Faults: Unauthenticated."""
    match credential:
        case Token(text=text, scheme=AuthScheme.BEARER):
            return by_session(ports, text, now)
        case Token(text=text):
            return by_token(ports, text, now)
        case Session(text=text):
            return by_session(ports, text, now)
        case Password(user=user, password=password):
            return by_password(ports, user, password, now)
        case Identity(mail=mail, secret=secret):
            return by_mail(ports, mail, secret)
        case _:
            assert_never(credential)
