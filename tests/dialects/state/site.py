"""The rows of the State Service on a real Chalice app over ports on fakes, and a transcript of what was said."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from chalicelib.dialects.state.routes import OPERATIONS
from chalicelib.http.credential import Credential, Token
from chalicelib.http.request_context import RequestContext
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.faults import Unauthenticated
from tests.http.house import Answered, ask_app
from tests.http.prepared import Prepared
from tests.use_cases.catalog_ports import READER, ROOT, WHOLE, WRITER, CatalogHouse

PREPARED = Prepared(OPERATIONS)
OLGAS = frozenset({role_in("web", Level.OWNER)})
OWNER = Principal(name="olga", roles=OLGAS, groups=frozenset({"robots"}), scopes=WHOLE)
STRANGER = Principal(name="sam", roles=frozenset({role_in("other", Level.OWNER)}))
PRINCIPALS = {"root": ROOT, "ada": WRITER, "bob": READER, "olga": OWNER, "sam": STRANGER}


@dataclass
class Site:
    """What somebody asks of the app, on fakes. said: every exchange, in order."""

    house: CatalogHouse = field(default_factory=CatalogHouse)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        ports, world = self.house.ports, self.house.world
        self.app = PREPARED.app(
            RequestContext(
                ports_of=lambda: ports,
                now=world.now,
                new_id=world.identifier,
                principal_of=_principal,
                project_of=lambda ports, namespace, unit: ports.namespaces.project_of(namespace, unit),
                records_of=lambda ports: ports.idempotency,
            )
        )

    def ask(self, method: str, target: str, body: object = None, *, by: str = "ada", **headers: str) -> Answered:
        """The answer to a request. body: bytes as they are, anything else as JSON. by: nobody when empty."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"X-Escape-Token": by} if by else {}
        place = PREPARED.gateway.place(method, target.partition("?")[0])
        answered = ask_app(self.app, method, target, content, headers=sent, place=place)
        self._note(f"{method} {target}", by, body, answered)
        return answered

    def get(self, target: str, *, by: str = "ada") -> Any:  # noqa: ANN401 - whatever the body says
        """What a GET answers, which is 200."""
        return self.done("GET", target, by=by)

    def done(self, method: str, target: str, body: object = None, *, by: str = "ada") -> Any:  # noqa: ANN401 - as get
        """What a request answers, which is 200."""
        answered = self.ask(method, target, body, by=by)
        assert answered.status == 200, answered.text
        return answered.json

    def refused(self, method: str, target: str, body: object = None, *, by: str = "ada") -> tuple[int, list[str]]:
        """The status, and the paths of the defects, of a request that is refused."""
        answered = self.ask(method, target, body, by=by)
        return answered.status, [defect["path"] for defect in answered.json["errors"]]

    def _note(self, asked: str, by: str, body: object, answered: Answered) -> None:
        media = answered.headers.get("Content-Type", "")
        sent = body.decode() if isinstance(body, bytes) else body
        self.said.append(
            {
                "asked": asked,
                "by": by,
                **({"body": sent} if sent is not None else {}),
                "status": answered.status,
                "answer": _told(answered, media),
                **({"media": media} if media not in ("", "application/json") else {}),
            }
        )


def _told(answered: Answered, media: str) -> Any:  # noqa: ANN401 - whatever the body says
    """The body as a record can hold it: what is no text as base64."""
    if media.startswith("image/") or "Content-Encoding" in answered.headers:
        return b64encode(answered.content).decode()
    return answered.json if media == "application/json" else answered.text


def _principal(_: object, credential: Credential, __: object) -> Principal:
    if isinstance(credential, Token) and credential.text in PRINCIPALS:
        return PRINCIPALS[credential.text]
    raise Unauthenticated("wrong credentials")
