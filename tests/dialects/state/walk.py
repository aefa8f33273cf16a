"""One walk past every row of the State Service: a project is set up, built, piped to production, and looked back at."""

from datetime import timedelta
from typing import Any

from chalicelib.kernel.engine.events import Outcome
from chalicelib.use_cases.jobs.lease import LeasedJob
from chalicelib.use_cases.ports.logs import Words
from tests.dialects.state.site import Site
from tests.teams import add_person, add_team

WEB = "/api/v1/state/web"
STAGING = f"{WEB}/environments/staging"
PRODUCTION = f"{WEB}/environments/production"
BUILD = f"{STAGING}/builds/by-name/app"
JOBS = "/api/v1/deployment-jobs"
JOB = f"{JOBS}/by-project/web/by-environment/staging/by-name/demo%2Fapp"
PIPELINES = "/api/v1/pipelines"
PIPELINE = f"{PIPELINES}/by-project/web/by-name/release"

STATE = {
    "name": "demo/hand",
    "release": "demo/hand",
    "stages": {
        "deploy": {
            "version": "0.1",
            "status": {"status": "ok", "updated_at": "2026-06-01T11:00:00Z", "updated_by": "cli"},
            "calculated_outputs": {"url": "http://x"},
            "provides": ["web"],
        }
    },
}
PHASES = [
    {
        "name": "staging",
        "environment": "staging",
        "steps": [
            {"name": "build", "type": "build", "build": "app", "trigger_pipeline_on_build": True},
            {
                "name": "deploy",
                "type": "deploy",
                "deployment": "demo/app",
                "update_version": "last-version-in-pipeline",
                "needs": ["build"],
            },
            {"name": "smoke", "type": "run-smoke", "deployment": "demo/app", "needs": ["deploy"]},
        ],
    },
    {
        "name": "production",
        "environment": "production",
        "gates": [{"name": "go", "type": "approval", "team": "ops", "description": "may it go live?"}],
        "steps": [
            {
                "name": "deploy",
                "type": "deploy",
                "deployment": "demo/app",
                "update_version": "last-version-in-pipeline",
                "tag": "production",
                "namespace": "demo",
                "application": "app",
            },
            {"name": "all well?", "type": "confirmation", "user": "ada", "needs": ["deploy"]},
        ],
    },
]


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    projects(site)
    remote_state(site)
    builds(site)
    deployment_jobs(site)
    pipelines(site)
    looking_back(site)
    cleaning(site)


def projects(site: Site) -> None:
    site.done("POST", "/api/v1/state/shop/add-project", {"description": "sells"}, by="root")
    site.done("PUT", f"{WEB}/", {"description": "the web", "org_url": "https://x", "groups": ["ops"]}, by="olga")
    site.done("POST", f"{WEB}/environments/", {"name": "qa", "description": "for tests"})
    site.done("PUT", f"{STAGING}/", {"description": "try here", "inputs": {"region": "eu"}})
    site.done("POST", f"{WEB}/change-environment-order", {"order": ["qa", "staging", "production"]})
    site.get("/api/v1/state/", by="root")
    site.get(f"{WEB}/")
    code = {"name": "code", "url": "file:///srv/app.git", "branch": "main", "private_key": "KEY"}
    site.done("POST", f"{WEB}/repositories/add-repository", code)
    site.done("PUT", f"{WEB}/repositories/code/", {"url": "file:///srv/app.git", "branch": "main", "username": "git"})
    site.get(f"{WEB}/repositories/")
    site.done("POST", f"{WEB}/add-namespace", {"name": "demo", "description": "demos"})
    site.get(f"{WEB}/namespaces/")
    site.get("/api/v1/state/namespaces", by="bob")


def remote_state(site: Site) -> None:
    named = f"{STAGING}/deployments/?deployment=demo%2Fhand"
    site.get(f"{STAGING}/?full=true")
    site.done("POST", named, {"path": "demo/hand", "root_stage": "", "state": STATE})
    child = {"path": "demo/hand:db", "root_stage": "deploy", "state": {"name": "db", "release": "demo/db"}, "extra": 1}
    site.done("PUT", named, child)
    site.get(named)
    site.get(f"{STAGING}/?full=true")
    site.get(f"{STAGING}/providers/")


def builds(site: Site) -> None:
    made = site.done("POST", f"{STAGING}/builds/", {"name": "app", "repo": "code", "steps": [{}]})
    site.get(f"{BUILD}/", by="bob")
    body = {**made, "steps": [{"ignore_file_changes": ["*.md"]}], "branch": "main"}
    site.done("PUT", f"{BUILD}/", body)
    site.done("POST", f"{BUILD}/webhook-secret", by="olga")
    site.get(f"{BUILD}/webhook-secret", by="olga")
    for lists in ("/api/v1/builds/", f"{WEB}/builds/", f"{STAGING}/builds/"):
        site.get(lists, by="bob")
    site.done("POST", f"{BUILD}/trigger-build", {"branch": "feature"})
    site.done("POST", f"{STAGING}/builds/webhook/{made['webhook_token']}", {"branch": "other"}, by="")
    push = {"branch": "main", "commit": "abcdef1", "author": "ada", "message": "m", "changed_files": ["a.py"]}
    heard = site.done("POST", f"{STAGING}/builds/webhook/{made['webhook_token']}", push, by="")
    first, second = site.house.lease(slots=2)
    finish(site, first, Outcome.FAILED)
    execution = f"{BUILD}/executions/{heard['id']}"
    site.done("POST", f"{execution}/logs", [{"text": "one"}, {"text": "two", "stream": "err"}])
    site.get(f"{execution}/logs?after=1")
    site.get(f"{execution}/logs_ws?after=1", by="bob")
    commit = {"revision": "abcdef1234", "branch": "main", "author": "ada", "message": "fix it"}
    site.done("PUT", f"{execution}/commit", commit)
    site.get(f"{execution}/")
    finish(site, second, release="demo/app-v1.1")
    site.get(f"{execution}/")
    for lists in ("/api/v1/builds/executions/", f"{WEB}/builds/executions/", f"{BUILD}/executions/?page_size=1"):
        site.get(lists, by="bob")
    failed = site.get(f"{BUILD}/executions/")[1]
    site.get(f"{BUILD}/executions/{failed['id']}/?explain=yes")
    site.done("POST", f"{BUILD}/executions/{failed['id']}/retry")
    site.done("POST", f"{BUILD}/executions/{failed['id']}/cancel")


def deployment_jobs(site: Site) -> None:
    add = f"{JOBS}/by-project/web/add"
    for environment in ("staging", "production"):
        body = {"environment": environment, "deployment": "demo/app", "release": "demo/app", "inputs": {"port": 80}}
        site.done("POST", add, body)
    body = {"release": "demo/app", "version": "v1.@", "inputs": {"port": 81}}
    site.done("PUT", f"{JOB}/", body)
    site.get(f"{JOB}/")
    lists = (f"{JOBS}/", f"{JOBS}/by-project/web/", f"{JOBS}/by-project/web/by-environment/staging/")
    for each in lists:
        site.get(each, by="bob")
    run = site.done("POST", f"{JOB}/trigger", {"version": "1.0"})["id"]
    site.get(f"{JOB}/executions/{run}/?explain=true", by="bob")
    (leased,) = site.house.lease()
    site.house.logs.add(leased.job.id, Words(ask="words", at=site.house.world.now(), said=(("out", "deploying"),)))
    site.done("POST", f"{JOB}/executions/{run}/logs", {"text": "added"})
    finish(site, leased, release="demo/app-v1.0")
    site.get(f"{JOB}/executions/{run}/")
    site.get(f"{JOB}/executions/{run}/logs")
    site.get(f"{JOB}/executions/{run}/logs_ws", by="bob")
    site.done("POST", f"{JOB}/trigger/smoke")
    finish(site, site.house.lease()[0], Outcome.FAILED)
    errand = {"errand_name": "backup", "errand_inputs": {"to": "s3"}}
    site.done("POST", f"{JOB}/trigger/errand", errand)
    finish(site, site.house.lease()[0])
    destroy = site.done("POST", f"{JOB}/trigger/destroy")["id"]
    site.done("POST", f"{JOB}/executions/{destroy}/cancel")
    site.done("POST", f"{JOB}/executions/{destroy}/retry")
    finish(site, site.house.lease()[0])
    for each in (f"{JOBS}/executions/", f"{JOBS}/by-project/web/executions/", f"{JOB}/executions/"):
        site.get(f"{each}?page_size=2", by="bob")


def pipelines(site: Site) -> None:
    add_team(site.house.ports, "ops")
    add_person(site.house.ports, "ada")
    body = {"name": "release", "phases": PHASES, "triggers": [{"type": "webhook"}]}
    site.get("/schemas/pipeline.json", by="")
    site.done("POST", f"{PIPELINES}/by-project/web/validate", body)
    made = site.done("POST", f"{PIPELINES}/by-project/web/add", body)
    site.done("PUT", f"{PIPELINE}/", {**made, "concurrency": "queue"})
    for each in (f"{PIPELINE}/", f"{PIPELINES}/by-project/web/", f"{PIPELINES}/"):
        site.get(each, by="bob")
    other = site.done("POST", f"{PIPELINE}/trigger", {"inputs": {"why": "because"}})["id"]
    site.done("POST", f"{PIPELINE}/executions/{other}/cancel")
    site.house.work_off()
    site.get(f"{PIPELINE}/executions/{other}/")
    site.done("POST", f"{PIPELINE}/triggers/{made['triggers'][0]['id']}/webhook-secret", by="olga")
    site.get(f"{PIPELINE}/triggers/{made['triggers'][0]['id']}/webhook-secret", by="olga")
    hook = made["triggers"][0]["webhooktoken"]
    run = site.done("POST", f"{PIPELINES}/by-project/web/pipelines/webhook/{hook}", {"branch": "main"}, by="")["id"]
    execution = f"{PIPELINE}/executions/{run}"
    through_staging(site)
    seen = site.get(f"{execution}/")
    code = seen["pipeline"]["phases"][1]["gates"][0]["confirmation_code"]
    site.get(f"{execution}/", by="bob")
    site.get(f"{execution}/?explain=true", by="bob")
    site.get(f"{execution}/confirmation/{code}/approve?notes=go")
    site.house.work_off()
    finish(site, site.house.lease()[0], release="demo/app-v2.0")
    for method in ("POST", "GET"):
        code = step_of(site.get(f"{execution}/"), 1, 1)["confirmation_code"]
        site.done(method, f"{execution}/confirmation/{code}/disapprove")
        site.get(f"{execution}/")
        site.done("POST", f"{execution}/retry")
    code = step_of(site.get(f"{execution}/"), 1, 1)["confirmation_code"]
    site.done("POST", f"{execution}/confirmation/{code}/approve")
    site.get(f"{execution}/")
    confirmations_again(site, execution)
    for each in (f"{PIPELINE}/executions/", f"{PIPELINES}/by-project/web/executions/", f"{PIPELINES}/executions/"):
        site.get(f"{each}?page_size=1", by="bob")


def confirmations_again(site: Site, execution: str) -> None:
    """The other method of both confirmations, with a code that nobody has."""
    assert site.refused("POST", f"{execution}/confirmation/nobody/approve")[0] == 404
    assert site.refused("GET", f"{execution}/confirmation/nobody/disapprove")[0] == 404


def through_staging(site: Site) -> None:
    """The build, the deployment and the smoke test of the pipeline's first phase, each done by a runner."""
    for release in ("demo/app-v2.0", "demo/app-v2.0", ""):
        site.house.work_off()
        (leased,) = site.house.lease()
        finish(site, leased, release=release)


def looking_back(site: Site) -> None:
    site.get(f"{PRODUCTION}/?full=true", by="bob")
    site.get(f"{PRODUCTION}/deployments/?deployment=demo%2Fapp", by="bob")
    before = (site.house.world.now() - timedelta(hours=5)).strftime("%Y-%m-%dT%H:%M:%SZ")
    site.get(f"{PRODUCTION}/?at={before}", by="bob")
    assert site.refused("GET", f"{PRODUCTION}/deployments/?deployment=demo%2Fapp&at={before}")[0] == 404


def cleaning(site: Site) -> None:
    site.done("DELETE", f"{STAGING}/deployments/?deployment=demo%2Fhand")
    site.done("DELETE", f"{PIPELINE}/")
    site.done("DELETE", f"{JOB}/")
    site.done("DELETE", f"{BUILD}/")
    site.done("DELETE", f"{WEB}/repositories/code/")
    assert site.refused("GET", f"{BUILD}/")[0] == 404


def finish(site: Site, leased: LeasedJob, outcome: Outcome = Outcome.SUCCEEDED, *, release: str = "") -> None:
    site.house.world.move(timedelta(seconds=10))
    site.house.finish(leased, outcome, url="http://x", **({"release": release} if release else {}))


def step_of(execution: Any, phase: int, step: int) -> Any:  # noqa: ANN401 - parts of a body
    return execution["pipeline"]["phases"][phase]["steps"][step]
