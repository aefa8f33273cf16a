"""The API as the walks ask it, wherever it is: on this machine, or deployed."""

import http.client
import json
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import psutil

# Deadlines after which a walk is given up, for a machine under load: nothing waits for one that comes true before.
START = 120.0
SOON = 60.0
A_RUN = 120.0
PAUSES = (0.05, 0.25)
"""Seconds between two looks, the first and the longest: each look is a request, of a platform that has work to do."""

BAD = frozenset({"failed", "broken", "rejected", "cancelled", "superseded"})
ENDED = BAD | {"succeeded", "skipped", "overridden"}

Json = dict[str, Any]


def eventually(claim: Callable[[], Any], seconds: float = SOON) -> Any:  # noqa: ANN401 - whatever the claim answers
    """What the claim answers as soon as it is true; a platform that is just coming back is asked again."""
    deadline = time.monotonic() + seconds
    last, pause = None, PAUSES[0]
    while True:
        try:
            last = claim()
        except (OSError, http.client.HTTPException, psutil.Error, KeyError) as error:
            last, answer = error, None
        else:
            answer = last
        if answer:
            return answer
        assert time.monotonic() < deadline, f"it did not come true within {seconds:g} s; last seen: {last!r}"
        time.sleep(pause)
        pause = min(pause * 1.2, PAUSES[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the API answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        return json.loads(self.text) if self.text.strip() else None

    @property
    def paths(self) -> list[str]:
        """The places of the defects."""
        return [one["path"] for one in self.json["errors"]]

    @property
    def said(self) -> str:
        """Message and defects in one text."""
        return "\n".join([self.json["message"], *(one["message"] for one in self.json["errors"])])


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request. token: of who asks, the admin where there is none; blank for nobody. raw: a body as it is."""

    method: str
    path: str
    body: object = None
    raw: bytes | None = None
    token: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Api(ABC):
    """A platform that answers at an address."""

    @property
    @abstractmethod
    def address(self) -> str:
        """Where it answers, without a slash at the end."""

    @property
    @abstractmethod
    def admin_token(self) -> str:
        """Of who asks, where nothing else is said."""

    def asks(self, ask: Ask) -> Answer:
        """The answer, whatever it is."""
        place = urlsplit(self.address)
        connection = http.client.HTTPConnection(place.netloc, timeout=SOON)
        body = ask.raw if ask.raw is not None else None if ask.body is None else json.dumps(ask.body).encode()
        token = self.admin_token if ask.token is None else ask.token
        own = {"Authorization": f"Bearer {token}"} if token else {}
        typed = {"Content-Type": "application/json"} if body is not None else {}
        try:
            connection.request(ask.method, f"{place.path}{ask.path}", body, {**own, **typed, **ask.headers})
            reply = connection.getresponse()
            headers = {name.lower(): value for name, value in reply.getheaders()}
            return Answer(status=reply.status, headers=headers, text=reply.read().decode())
        finally:
            connection.close()

    def get(self, path: str, token: str | None = None) -> Any:  # noqa: ANN401 - JSON
        return _good(self.asks(Ask(method="GET", path=path, token=token)))

    def post(self, path: str, body: object = None, token: str | None = None) -> Any:  # noqa: ANN401 - JSON
        return _good(self.asks(Ask(method="POST", path=path, body=body, token=token)))

    def project(self, name: str, *environments: str) -> str:
        """A new project with these environments."""
        self.post(f"/api/v1/state/{name}/add-project", {})
        for environment in environments:
            self.post(f"/api/v1/state/{name}/environments/", {"name": environment})
        return name

    def pipeline(self, project: str, name: str, phases: Sequence[Json], **more: object) -> str:
        """A new pipeline."""
        self.post(f"/api/v1/pipelines/by-project/{project}/add", {"name": name, "phases": list(phases), **more})
        return name

    def trigger(self, project: str, name: str, inputs: Json | None = None, token: str | None = None) -> str:
        """The id of a new run of a pipeline."""
        path = f"/api/v1/pipelines/by-project/{project}/by-name/{name}/trigger"
        run_id: str = self.post(path, {"inputs": inputs or {}}, token)["id"]
        return run_id

    def run(self, run_id: str) -> Json:
        found: Json = self.get(f"/api/v1/runs/{run_id}")
        return found

    def until(self, run_id: str, claim: Callable[[Json], Any], seconds: float = A_RUN) -> Json:
        """The run as soon as the claim holds of it."""

        def seen() -> Json | None:
            run = self.run(run_id)
            return run if claim(run) else None

        try:
            found: Json = eventually(seen, seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}; run: {told(self.run(run_id))}") from error
        return found

    def ended(self, run_id: str, seconds: float = A_RUN) -> Json:
        """The run, once it has ended."""
        return self.until(run_id, lambda run: run["phase"] in ENDED, seconds)

    def act(self, run_id: str, act: str, **more: object) -> Answer:
        return self.asks(Ask(method="POST", path=f"/api/v1/runs/{run_id}/acts", body={"act": act, **more}))

    def decide(self, run_id: str, decision: str, token: str | None = None, **more: object) -> Answer:
        body = {"decision": decision, **more}
        return self.asks(Ask(method="POST", path=f"/api/v1/runs/{run_id}/decisions", body=body, token=token))

    def user(self, name: str, *roles: str) -> str:
        """The token of a new user with these roles."""
        body = {"name": name, "email": f"{name}@example.com", "roles": list(roles), "password": _password_of(name)}
        self.post("/api/v1/users", body)
        return self.login(name)

    def login(self, name: str) -> str:
        """A token of a user that was made here."""
        login = {"email": f"{name}@example.com", "password": _password_of(name)}
        answer = self.asks(Ask(method="POST", path="/api/v1/auth/email/login", body=login, token=""))
        assert answer.status == 200, answer
        return answer.headers["x-escape-token"]


def _good(answer: Answer) -> Any:  # noqa: ANN401 - JSON
    assert answer.status == 200, answer
    return answer.json


def _password_of(name: str) -> str:
    return f"{name}-0123456789"


def nodes(run: Json, name: str) -> list[Json]:
    """The states of the gate or step of this name, one for each stage execution, oldest first."""
    return [node for stage in run["stages"] for node in stage["nodes"] if node["name"] == name]


def node(run: Json, name: str) -> Json:
    """The latest state of the gate or step of this name."""
    return nodes(run, name)[-1]


def told(run: Json) -> str:
    """The run in one line, for who reads why a walk failed."""
    of = ", ".join(
        f"{one['name']}={one['phase']}({one['reason']})" for stage in run["stages"] for one in stage["nodes"]
    )
    return f"{run['id']} {run['phase']} ({run['reason']}): {of}"


def script(name: str, text: str, **more: object) -> Json:
    """A step that runs a script."""
    return {"name": name, "type": "script", "script": text, **more}
