"""One walk past every row of FlexDeploy's API."""

from base64 import b64encode
from typing import Any

from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, READER, STRANGER
from tests.dialects.matrix.world import PASSWORD, people
from tests.dialects.platform.site import Site

RELEASES = "/flexdeploy/rest/v1/releases"
APPROVAL = {"name": "ask", "type": "approval", "description": "somebody has looked", "team": "ops"}
SCHEDULE = {"name": "at noon", "type": "schedule", "cron": "0 0 12 ? * *;0 0 13 ? * *"}
GROUP = {
    "name": "both",
    "type": "group",
    "needs": ["say"],
    "steps": [{"name": "one", "type": "noop"}, {"name": "two", "type": "noop"}],
}
WAITS = [
    {"name": "a while", "type": "wait", "seconds": 1234},
    {"name": "until then", "type": "wait", "until": "2030-02-20T21:48:00Z"},
]
PHASES = [
    {"name": "Integration", "environment": "int", "steps": [{"name": "say", "type": "noop"}, GROUP]},
    {"name": "Production", "environment": "production", "gates": [APPROVAL, SCHEDULE], "steps": WAITS},
]


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    site.is_silent = False
    execution(site)


def basic(user: str, password: str = PASSWORD) -> str:
    """The header by which a user authenticates."""
    return f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"


def execution(site: Site) -> None:
    site.is_silent = True
    site.done("POST", "/api/infrastructure/environments/create/Int", {"environmentCode": "I"})
    for name in ("int", "production"):
        site.done("POST", "/api/v1/state/web/environments/", {"name": name})
    site.done("POST", "/api/v1/pipelines/by-project/web/add", {"name": "release", "phases": PHASES})
    train = site.done("POST", "/api/v1/trains", {"project": "web", "number": "1.0", "pipeline": "release"})["id"]
    other = site.done("POST", "/api/v1/trains", {"project": "web", "number": "2.0", "pipeline": "release"})["id"]
    made = site.done("POST", f"/api/v1/trains/{train}/snapshots", {})["id"]
    held = site.done("POST", "/api/releases/builds/create", {"releaseId": other})["id"]
    site.house.work_off()
    site.is_silent = False
    path = f"{RELEASES}/{train}/snapshot/{made}/execution"
    shown = read(site, path)
    read(site, f"{path}?gateName=&stepName=&environmentId=")
    first = shown["pipelineStageExecutions"][0]["environmentId"]
    for query in (
        f"environmentId={first}",
        "environmentId=1",
        "gateName=ask",
        "gateName=ASK",
        "gateName=at%20noon",
        f"gateName=ask&environmentId={first}",
        "stepName=two",
        "stepName=a%20while",
        "stepName=two&gateName=ask",
        "explain=true",
    ):
        read(site, f"{path}?{query}")
    for wrong in (
        f"{path}?environmentId=x&environmentId=y",
        f"{path}?environmentId=1.5",
        f"{path}?explain=maybe",
        f"{RELEASES}/x/snapshot/12345678901/execution?environmentId=z",
        f"{RELEASES}/1/snapshot/{made}/execution",
        f"{RELEASES}/{train}/snapshot/1/execution",
        f"{RELEASES}/{other}/snapshot/{made}/execution",
        f"{RELEASES}/{other}/snapshot/{held}/execution",
        f"{RELEASES}/{train}/snapshot",
    ):
        site.ask("GET", wrong, by=ADMIN)
    site.ask("DELETE", path, by=ADMIN)
    site.ask("GET", path, by=STRANGER)
    site.ask("GET", path, by=ANONYMOUS)
    site.ask("GET", path, by=ANONYMOUS, Authorization=basic(READER, "wrong"))
    site.ask("GET", path, by=ANONYMOUS, Authorization=basic(READER))


def read(site: Site, path: str) -> Any:  # noqa: ANN401 - whatever the body says
    """What a reader is shown."""
    return site.ask("GET", path, by=READER).json
