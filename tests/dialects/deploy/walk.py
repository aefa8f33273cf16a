"""One walk past every row of the Deploy API, with the bodies that its clients send."""

import json
from typing import Any
from urllib.parse import urlencode

from chalicelib.http.request import FORM
from chalicelib.kernel.explanation.runner import Runner
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, OWNER, READER, RUNNER, STRANGER, WRITER
from tests.dialects.matrix.world import people
from tests.dialects.platform.site import Site

MULTIPART = "multipart/form-data; boundary=xyz"
NONCE = "nonce-of-sixteen-letters"
JOB: dict[str, Any] = {
    "labels": "app:fibonacci",
    "type": "job",
    "name": "fibonacci",
    "image-destination": "registry/x/fibonacci:0.1",
    "cmd": ["python", "/code/fibbo.py", "10"],
    "cpu-limit": "0.20",
    "memory-limit": "200Mi",
    "cpu-request": "0.15",
    "memory-request": "150Mi",
    "env": [{"name": "FIRST_NAME", "value": "Marc"}],
    "schedule": "",
}
SERVICE = {
    "labels": "app:helloworld",
    "type": "service",
    "name": "helloworld",
    "image": "registry/x/hello:0.1",
    "image-pull-policy": "Always",
    "replicas": 1,
    "container-port": 5000,
    "published": {"access": "team-a", "prefix": "/helloworld/"},
}
WORKER = {"type": "deployment", "name": "worker", "image": "x", "cmd": ["sleep", "9"], "container-port": 5001}
CLUSTER: dict[str, Any] = {
    "name": "cluster_run",
    "original": "pipeline_example",
    "tasks": [
        {"name": "createcluster", "namespacetask": "quick_start/create", "run-if-error": False},
        {"name": "dataprocjob", "namespacetask": "quick_start/dataproc", "dependance": ["createcluster"]},
        {
            "name": "deletecluster",
            "namespacetask": "quick_start/delete",
            "dependance": ["dataprocjob"],
            "run-if-error": True,
        },
    ],
}
CONFIGURED = "/v2/task/deploy/with-configuration"


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    site.done("POST", "/api/v1/state/web/add-project")
    for name, projects in (("quick_start", ["web"]), ("hidden", [])):
        url = f"https://git.example.org/{name}.git"
        site.done("PUT", f"/api/v1/repositories/{name}", {"url": url, "projects": projects})
    for kind, name in (("task", "job_python.json"), ("pipeline", "run.json")):
        site.done("PUT", f"/api/v1/task-templates/{kind}/{name}", {"name": "fibonacci"})
    now = site.house.world.now()
    site.house.ports.runners.note(Runner(pool="default", name="r1", seen_at=now, slots=3, executor="process"))
    site.is_silent = False
    templates(site)
    deploys(site)
    configured(site)
    at_work(site)
    pipelines(site)
    from_git(site)
    lists(site)
    removals(site)
    refusals(site)


def multipart(**fields: str) -> bytes:
    """A form as browsers send it with files."""
    head = "--xyz\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    return f"{''.join(parts)}--xyz--\r\n".encode()


def form(**fields: str) -> bytes:
    """A form as links send it."""
    return urlencode(fields).encode()


def templates(site: Site) -> None:
    site.ask("GET", "/v2/task/list/templates", by=READER)
    site.ask("GET", "/v2/pipeline/list/templates", by=READER)
    site.ask("GET", "/v2/pipeline/list/templates", by=ANONYMOUS)
    path = "job_python.json"
    site.ask("POST", "/v2/task/get/template", form(template_path=path), by=READER, Content_Type=FORM)
    site.ask("POST", "/v2/pipeline/get/template", multipart(template_path="run.json"), Content_Type=MULTIPART)
    for wrong in ("../secret.json", "/etc/passwd", "none.json", ""):
        site.ask("POST", "/v2/task/get/template", {"template_path": wrong}, by=READER)
    site.ask("POST", "/v2/task/get/template", b"template_path", by=READER, Content_Type="text/plain")


def deploys(site: Site) -> None:
    files = "quick_start/fibonacci"
    for method in ("GET", "POST"):
        site.ask(method, f"/v1/task/deploy/{files}", by=WRITER)
        site.ask(method, f"/v1/task/deployas/{files}/as-{method.lower()}", by=WRITER)
        site.ask(method, f"/v1/task/deployinas/{files}/night/in-{method.lower()}", by=WRITER)
    placed = "/v1/task/elaborate/deployinas/quick_start/nested%2Ffibonacci/night/hourly"
    site.ask("POST", placed, form(branch="main", schedule="0 * * * *"), by=WRITER, Content_Type=FORM)
    elaborate = f"/v2/task/elaborate/deploy/{files}"
    site.ask("POST", elaborate, multipart(namespace="day", name="once", branch=""), by=WRITER, Content_Type=MULTIPART)
    site.ask("POST", elaborate, {"namespace": "own", "project": "web"}, by=OWNER)
    site.ask("POST", elaborate, {"schedule": "every day", "name": "No_Name", "branch": ".."}, by=WRITER)
    site.ask("POST", elaborate, {"brnach": "main"}, by=WRITER)
    site.ask("GET", "/v1/task/deploy/quick_start/..%2F..%2Fetc", by=WRITER)
    site.ask("GET", "/v1/task/deploy/hidden/fibonacci?project=web", by=WRITER)
    site.ask("GET", f"/v1/task/deploy/{files}", by=STRANGER)
    site.ask("GET", f"/v1/task/deploy/{files}", by=READER)
    site.ask("GET", f"/v1/task/deploy/{files}", by=ANONYMOUS)
    site.ask("GET", f"/v1/task/deploy/{files}", by=WRITER, Identity="writer@example.org")


def configured(site: Site) -> None:
    text = json.dumps({**JOB, "image-destination": "", "image": "registry/x/fibonacci:0.1"})
    done = site.ask("POST", CONFIGURED, form(namespace="night", configuration=text), by=WRITER, Content_Type=FORM)
    site.things["task"] = done.json["id"]
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": SERVICE}, by=WRITER)
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": SERVICE}, by=WRITER)
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": WORKER}, by=WRITER)
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": json.loads(text)}, by=WRITER)
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": JOB}, by=WRITER)
    files = {"repository": "quick_start", "directory": "fibonacci"}
    built = {**JOB, "name": "built", "schedule": "5 0 * * *"}
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": built, **files}, by=WRITER)
    broken = {**JOB, "volumes": [], "replicas": "two", "cpu-request": "3", "schedule": "* * *"}
    site.ask("POST", CONFIGURED, {"namespace": "night", "configuration": broken}, by=WRITER)
    site.ask("POST", CONFIGURED, {"configuration": "{"}, by=WRITER)
    site.ask("POST", CONFIGURED, {"namespace": "night"}, by=WRITER)


def at_work(site: Site) -> None:
    """A runner has the job, and says that it runs."""
    site.is_silent = True
    site.house.work_off()
    ask = {"runner": "r1", "nonce": NONCE, "capacity": 20, "slots": 20, "executor": "process"}
    leases = site.done("POST", "/api/v1/jobs/lease", ask, by=RUNNER)["leases"]
    run = str(site.things["task"]).removeprefix("tsk_")
    lease = next(one for one in leases if one["job"]["run"] == run)
    held = {"token": lease["token"], "number": lease["number"]}
    pod = {"name": "fibonacci-0", "phase": "Running", "started_at": "2026-06-01T12:05:00Z"}
    site.done("POST", f"/api/v1/jobs/{lease['job']['id']}/pods", {**held, "report": 1, "pods": [pod]}, by=RUNNER)
    site.is_silent = False
    site.ask("GET", "/v1/task/state/$task", by=READER)
    site.ask("GET", "/v1/task/state/$task", by=STRANGER)
    site.ask("GET", "/v1/task/state/tsk_nothing", by=READER)
    site.ask("GET", "/v1/task/logs/$task?after=0", by=READER)
    site.ask("GET", "/v1/task/logs/$task", by=STRANGER)
    site.ask("GET", "/v1/task/logs/$task?pod=nobody", by=READER)


def from_git(site: Site) -> None:
    """What a runner reads: configurations that are polled for, and pipelines that follow theirs."""
    for kind in ("task", "pipeline"):
        load = f"/v2/{kind}/load/configuration/from-git/quick_start/fibonacci"
        work = site.ask("POST", load, form(branch="main"), by=READER, Content_Type=FORM).json["work_id"]
        state = f"/v2/{kind}/get/configuration-loading-state"
        site.ask("GET", f"{state}/{work}", by=READER)
        site.ask("GET", f"{state}/{work}", by=STRANGER)
        site.ask("GET", f"{state}/wrk_nothing", by=READER)
    site.ask("POST", "/v2/task/load/configuration/from-git/hidden/fibonacci", by=READER)
    site.ask("POST", "/v2/task/load/configuration/from-git/quick_start/..", by=READER)
    files = "quick_start/cluster"
    for method in ("GET", "POST"):
        site.ask(method, f"/v1/pipeline/runas/{files}/run-{method.lower()}", by=WRITER)
        site.ask(method, f"/v1/pipeline/runinas/{files}/night/run-{method.lower()}", by=WRITER)
    placed = f"/v1/pipeline/elaborate/runinas/{files}/night/elaborate"
    begun = site.ask("POST", placed, form(branch="main"), by=WRITER, Content_Type=FORM).json["id"]
    site.ask("POST", f"/v2/pipeline/elaborate/run/{files}/placed", {"namespace": "night"}, by=WRITER)
    site.ask("POST", f"/v2/pipeline/elaborate/run/{files}/placed", {"namespace": "night"}, by=READER)
    site.ask("GET", "/v1/pipeline/runas/hidden/cluster/run?project=web", by=WRITER)
    site.ask("GET", f"/v1/pipeline/state/night/{begun}", by=READER)
    site.ask("GET", f"/v1/pipeline/kill/{begun}", by=WRITER)


def pipelines(site: Site) -> None:
    """Pipelines of the sample: run, seen, killed, tried again."""
    run = "/v2/pipeline/run/with-configuration"
    text = json.dumps(CLUSTER)
    begun = site.ask("POST", run, multipart(namespace="night", configuration=text), by=WRITER, Content_Type=MULTIPART)
    site.things["pipeline"] = begun.json["id"]
    site.ask("POST", run, {"namespace": "night", "configuration": CLUSTER}, by=WRITER)
    unknown = {"name": "x", "namespacetask": "hidden/x", "dependance": ["nobody"]}
    cycle = [{"name": name, "namespacetask": "quick_start/x", "depends-on": [need]} for name, need in ("ab", "ba")]
    for wrong in ([], [unknown], cycle, [*CLUSTER["tasks"], CLUSTER["tasks"][0]], [{"name": "a", "speed": 1}]):
        site.ask("POST", run, {"namespace": "night", "configuration": {"name": "x", "tasks": wrong}}, by=WRITER)
    hidden = {"name": "x", "tasks": [{"name": "x", "namespacetask": "hidden/x"}]}
    site.ask("POST", run, {"namespace": "night", "configuration": hidden}, by=WRITER)
    site.ask("POST", run, {"namespace": "night", "configuration": CLUSTER}, by=READER)
    site.ask("GET", "/v1/pipeline/state/night/$pipeline", by=READER)
    site.ask("GET", "/v1/pipeline/state/day/$pipeline", by=READER)
    site.ask("GET", "/v1/pipeline/state/night/$pipeline", by=STRANGER)
    for by in (READER, STRANGER):
        site.ask("GET", "/v1/list/pipelines", by=by)
        site.ask("GET", "/v1/list/pipelines/night", by=by)
        site.ask("GET", "/v1/list/pipelines?limit=1", by=by)
    site.ask("POST", "/v1/pipeline/retry/$pipeline", by=WRITER)
    site.ask("GET", "/v1/pipeline/kill/$pipeline", by=READER)
    site.ask("GET", "/v1/pipeline/kill/$pipeline?cleanup=perhaps", by=WRITER)
    site.ask("GET", "/v1/pipeline/kill/$pipeline", by=WRITER)
    site.ask("POST", "/v1/pipeline/kill/$pipeline", form(cleanup="false"), by=WRITER, Content_Type=FORM)
    site.house.work_off()
    site.ask("GET", "/v1/pipeline/kill/$pipeline", by=WRITER)
    site.ask("GET", "/v1/pipeline/state/night/$pipeline", by=READER)
    site.ask("POST", "/v1/pipeline/retry/$pipeline", by=WRITER)


def lists(site: Site) -> None:
    for by in (READER, STRANGER):
        site.ask("GET", "/v1/list/namespaces", by=by)
        site.ask("GET", "/v1/list/namespaces?limit=1", by=by)
        site.ask("GET", "/v1/list/tasks", by=by)
        site.ask("GET", "/v1/list/pods", by=by)
    site.ask("GET", "/v1/list/tasks/night", by=READER)
    site.ask("GET", "/v1/list/tasks/nowhere", by=READER)
    site.ask("GET", "/v1/list/pods/night", by=READER)
    for page in ("limit=1", "limit=0", "next_token=x", "limit=1&next_token=x"):
        site.ask("GET", f"/v1/list/tasks?{page}", by=READER)
        site.ask("GET", f"/v1/list/pods?{page}", by=READER)
    site.ask("GET", "/apps/deploy-api/v1/list/pods/night", by=READER)


def removals(site: Site) -> None:
    site.ask("GET", "/v1/delete/deployment/night/helloworld", by=WRITER)
    site.ask("GET", "/v1/delete/job/night/fibonacci", by=READER)
    site.ask("GET", "/v1/delete/job/night/fibonacci", by=STRANGER)
    gone = {"job": "fibonacci", "cronjob": "built", "deployment": "worker", "service": "helloworld"}
    for kind, name in gone.items():
        site.ask("GET", f"/v1/delete/{kind}/night/{name}", by=WRITER)
        site.ask("GET", f"/v1/delete/{kind}/night/{name}", by=WRITER)
    site.ask("GET", "/v1/task/state/$task", by=READER)
    again: dict[str, dict[str, object]] = {
        "job": {"type": "job", "image": "x"},
        "cronjob": {"type": "job", "image": "x", "schedule": "0 * * * *"},
        "deployment": {"type": "deployment", "image": "x", "container-port": 1},
        "service": {"type": "service", "image": "x", "container-port": 1},
    }
    for kind, manifest in again.items():
        for method in ("POST", "DELETE"):
            site.is_silent = True
            made = {"namespace": "night", "configuration": {**manifest, "name": f"{kind}-again"}}
            site.done("POST", CONFIGURED, made, by=ADMIN)
            site.is_silent = False
            site.ask(method, f"/v1/delete/{kind}/night/{kind}-again", by=WRITER)


def refusals(site: Site) -> None:
    site.ask("GET", "/v1/nowhere", by=READER)
    site.ask("GET", "/apps/deploy-api", by=READER)
    site.ask("PUT", "/v1/list/pods", by=READER)
