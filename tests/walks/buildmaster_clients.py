"""BuildMaster's clients as they were recorded: what they send, in their order, and what they read of the answers.

The Jenkins plugin 3.1 sends forms with PUT, its key among the fields, and follows no redirect. BuildMasterAutomation
sends its key in a header, JSON to native methods and forms to the others.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from tests.walks.api import Answer, Ask, Json, eventually
from tests.walks.site import Site

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
OPEN = ("pending", "executing")
MODIFIED = {"ModifiedOn_Date": "2026-01-05T10:11:12.0000000Z", "ModifiedBy_User_Name": "SYSTEM"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Jenkins:
    """The plugin, with a key for its calls, and a user for logs alone."""

    site: Site
    key: str
    user: str
    password: str

    def connects(self) -> bool:
        return isinstance(self._native("Applications_GetApplications", Application_Count="1"), list)

    def application(self, title: str) -> int:
        """The id of the application that is picked by its name, in any case."""
        found = self._native("Applications_GetApplications")
        (picked,) = (one for one in found if one["Application_Name"].lower() == title.lower())
        shown = self._native("Applications_GetApplication", Application_Id=str(picked["Application_Id"]))
        assert len(shown["Applications_Extended"]) == 1
        assert shown["Deployables_Extended"] == []
        return int(picked["Application_Id"])

    def latest(self, application: int) -> Json:
        """The release that is meant by LATEST: the first of those that are active."""
        found: list[Json] = self.releases("POST", "", applicationId=application, status="active")
        return found[0]

    def create_build(self, application: int, release: str, variables: Mapping[str, str]) -> str:
        """The number of a new build."""
        named = {"applicationId": application, "releaseNumber": release}
        made = self.releases("PUT", "/builds/create", **named, **{f"${name}": one for name, one in variables.items()})
        return str(made["number"])

    def deploy(self, application: int, release: str, build: str) -> Json:
        """The deployment to the next stage, once it and those that followed by themselves have ended."""
        named = {"applicationId": application, "releaseNumber": release, "buildNumber": build}
        made = self.releases("PUT", "/builds/deploy", **named)
        found: Json = eventually(lambda: self._ended(deploymentId=made[0]["id"], **named))
        eventually(lambda: not self._open(**named))
        return found

    def log(self, deployment: int) -> Answer:
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        path = f"/executions/logs?executionId={deployment}&level=0"
        return self.site.asks(Ask(method="GET", path=path, token="", headers={"Authorization": f"Basic {pair}"}))

    def releases(self, method: str, path: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        """The answer of the Release & Build Deployment API to a form, `$` in its names as it is."""
        body = urlencode({"key": self.key, **fields}, safe="$").encode()
        headers = {**FORM, "charset": "UTF-8"}
        return good(
            self.site.asks(Ask(method=method, path=f"/api/releases{path}", raw=body, token="", headers=headers))
        )

    def _ended(self, **named: object) -> Json | None:
        (found,) = self.releases("POST", "/builds/deployments", **named)
        return found if found["status"] not in OPEN else None

    def _open(self, **named: object) -> list[Json]:
        return [one for status in OPEN for one in self.releases("POST", "/builds/deployments", **named, status=status)]

    def _native(self, name: str, **parameters: str) -> Any:  # noqa: ANN401 - JSON
        query = urlencode({"API_Key": self.key, **parameters})
        return good(self.site.asks(Ask(method="GET", path=f"/api/json/{name}?{query}", token="")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation:
    """The PowerShell module in a session. raft: of its pipelines, the default one."""

    site: Site
    key: str
    raft: int = field(default=1)

    def native(self, name: str, **body: object) -> Any:  # noqa: ANN401 - JSON
        return good(self.asks("POST", f"/api/json/{name}", json.dumps(body).encode(), "application/json"))

    def releases(self, path: str, **fields: object) -> Any:  # noqa: ANN401 - JSON
        return good(self.tries(path, **fields))

    def tries(self, path: str, **fields: object) -> Answer:
        """The answer of the Release & Build Deployment API, whatever it is; without fields to an empty body."""
        return self.asks("POST", f"/api/releases{path}", urlencode(fields, safe="$").encode(), FORM["Content-Type"])

    def create_item(self, application: int | None, kind: int, name: str, content: str) -> None:
        """A script (4) or pipeline (8) is uploaded as an item of the raft, of all applications where none is named."""
        item = {"Raft_Id": self.raft, "Application_Id": application, "RaftItem_Name": name, "RaftItemType_Code": kind}
        encoded = base64.b64encode(content.encode()).decode()
        self.native("Rafts_CreateOrUpdateRaftItem", **item, **MODIFIED, Content_Bytes=encoded, Active_Indicator=True)

    def item(self, application: int, kind: int, name: str) -> str:
        """The content of an item, as it was uploaded."""
        asked = {"Raft_Id": self.raft, "Application_Id": application, "RaftItemType_Code": kind}
        (found,) = self.native("Rafts_GetRaftItems", **asked, RaftItem_Name=name)
        return base64.b64decode(found["Content_Bytes"]).decode()

    def set_variable(self, scope: str, name: str, value: str) -> None:
        assert self.asks("POST", f"/api/variables/{scope}/{quote(name)}", value.encode(), "").status == 200

    def variable(self, scope: str, name: str) -> str:
        return self.asks("GET", f"/api/variables/{scope}/{quote(name)}", None, "").text

    def asks(self, method: str, path: str, body: bytes | None, media: str) -> Answer:
        typed = {"Content-Type": media} if media else {}
        headers = {"X-ApiKey": self.key, **typed}
        return self.site.asks(Ask(method=method, path=path, raw=body, token="", headers=headers))


def good(answer: Answer) -> Any:  # noqa: ANN401 - JSON
    """What a call answers that goes well, without a redirect."""
    assert answer.status == 200, answer
    return answer.json
