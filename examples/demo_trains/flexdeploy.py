"""FlexDeploy's API as its clients call it: JSON, with a token or by user name and password."""

import base64
import json
import time
import urllib.error
import urllib.parse
import urllib.request

from examples.demo_trains.buildmaster import PATIENCE, PAUSE, Refused

MARKS = {"SUCCESSFUL": "✓", "FAILED": "✗", "OUT_OF_DATE": "✗", "ABORTED": "✗"}


def basic(user, password):
    """The header of a user."""
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


class FlexDeploy:
    """A client. authorization: its header."""

    def __init__(self, address, authorization):
        self.address, self.authorization = f"{address}/flexdeploy/rest", authorization

    def get(self, path, **query):
        """What is there."""
        asked = f"?{urllib.parse.urlencode(query)}" if query else ""
        return self._ask("GET", f"{path}{asked}")

    def post(self, path, **body):
        """What is made, or done."""
        return self._ask("POST", path, body)

    def patch(self, path, **body):
        """What is said anew."""
        return self._ask("PATCH", path, body)

    def refusal(self, path, **body):
        """The status with which a call is refused."""
        try:
            self.post(path, **body)
        except Refused as refused:
            print(f"  {refused.status} {json.loads(str(refused))['message']}", flush=True)
            return refused.status
        return 200

    def _ask(self, method, path, body=None):
        content = json.dumps(body).encode() if body is not None else None
        headers = {"Authorization": self.authorization, "Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.address}/{path}", content, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=30) as reply:
                return json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as error:
            raise Refused(error.code, error.read().decode()) from error


class Travel:
    """The travel of a snapshot, looked at by a client."""

    def __init__(self, api, release, snapshot):
        self.api, self.id = api, snapshot
        self.path = f"v1/releases/{release}/snapshot/{snapshot}/execution"

    def stages(self, **query):
        """Its stages by the names of their environments."""
        shown = self.api.get(self.path, **query)
        return {stage["environmentName"]: stage for stage in shown["pipelineStageExecutions"]}

    def once(self, stage, status, waits=None):
        """The stage once it is so. waits: the gate or step that it waits at then."""
        last, until = "", time.monotonic() + PATIENCE
        while time.monotonic() < until:
            found = self._stage(stage)
            now = found["currentGateName"] or found["currentStepName"]
            said = f"{found['stageExecutionStatus']} {now or ''}".strip()
            if said != last:
                last = said
                print(f"  {MARKS.get(said, '●')} snapshot {self.id} in {stage}: {said}", flush=True)
            if found["stageExecutionStatus"] == status and waits in (None, now):
                return found
            time.sleep(PAUSE)
        raise TimeoutError(f"snapshot {self.id} in {stage} is {last}, not {status}")

    def _stage(self, name):
        nothing = {"stageExecutionStatus": "not there", "currentGateName": None, "currentStepName": None}
        try:
            return self.stages().get(name, nothing)
        except Refused as refused:  # its execution has not begun
            if refused.status == 404:
                return nothing
            raise
