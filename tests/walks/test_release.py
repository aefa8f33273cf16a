"""A change on its whole way through the State Service: a push, a build, a release, a pipeline, a word, production.

The runner, git and the scripts are real; what happened is seen by the files that scripts leave, by tags, and by states.
"""

import hashlib
import hmac
import json
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from tests.http_server import HttpServer
from tests.walks.api import Ask, Json, eventually
from tests.walks.site import Site

PROJECT = "ship"
STATE = f"/api/v1/state/{PROJECT}/environments"
BUILD = f"{STATE}/staging/builds/by-name/app"
JOBS = f"/api/v1/deployment-jobs/by-project/{PROJECT}"
PIPELINES = f"/api/v1/pipelines/by-project/{PROJECT}"
SHIP = f"{PIPELINES}/by-name/ship"
PATIENCE = 120.0

PLAN = """name: walks/ship
version: 0.1.@
provides: [shop]
includes: [stage.sh]
build: build.sh
test: test.sh
deploy: deploy.sh
smoke: smoke.sh
destroy: destroy.sh
inputs:
- {id: word, default: hello}
outputs:
- {id: url}
errands:
  greet:
    script: greet.sh
    inputs: [{id: whom, default: nobody}]
"""
STAGE = """#!/bin/sh
echo "$SLIPWAY_ENVIRONMENT $INPUT_word $INPUT_whom" | sed 's/ *$//' >> {folder}/ship-$1
[ "$1" != smoke ] || [ ! -e {folder}/ship-ill ]
"""
STAGES = ("build", "test", "deploy", "smoke", "destroy", "greet")
OUTPUTS = 'printf \'{"url": "http://%s"}\' "$SLIPWAY_ENVIRONMENT" > .escape/outputs.json\n'


class Hook(BaseHTTPRequestHandler):
    """Somebody else's system, which is told."""

    def do_POST(self) -> None:
        """Remember what was said."""
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.server.told.append((self.path, json.loads(body or b"null")))  # type: ignore[attr-defined]  # Listener's
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Nothing."""


class Listener(HttpServer):
    """Its server."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Hook)
        self.told: list[tuple[str, Any]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


@dataclass(frozen=True, kw_only=True)
class Shipped:
    """What the walk has seen on its way."""

    execution: Json
    path: str
    by: str
    commit: str
    waiting: Json = field(default_factory=dict)


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def place(site: Site, listener: Listener, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The site, with a project, its repository, its build, its jobs and its pipelines."""
    site.project(PROJECT, "staging", "production")
    site.post(f"/api/v1/state/{PROJECT}/add-namespace", {"name": "walks-ship"})
    origin = repository(site, tmp_path_factory.mktemp("ship") / "origin")
    site.post(f"/api/v1/state/{PROJECT}/repositories/add-repository", {"name": "origin", "url": str(origin)})
    step = {"override_namespace": "walks-ship", "run_deploy": False, "tag_git": True, "ignore_file_changes": ["*.md"]}
    site.post(f"{STATE}/staging/builds/", {"name": "app", "repo": "origin", "branch": "main", "steps": [step]})
    for environment in ("staging", "production"):
        job = {"environment": environment, "deployment": "app", "release": "walks-ship/ship"}
        site.post(f"{JOBS}/add", {**job, "inputs": {"word": f"in-{environment}"}})
    site.user("ship-boss", f"project:{PROJECT}:global:read")
    site.pipeline(PROJECT, "afterwards", [{"name": "clean", "environment": "staging", "steps": [DESTROY]}])
    site.pipeline(PROJECT, "ship", phases(listener))
    return site


DESTROY = {"name": "destroy", "type": "run-destroy", "deployment": "app"}


def phases(listener: Listener) -> list[Json]:
    """All eight types of steps."""
    deploy = {"name": "deploy", "type": "deploy", "deployment": "app"}
    from_staging = {"update_version_deployment": "app", "update_version_environment": "staging"}
    afterwards = {"type": "pipeline-trigger", "pipeline": "afterwards", "wait_for_pipeline": True}
    greet = {"type": "run-errand", "deployment": "app", "errand_name": "greet", "errand_inputs": {"whom": "ann"}}
    return [
        {
            "name": "build",
            "environment": "staging",
            "steps": [{"name": "build", "type": "build", "build": "app", "trigger_pipeline_on_build": True}],
        },
        {
            "name": "staging",
            "environment": "staging",
            "steps": [
                {**deploy, "update_version": "last-version-in-pipeline", **tag("staged")},
                {"name": "smoke", "type": "run-smoke", "deployment": "app", "needs": ["deploy"]},
                {"name": "greet", **greet, "needs": ["smoke"]},
            ],
        },
        {"name": "word", "steps": [{"name": "go?", "type": "confirmation", "user": "ship-boss"}]},
        {
            "name": "production",
            "environment": "production",
            "steps": [
                {**deploy, "update_version": "version-from-deployment-job", **from_staging},
                {
                    "name": "tell",
                    "type": "webhook-trigger",
                    "webhook_url": f"{listener.address}/x",
                    "needs": ["deploy"],
                },
                {"name": "after", **afterwards, "needs": ["tell"]},
            ],
        },
    ]


def tag(name: str) -> Json:
    of = {"namespace": "walks-ship", "application": "ship", "tag_version": "highest-version-in-pipeline"}
    return {"tag": name, **of}


def repository(site: Site, folder: Path) -> Path:
    folder.mkdir()
    (folder / "escape.yml").write_text(PLAN)
    (folder / "stage.sh").write_text(STAGE.format(folder=site.folder))
    for stage in STAGES:
        (folder / f"{stage}.sh").write_text(f"#!/bin/sh\nset -e\nsh ./stage.sh {stage}\n{OUTPUTS}")
        (folder / f"{stage}.sh").chmod(0o755)
    git = partial(subprocess.run, cwd=folder, check=True, capture_output=True)
    who = ("-c", "user.name=Ann", "-c", "user.email=ann@example.org")
    git(["git", "init", "--quiet", "--initial-branch=main"])
    git(["git", "add", "--all"])
    git(["git", *who, "commit", "--quiet", "--message", "Ship it"])
    return folder


def git_of(site: Site, *words: str) -> str:
    """What git says in the repository."""
    (folder,) = (one["url"] for one in site.get(f"/api/v1/state/{PROJECT}/repositories/").values())
    return subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def pushed(place: Site, changed: str) -> Json:
    """What the build's webhook answers to a push, as GitHub tells and signs it."""
    token = place.get(f"{BUILD}/")["webhook_token"]
    commit = git_of(place, "rev-parse", "HEAD")
    head = {"id": commit, "message": "Ship it", "author": {"name": "Ann"}, "added": [], "removed": []}
    payload = {"ref": "refs/heads/main", "after": commit, "head_commit": {**head, "modified": [changed]}}
    raw = json.dumps({**payload, "commits": [payload["head_commit"]]}).encode()
    signature = hmac.new(token.encode(), raw, hashlib.sha256).hexdigest()
    headers = {"X-GitHub-Event": "push", "X-Hub-Signature-256": f"sha256={signature}"}
    path = f"{STATE}/staging/builds/webhook/{token}"
    answer = place.asks(Ask(method="POST", path=path, raw=raw, token="", headers=headers))
    assert answer.status == 200, answer
    found: Json = answer.json
    return found


def steps_of(execution: Json) -> dict[str, Json]:
    """The steps by phase and name."""
    return {
        f"{phase['name']}/{step['name']}": step for phase in execution["pipeline"]["phases"] for step in phase["steps"]
    }


def seen(place: Site, path: str, status: str, step: str = "") -> Json:
    """The execution, as soon as it, or a step of it, has the status."""

    def found() -> Json | None:
        execution: Json = place.get(path)
        assert status == "failed" or execution["status"] != "failed", execution
        there = steps_of(execution)[step]["status"] if step else execution["status"]
        return execution if there == status else None

    made: Json = eventually(found, PATIENCE)
    return made


@pytest.fixture(scope="module")
def shipped(place: Site) -> Shipped:
    """The change in production, by way of a push and a word."""
    boss = place.login("ship-boss")
    commit = git_of(place, "rev-parse", "HEAD")
    assert pushed(place, "README.md") == {"skipped": "no changed file concerns a step of the build"}
    assert place.get(f"{BUILD}/executions/") == []
    build = f"{BUILD}/executions/{pushed(place, 'stage.sh')['id']}"
    eventually(lambda: place.get(f"{build}/")["status"] == "ok", PATIENCE)
    (begun,) = eventually(lambda: place.get(f"{SHIP}/executions/"), PATIENCE)
    path = f"{SHIP}/executions/{begun['id']}"
    waiting = seen(place, f"{path}/", "pending", "word/go?")
    code = eventually(lambda: steps_of(place.get(f"{path}/", boss))["word/go?"].get("confirmation_code"))
    page = place.asks(Ask(method="GET", path=f"{path}/confirmation/{code}/approve", token=boss, headers=BROWSER))
    assert "<form" in page.text
    assert steps_of(place.get(f"{path}/"))["word/go?"]["status"] == "pending"
    place.get(f"{path}/confirmation/{code}/approve?notes=go", boss)
    return Shipped(execution=seen(place, f"{path}/", "ok"), path=path, by=build, commit=commit, waiting=waiting)


BROWSER = {"Accept": "text/html"}


def test_the_build_says_what_it_was_made_from_and_made(place: Site, shipped: Shipped) -> None:
    build = place.get(f"{shipped.by}/")

    assert build["release_id"] == "walks-ship/ship-v0.1.0"
    assert (build["commit"]["revision"], build["commit"]["author"]) == (shipped.commit, "Ann <ann@example.org>")
    assert git_of(place, "rev-parse", "walks-ship/ship-v0.1.0^{commit}") == shipped.commit
    assert place.lines("ship-build") == ["staging hello"]
    assert any("releasing walks-ship/ship-v0.1.0" in one["text"] for one in place.get(f"{shipped.by}/logs"))


def test_nothing_was_in_production_before_the_word(shipped: Shipped) -> None:
    before = steps_of(shipped.waiting)

    assert [before[f"production/{name}"]["status"] for name in ("deploy", "tell", "after")] == ["new"] * 3
    assert [before[f"staging/{name}"]["status"] for name in ("deploy", "smoke", "greet")] == ["ok"] * 3


def test_every_step_did_its_work_once_and_in_order(place: Site, shipped: Shipped) -> None:
    assert {name: step["status"] for name, step in steps_of(shipped.execution).items()} == dict.fromkeys(
        (
            "build/build",
            "staging/deploy",
            "staging/smoke",
            "staging/greet",
            "word/go?",
            "production/deploy",
            "production/tell",
            "production/after",
        ),
        "ok",
    )
    assert (shipped.execution["run_nr"], shipped.execution["status"]) == (1, "ok")
    assert place.lines("ship-deploy") == ["staging in-staging", "production in-production"]
    assert place.lines("ship-smoke") == ["staging in-staging"]
    assert place.lines("ship-greet") == ["staging in-staging ann"]
    assert place.lines("ship-destroy")[-1] == "staging in-staging"


def test_the_release_is_tagged_and_others_were_told(place: Site, shipped: Shipped, listener: Listener) -> None:
    tags = place.get("/api/v1/inventory/walks-ship/units/ship/tags/")

    assert tags == {"staged": "0.1.0"}
    assert [path for path, _ in listener.told] == ["/x"]
    assert shipped.execution["id"] in json.dumps(listener.told[0][1])


def test_the_state_tells_what_is_where_and_who_brought_it(place: Site, shipped: Shipped) -> None:
    production = place.get(f"{STATE}/production/?full=true")["deployments"]["app"]
    stage = production["stages"]["deploy"]

    assert production["release"] == "walks-ship/ship"
    assert (stage["version"], stage["status"]["status"]) == ("0.1.0", "ok")
    assert stage["calculated_inputs"] == {"word": "in-production"}
    assert stage["calculated_outputs"] == {"url": "http://production"}
    assert stage["status"]["updated_by"] == shipped.execution["started_by"]
    assert place.get(f"{STATE}/production/providers/") == {"shop": ["app"]}
    staging = place.get(f"{STATE}/staging/?full=true")["deployments"]["app"]
    assert staging["stages"]["deploy"]["status"]["status"] == "empty"


def test_each_job_has_its_executions_with_what_came_of_them(place: Site, shipped: Shipped) -> None:
    assert shipped.execution["status"] == "ok"
    done = place.get(f"{JOBS}/by-environment/staging/by-name/app/executions/")
    (deployed,) = place.get(f"{JOBS}/by-environment/production/by-name/app/executions/")

    assert [one["action"] for one in done] == ["destroy", "errand", "smoke", "deploy"]
    assert (deployed["version"], deployed["outputs"], deployed["inputs"]) == (
        "0.1.0",
        {"url": "http://production"},
        {"word": "in-production"},
    )
    (after,) = place.get(f"{PIPELINES}/by-name/afterwards/executions/")
    assert (after["status"], after["run_nr"]) == ("ok", 1)


def test_a_retry_keeps_what_went_well(place: Site, shipped: Shipped) -> None:
    assert shipped.execution["status"] == "ok"
    name = place.pipeline(PROJECT, "again", [{"name": "only", "environment": "staging", "steps": SHORT}])
    before = len(place.lines("ship-deploy"))
    (place.folder / "ship-ill").touch()
    path = f"{PIPELINES}/by-name/{name}/executions/{place.trigger(PROJECT, name)}"
    failed = steps_of(seen(place, f"{path}/", "failed"))
    (place.folder / "ship-ill").unlink()

    place.post(f"{path}/retry")
    well = steps_of(seen(place, f"{path}/", "ok"))

    assert [failed[f"only/{one}"]["status"] for one in ("deploy", "smoke")] == ["ok", "failed"]
    assert [well[f"only/{one}"]["status"] for one in ("deploy", "smoke")] == ["ok", "ok"]
    assert len(place.lines("ship-deploy")) == before + 1
    assert place.get(f"{path}/")["run_nr"] == 1


SHORT = [
    {"name": "deploy", "type": "deploy", "deployment": "app", "update_version": "latest-version"},
    {"name": "smoke", "type": "run-smoke", "deployment": "app", "needs": ["deploy"]},
]


def test_a_deployment_by_hand_begins_the_pipeline_that_waits_for_it(place: Site, shipped: Shipped) -> None:
    assert shipped.execution["status"] == "ok"
    awaiting = {"name": "deploy", "type": "deploy", "deployment": "app", "trigger_pipeline_on_deploy": True}
    noop = {"name": "then", "type": "noop", "needs": ["deploy"]}
    place.pipeline(PROJECT, "waits", [{"name": "only", "environment": "production", "steps": [awaiting, noop]}])
    before = len(place.lines("ship-deploy"))

    job = f"{JOBS}/by-environment/production/by-name/app"
    by_hand = place.post(f"{job}/trigger", {"version": "0.1.0", "inputs": {"word": "by-hand"}})["id"]

    (begun,) = eventually(lambda: place.get(f"{PIPELINES}/by-name/waits/executions/"), PATIENCE)
    ended = seen(place, f"{PIPELINES}/by-name/waits/executions/{begun['id']}/", "ok")
    assert [step["status"] for step in steps_of(ended).values()] == ["ok", "ok"]
    assert place.lines("ship-deploy")[before:] == ["production by-hand"]
    assert place.get(f"{job}/executions/{by_hand}/")["started_by"] == ended["started_by"]
