"""What answering a request needs: ports, clock, ids and authentication. `app_context` makes it."""

from collections.abc import Callable
from datetime import datetime
from typing import Generic, TypeVar

from chalicelib.http.credential import Credential
from chalicelib.kernel.access.principal import Principal
from chalicelib.use_cases.ports.access import Idempotency
from slipway_formats.frozen import frozen

Ports = TypeVar("Ports")


def _nowhere(_ports: object) -> str:
    return ""


def _closed(_ports: object) -> bool:
    return False


def _any(_ports: object, _project: str) -> bool:
    return True


def _never(_ports: object, _caller: Principal, _namespace: str) -> bool:
    return False


@frozen
class RequestContext(Generic[Ports]):
    """What every request is answered with.

    ports_of: made on first use. principal_of: verifies a credential; raises Unauthenticated. project_of: the project
    that owns a namespace, or an application in the default one. may_see: true when a caller without a role in the
    project of a namespace may read it. has_project: false of a project that does not exist. is_open: true where rows
    that may be opened are open to anybody.
    """

    ports_of: Callable[[], Ports]
    now: Callable[[], datetime]
    new_id: Callable[[], str]
    principal_of: Callable[[Ports, Credential, datetime], Principal]
    project_of: Callable[[Ports, str, str], str | None]
    records_of: Callable[[Ports], Idempotency]
    may_see: Callable[[Ports, Principal, str], bool] = _never
    has_project: Callable[[Ports, str], bool] = _any
    public_url_of: Callable[[Ports], str] = _nowhere
    is_open: Callable[[Ports], bool] = _closed
