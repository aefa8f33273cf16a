"""Sessions by a name and a secret, and whose session one is."""

from __future__ import annotations

from typing import Any

from slipway.cli.error import CommandError
from slipway.cli.show import output
from slipway.session import Session

TOKEN_HEADER = "X-Escape-Token"  # noqa: S105 - a header's name


def session_token(api: str, user: str, secret: str) -> str:
    """Log in by a name and a secret, and return the token of the session."""
    from slipway.client import ApiRequest

    path = "/api/v1/auth/service-account/login"
    with output.client_of(Session(api=api)) as client:
        answer = client.send(ApiRequest(method="POST", path=path, body={"username": user, "secret_token": secret}))
    token = str(answer.headers.get(TOKEN_HEADER, ""))
    if not token:
        raise CommandError(f"{api} gave no token", "see whether a Slipway platform answers there")
    return token


def accepted_name(api: str, invitation: str, password: str) -> str:
    """Choose a password by an invitation, and return whose it now is."""
    with output.client_of(Session(api=api)) as client:
        return str(client.post("/api/v1/auth/invitation", {"invitation": invitation, "password": password})["name"])


def who_asks(session: Session) -> dict[str, Any]:
    """Return whose session it is, as the platform knows them."""
    with output.client_of(session) as api:
        who = api.get("/api/v1/auth/whoami")
    if not isinstance(who, dict) or "name" not in who:
        raise CommandError(f"{session.api} does not say who asks", "see whether a Slipway platform answers there")
    return who
