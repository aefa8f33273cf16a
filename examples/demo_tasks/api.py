"""The Deploy API as its clients call it, behind `/apps/deploy-api`: watched until what was asked for has come about."""

import time
from urllib.parse import quote

from examples.demo.__main__ import check
from examples.demo.platform import Failed

API = "/apps/deploy-api"
PAUSE = 0.25
PATIENCE = 60
MARKS = {"SUCCEEDED": "✓", "AVAILABLE": "✓", "FAILED": "✗", "ERROR": "✗", "RUNNING": "●"}


class Tasks:
    """The tasks and pipelines of a namespace, by the platform's door."""

    def __init__(self, platform, repository, namespace):
        self.platform, self.repository, self.namespace = platform, repository, namespace

    def get(self, path):
        """What the API answers to a GET."""
        return self.platform.ask("GET", f"{API}{path}")

    def post(self, path, **fields):
        """What the API answers to fields."""
        return self.platform.ask("POST", f"{API}{path}", fields)

    def refusal(self, method, path, status, fields=None):
        """The text with which a call is refused with a status; nothing when it is not."""
        try:
            self.platform.ask(method, path, fields)
        except Failed as failed:
            return str(failed) if f" answered {status}: " in str(failed) else None
        return None

    def deployed(self, directory):
        """The task that deploys a directory under the name in its manifest."""
        path = f"/v2/task/elaborate/deploy/{self.repository}/{quote(directory, safe='')}"
        return self.post(path, namespace=self.namespace)

    def once(self, made, status, until=lambda state: True):
        """The state of a task or pipeline once it has this status and is as wanted; every change is printed."""
        told, deadline = {}, time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            state = self.get(made["state_url"])
            for name, now in things(state):
                if told.get(name) != now:
                    print(f"  {MARKS.get(now, '◆')} {name}: {now}", flush=True)
                told[name] = now
            if state["status"] == status and until(state):
                return state
            time.sleep(PAUSE)
        raise Failed(f"{state['name']} is {state['status']}, not {status}: {state['message']}")

    def log(self, task):
        """All that the pods of a task have said so far."""
        return "".join(chunk["text"] for chunk in self.get(f"/v1/task/logs/{task}")["chunks"])

    def listed(self, kind):
        """Names and statuses of the namespace's tasks of a kind: jobs, cronJobs, deployments, services."""
        return {one["name"]: one["status"] for one in self.get(f"/v1/list/tasks/{self.namespace}")[kind]}

    def delete(self, kind, name):
        """What is deleted with a task."""
        return self.platform.ask("DELETE", f"{API}/v1/delete/{kind}/{self.namespace}/{name}")["deleted"]


def things(state):
    """Name and status of all that a state tells of."""
    yield from ((f"{state['name']} / {task['name']}", task["status"]) for task in state.get("tasks", ()))
    yield from ((f"{pod['name']} (start {pod['restarts'] + 1})", pod["phase"]) for pod in state.get("pods", ()))
    yield state["name"] or state["directory"], state["status"]


def eventually(claim, holds):
    """Say what holds within a minute, or stop."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if holds():
            check(claim, True)
            return
        time.sleep(PAUSE)
    raise Failed(claim)
