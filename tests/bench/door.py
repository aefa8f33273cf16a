"""The API without a socket: requests as the local gateway takes them, on ports of one's own, with an admin's token."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalice.app import Chalice

import app
from chalicelib.http.app_context import context_of
from chalicelib.http.site.mount import mount
from chalicelib.kernel.access.token import text_of
from chalicelib.use_cases.credentials.ensure_admin import EnsureAdmin, ensure_admin
from chalicelib.use_cases.ports.bundle import Ports
from infra.local.api.gateway import Call, Gateway, gateway_of


class Refusal(Exception):  # noqa: N818 - says what happened, as the faults do
    """The API said no, or something unforeseen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The way in."""

    gateway: Gateway
    token: str

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
        """The JSON that the API answers. Faults: Refusal."""
        answered = self._asked(method, path, body)
        return json.loads(answered) if answered.strip() else None

    def text(self, path: str) -> str:
        """What the API answers in plain text. Faults: Refusal."""
        return self._asked("GET", path, None).decode()

    def _asked(self, method: str, path: str, body: Mapping[str, Any] | None) -> bytes:
        headers = (("authorization", f"Bearer {self.token}"), ("content-type", "application/json"))
        content = b"" if body is None else json.dumps(body).encode()
        address, _, query = path.partition("?")
        call = Call(method=method, path=address, query=query, headers=headers, body=content, caller="127.0.0.1")
        answer = self.gateway.answer(call)
        if answer.status >= 300:
            raise Refusal(f"{method} {path}: {answer.status} {answer.body.decode(errors='replace')[:500]}")
        return answer.body


def door_to(ports: Ports) -> Door:
    """A way in to everything that stands on these ports."""
    text = text_of("of the bench")
    ensure_admin(ports, EnsureAdmin(now=ports.clock.now(), text=text))
    made = Chalice(app_name="bench", configure_logs=False)
    mount(made, app.OPERATIONS, context_of(lambda: ports))
    return Door(gateway=gateway_of(made), token=text)
