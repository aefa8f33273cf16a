"""The rows of the Inventory on a real Chalice app over ports on fakes, and a transcript of what was said."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from chalicelib.dialects.inventory.routes import OPERATIONS
from chalicelib.http.app_context import context_of
from chalicelib.http.credential import Credential, Token
from chalicelib.http.request_context import RequestContext
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.access.role import ADMIN, Level, role_in
from chalicelib.kernel.faults import Unauthenticated
from chalicelib.kernel.projects.project import Project
from chalicelib.use_cases.ports.releases import Packages
from tests.builders import NOON, an_entry
from tests.fakes.inventory import FakeInventory, Inventory, as_ports
from tests.fakes.packages import FakePackages
from tests.http.house import Answered, ask_app
from tests.http.prepared import Prepared
from tests.packages import a_package_file
from tests.use_cases.house import House

PREPARED = Prepared(OPERATIONS)
PRINCIPALS = {
    "root": Principal(name="root", roles=frozenset({ADMIN})),
    "ada": Principal(name="ada", roles=frozenset({role_in("web", Level.WRITE)})),
    "bob": Principal(name="bob", roles=frozenset({role_in("web", Level.READ)})),
    "sam": Principal(name="sam", roles=frozenset({role_in("other", Level.OWNER)})),
    "two": Principal(name="two", roles=frozenset({role_in("web", Level.WRITE), role_in("shop", Level.WRITE)})),
}
INVENTORY = "/api/v1/inventory"
UNIT = f"{INVENTORY}/demo/units/app"
BOUNDARY = "xyz"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
SHOWN_HEADERS = ("Content-Type", "Location", "X-Slipway-SHA256", "X-Next-Page", "ETag", "WWW-Authenticate")


@dataclass
class Site:
    """What somebody asks of the app, on fakes. said: every exchange, in order.

    stored: ports to use in place of the fakes.
    """

    inventory: FakeInventory = field(default_factory=FakeInventory)
    packages: FakePackages = field(default_factory=FakePackages)
    stored: tuple[Inventory, Packages] | None = None
    house: House = field(default_factory=House)
    said: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inventory.audits = self.inventory.outbox.audits = self.house.audits
        inventory, packages = self.stored or (self.inventory, self.packages)
        ports = self.ports = replace(
            self.house.ports, **as_ports(inventory), packages=packages, outbox=self.inventory.outbox
        )
        for name in ("web", "shop"):
            ports.projects.create(Project(name=name, created_at=NOON), an_entry())
        world = self.house.world
        self.app = PREPARED.app(
            RequestContext(
                ports_of=lambda: ports,
                now=world.now,
                new_id=world.identifier,
                principal_of=_principal,
                project_of=lambda ports, namespace, unit: ports.namespaces.project_of(namespace, unit),
                records_of=lambda ports: ports.idempotency,
                may_see=context_of(lambda: ports).may_see,
            )
        )

    def ask(self, method: str, target: str, body: object = None, *, by: str = "ada", **headers: str) -> Answered:
        """The answer to a request. body: bytes as they are, anything else as JSON. by: nobody when empty."""
        content = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        sent |= {"X-Escape-Token": by} if by else {}
        place = PREPARED.gateway.place(method, target.partition("?")[0])
        answered = ask_app(self.app, method, target, content, headers=sent, place=place)
        shown = {name: answered.headers[name] for name in SHOWN_HEADERS if name in answered.headers}
        said = {"asked": f"{method} {target}", "by": by, "status": answered.status, "headers": shown}
        sent_body = body.decode(errors="replace") if isinstance(body, bytes) else body
        self.said.append({**said, **({} if body is None else {"body": sent_body}), "answer": answered.text})
        return answered

    def said_to(self, method: str, target: str, body: object = None, *, by: str = "ada") -> tuple[int, str]:
        """Status and text of what a request answers."""
        answered = self.ask(method, target, body, by=by)
        return answered.status, answered.text

    def get(self, target: str, *, by: str = "ada") -> Any:  # noqa: ANN401 - whatever the body says
        """What a GET answers, which is 200."""
        answered = self.ask("GET", target, by=by)
        assert answered.status == 200, answered.text
        return answered.json

    def register(self, version: str, *, by: str = "ada", **more: object) -> tuple[int, str]:
        """What registering a version of demo/app answers."""
        body = {"name": "app", "version": version, "project": "demo", **more}
        return self.said_to("POST", f"{INVENTORY}/demo/register", body, by=by)

    def upload(self, version: str, content: bytes, *, by: str = "ada") -> Answered:
        """What giving a version of demo/app its package answers. content: a package, or what is in one."""
        target = f"{UNIT}/versions/{version}/upload"
        return self.ask("POST", target, a_form(packed(version, content)), by=by, Content_Type=FORM)


def packed(version: str, content: bytes) -> bytes:
    """The package of a version of demo/app with this content; what is packed already stays as it is."""
    is_packed = content.startswith(b"\x1f\x8b")
    return content if is_packed else a_package_file("app", version.removeprefix("v"), content)


def a_form(content: bytes, name: str = "file") -> bytes:
    """A multipart body, as the CLI sends it."""
    disposition = f'form-data; name="{name}"; filename="/home/me/.escape_target/app-v1.0.tgz"'
    head = f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\nContent-Type: application/octet-stream\r\n\r\n"
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def _principal(_: object, credential: Credential, __: object) -> Principal:
    if isinstance(credential, Token) and credential.text in PRINCIPALS:
        return PRINCIPALS[credential.text]
    raise Unauthenticated("wrong credentials")
