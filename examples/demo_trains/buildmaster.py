"""BuildMaster's API as its clients call it: by forms and by JSON, with a key."""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request

from examples.demo.platform import Failed

PATIENCE = 60
PAUSE = 0.25
OPEN = ("pending", "executing")
MARKS = {"succeeded": "✓", "warned": "▲", "failed": "✗", "executing": "●", "pending": "◆"}


class Refused(Exception):
    """What the API says of what it does not do. status: of HTTP."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


class BuildMaster:
    """A client with a key."""

    def __init__(self, address, key):
        self.address, self.key = address, key

    def releases(self, method, path, **form):
        """What the Release & Build Deployment API answers to a form; its variables are named `_name` here."""
        fields = {f"${name[1:]}" if name.startswith("_") else name: text for name, text in form.items()}
        text = self._text(method, f"/api/releases{path}", urllib.parse.urlencode(fields, safe="$").encode())
        return json.loads(text) if text else None

    def native(self, name, **body):
        """What a native method answers."""
        text = self._text("POST", f"/api/json/{name}", json.dumps(body).encode(), "application/json")
        return json.loads(text) if text else None

    def environment(self, name):
        """A new environment of the installation."""
        self._text("POST", f"/api/infrastructure/environments/create/{name}", b"{}", "application/json")

    def variable(self, scope, name, value):
        """A variable of a scope, as its raw value."""
        self._text("PUT", f"/api/variables/{scope}/{name}", str(value).encode(), "text/plain")

    def item(self, application, kind, name, content):
        """A script or pipeline of an application. kind: 4 for a script, 8 for a pipeline."""
        encoded = base64.b64encode(content.encode()).decode()
        self.native(
            "Rafts_CreateOrUpdateRaftItem",
            Raft_Id=1,
            Application_Id=application,
            RaftItem_Name=name,
            RaftItemType_Code=kind,
            Content_Bytes=encoded,
        )

    def log(self, deployment):
        """The log of a deployment."""
        return self._text("GET", f"/executions/logs?executionId={deployment}&level=0", None)

    def ended(self, deployment):
        """A deployment once it has ended; each change of it is printed."""
        last, until = "", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            (found,) = self.releases("POST", "/builds/deployments", deploymentId=deployment["id"])
            if found["status"] != last:
                last = found["status"]
                where = f"{found['releaseNumber']} build {found['buildNumber']} to {found['pipelineStageName']}"
                print(f"  {MARKS[last]} {found['plan']}: {where} {last}", flush=True)
            if last not in OPEN:
                return found
            time.sleep(PAUSE)
        raise TimeoutError(f"deployment {deployment['id']}")

    def refusal(self, path, **form):
        """The text with which a call is refused, which must be."""
        try:
            said = self.releases("PUT", path, **form)
        except Refused as refused:
            print(f"  {refused.status} {refused}", flush=True)
            return str(refused)
        raise Failed(f"{path} was not refused: {said}")

    def _text(self, method, path, content, media="application/x-www-form-urlencoded"):
        headers = {"X-ApiKey": self.key, "Content-Type": media}
        request = urllib.request.Request(f"{self.address}{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return reply.read().decode()
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from error
