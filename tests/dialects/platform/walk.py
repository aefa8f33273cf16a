"""One walk past every row of our own API: pages, logins, people, tokens, runs, runners, and the audit log."""

from dataclasses import replace
from datetime import timedelta

from chalicelib.kernel.access.role import Level, role_in
from chalicelib.kernel.explanation.runner import Runner
from chalicelib.kernel.projects.project import Environment
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.audit.seal import seal_audit
from chalicelib.use_cases.credentials.service_accounts import CreateServiceAccount, create_service_account
from chalicelib.use_cases.enqueue_due import sweep_from
from chalicelib.use_cases.insights.count import count_deployments
from chalicelib.use_cases.subscriptions.dispatch import dispatch_events
from chalicelib.use_cases.workloads.deploy import deploy_workload
from slipway_formats.workloads.manifest import Published, WorkloadKind
from slipway_formats.workloads.manifest_writer import written_manifest
from tests.builders import an_entry
from tests.dialects.matrix.callers import ADMIN, ANONYMOUS, OWNER, READER, RUNNER, STRANGER, WRITER
from tests.dialects.matrix.world import PASSWORD, people
from tests.dialects.platform.site import Site
from tests.dialects.platform.walk_deploys import deploys
from tests.kernel.workloads.given import SOURCE, a_manifest
from tests.use_cases.access.access_ports import ROOT
from tests.use_cases.workloads.given import a_command

ANN = "ann"
CI = "ci"
PIPELINES = "/api/v1/pipelines/by-project/web"
TRAINS = "/api/v1/trains"
GATED = [
    {"name": "try", "gates": [{"name": "go", "type": "approval"}], "steps": [{"name": "say", "type": "noop"}]},
    {"name": "ship", "promotion": "manual", "steps": [{"name": "say", "type": "noop"}]},
]
SCRIPT = [{"name": "go", "steps": [{"name": "say", "type": "script", "script": "echo hello", "timeout": 60}]}]
NONCE = "nonce-of-sixteen-letters"


def walk(site: Site) -> None:
    """Ask for everything once, in an order that makes sense."""
    site.is_silent = True
    people(site)
    definitions(site)
    site.is_silent = False
    pages(site)
    users(site)
    logins(site)
    own_account(site)
    tokens(site)
    runs(site)
    freezes(site)
    trains(site)
    repositories(site)
    task_templates(site)
    runners(site)
    workloads(site)
    audit(site)
    leaving(site)
    keys(site)
    deploys(site)
    invitations(site)
    webhooks(site)


def definitions(site: Site) -> None:
    """What is run: by State's rows, of which nothing is written down here."""
    site.done("POST", "/api/v1/state/web/add-project")
    for name, phases in (("release", GATED), ("script", SCRIPT)):
        site.done("POST", f"{PIPELINES}/add", {"name": name, "phases": phases})
    origin = Origin(by=ROOT, at=site.house.world.now(), seed=f"{0:064x}")
    ask = CreateServiceAccount(origin=origin, project="web", name=CI, role=Level.WRITE)
    _, secret = create_service_account(site.house.ports, ask)
    site.things["secret"] = secret.text


def pages(site: Site) -> None:
    site.ask("GET", "/", by=ANONYMOUS)
    site.ask("GET", "/", by=ANONYMOUS, Accept="text/html")
    site.ask("GET", "/health", by=ANONYMOUS)
    site.ask("GET", "/openapi.json", by=ANONYMOUS)
    site.ask("GET", "/docs", by=ANONYMOUS)
    site.ask("GET", "/nowhere", by=ANONYMOUS)
    site.ask("DELETE", "/health", by=ANONYMOUS)


def users(site: Site) -> None:
    site.ask("PUT", "/api/v1/groups/ops", {"roles": []})
    ann = {"name": ANN, "email": "Ann@example.org", "password": PASSWORD, "groups": ["ops"]}
    site.ask("POST", "/api/v1/users", ann)
    site.ask("POST", "/api/v1/users", ann)
    site.ask("POST", "/api/v1/users", {"name": "", "email": "x", "roles": ["root"], "password": "short"})
    site.ask("POST", "/api/v1/users", {"name": "bob"}, by=OWNER)
    site.ask("GET", "/api/v1/users?page_size=2")
    site.ask("GET", "/api/v1/users?page_size=2&page_from=owner")
    site.ask("GET", "/api/v1/users/ann", by=READER)
    site.ask("GET", "/api/v1/users/ann")
    site.ask("PUT", "/api/v1/users/ann", {"email": "ann@example.org", "groups": ["ops", "web"]})
    site.ask("PUT", "/api/v1/groups/web", {"roles": [role_in("web", Level.READ)]})
    site.ask("PUT", "/api/v1/users/ann", {"email": "ann@example.org", "groups": ["ops", "web"]})
    site.ask("PUT", "/api/v1/groups/web", {"roles": ["king"]})
    site.ask("GET", "/api/v1/projects/web/access/ann", by=OWNER)
    site.ask("GET", "/api/v1/projects/web/access/nobody", by=OWNER)
    site.ask("GET", "/api/v1/groups", by=READER)
    site.ask("GET", "/api/v1/groups", by=ANONYMOUS)


def logins(site: Site) -> None:
    login = "/api/v1/auth/email/login"
    site.ask("GET", "/api/v1/auth/login-methods", by=ANONYMOUS)
    site.ask("POST", login, {"email": "ann@example.org", "password": "wrong"}, by=ANONYMOUS)
    site.ask("POST", login, {"email": "ann@example.org"}, by=ANONYMOUS)
    account = {"username": "ci", "secret_token": "$secret"}
    machine = site.ask("POST", "/api/v1/auth/service-account/login", account, by=ANONYMOUS)
    site.tokens[CI] = machine.headers["X-Escape-Token"]
    site.ask("GET", "/api/v1/auth/whoami", by=CI)
    for method in ("GET", "POST"):
        person = site.ask("POST", login, {"email": "ann@example.org", "password": PASSWORD}, by=ANONYMOUS)
        site.tokens[ANN] = person.headers["X-Escape-Token"]
        site.ask("GET", "/api/v1/auth/whoami", by=ANN)
        site.ask(method, "/api/v1/auth/logout", by=ANN)
        site.ask("GET", "/api/v1/auth/whoami", by=ANN)


def own_account(site: Site) -> None:
    """Ann takes another password and another one again, and ends her sessions."""
    change, end = "/api/v1/auth/password", "/api/v1/auth/end-sessions"
    _in_as_ann(site, PASSWORD)
    site.ask("POST", change, {"current_password": "wrong", "new_password": f"new {PASSWORD}"}, by=ANN)
    site.ask("POST", change, {"current_password": PASSWORD, "new_password": "short"}, by=ANN)
    site.ask("POST", change, {"current_password": PASSWORD, "new_password": f"new {PASSWORD}"}, by=ANN)
    site.ask("GET", "/api/v1/auth/whoami", by=ANN)
    _in_as_ann(site, f"new {PASSWORD}")
    site.ask("POST", end, by=ANN)
    site.ask("GET", "/api/v1/auth/whoami", by=ANN)
    site.ask("POST", end, by=CI)


def _in_as_ann(site: Site, password: str) -> None:
    site.house.world.move(timedelta(seconds=6))
    asked = {"email": "ann@example.org", "password": password}
    person = site.ask("POST", "/api/v1/auth/email/login", asked, by=ANONYMOUS)
    site.tokens[ANN] = person.headers["X-Escape-Token"]
    site.house.world.move(timedelta(seconds=6))


def tokens(site: Site) -> None:
    made = site.ask("POST", "/api/v1/tokens", {"label": "laptop", "scopes": ["read"], "expires_in": 3600}, by=WRITER)
    site.tokens["narrow"] = made.json["token"]
    site.ask("GET", "/api/v1/auth/whoami", by="narrow")
    site.ask("POST", "/api/v1/tokens", {"scopes": ["write"]}, by="narrow")
    site.ask("POST", "/api/v1/tokens", {"label": "x" * 101, "scopes": ["king"], "expires_in": 1}, by=WRITER)
    site.ask("POST", "/api/v1/tokens", {"runner": "r2", "pools": ["gpu"]}, by=WRITER)
    site.ask("POST", "/api/v1/tokens", {"runner": "r2", "pools": ["gpu"]})
    site.ask("GET", "/api/v1/tokens?page_size=1", by=WRITER)
    site.ask("GET", "/api/v1/tokens?owner=user:writer", by=OWNER)
    site.ask("GET", "/api/v1/tokens?owner=runner:r2")
    site.ask("GET", "/api/v1/tokens?minted=true")
    site.ask("DELETE", f"/api/v1/tokens/{made.json['id']}", by=OWNER)
    site.ask("DELETE", f"/api/v1/tokens/{made.json['id']}", by=WRITER)


def _approvals_of(site: Site, run: str) -> str:
    """What waits in a run, each by itself; the digest of its change set."""
    shown = site.ask("GET", f"/api/v1/runs/{run}/approvals/go?execution=1", by=READER)
    for node, by in (("nothing", READER), ("go", STRANGER)):
        site.ask("GET", f"/api/v1/runs/{run}/approvals/{node}", by=by)
    return str(shown.json["changes"]["digest"])


def runs(site: Site) -> None:
    first, second = (_triggered(site, "release") for _ in range(2))
    site.ask("GET", "/api/v1/projects/web/runs?page_size=1", by=READER)
    site.ask("GET", f"/api/v1/projects/web/runs?kind=pipeline&page_from={second}", by=READER)
    site.ask("GET", "/api/v1/projects/web/runs?kind=dream", by=READER)
    site.ask("GET", "/api/v1/projects/web/runs", by=STRANGER)
    site.ask("GET", "/api/v1/runs?waiting_for=me&page_size=1", by=WRITER)
    site.ask("GET", f"/api/v1/runs?project=web&status=open&kind=pipeline&page_from={second}", by=READER)
    site.ask("GET", "/api/v1/runs?status=ended&since=2020-01-01T00:00:00Z&by=me&environment=staging", by=READER)
    site.ask("GET", "/api/v1/runs?waiting_for=me", by=READER)
    site.ask("GET", "/api/v1/runs?status=tired", by=READER)
    site.ask("GET", "/api/v1/matrix?page_size=1", by=READER)
    site.ask("GET", "/api/v1/matrix?project=web", by=STRANGER)
    site.ask("GET", "/api/v1/events?limit=1", by=READER)
    site.ask("GET", "/api/v1/events?project=web&kind=run.ended,gate&after=1", by=READER)
    site.ask("GET", "/api/v1/events?after=end", by=READER)
    site.ask("GET", "/api/v1/events?after=999", by=READER)
    site.ask("GET", "/api/v1/events?kind=dream", by=READER)
    site.ask("GET", "/api/v1/events?project=web", by=STRANGER)
    site.ask("GET", "/api/v1/runs?project=web", by=STRANGER)
    site.ask("GET", "/api/v1/approvals?mine=true&page_size=1", by=WRITER)
    site.ask("GET", f"/api/v1/approvals?project=web&page_from={first}", by=READER)
    site.ask("GET", "/api/v1/approvals?mine=true", by=READER)
    site.ask("GET", "/api/v1/approvals?project=web", by=STRANGER)
    site.ask("GET", "/api/v1/runs", by=STRANGER)
    digest = _approvals_of(site, first)
    site.ask("GET", f"/api/v1/runs/{first}", by=READER)
    site.ask("GET", f"/api/v1/runs/{first}", by=STRANGER)
    site.ask("GET", f"/api/v1/runs/{first}/explain", by=READER)
    site.ask("GET", f"/api/v1/runs/{first}/explain", by=STRANGER)
    site.ask("POST", f"/api/v1/runs/{first}/decisions", {"decision": "approve"}, by=READER)
    site.ask("POST", f"/api/v1/runs/{first}/tests", {"stage": "try", "passed": 9, "failed": 1}, by=WRITER)
    decision = {"decision": "approve", "node": "go", "notes": "well done", "digest": "0" * 64}
    site.ask("POST", f"/api/v1/runs/{first}/decisions", decision, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{first}/decisions", {**decision, "digest": digest}, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{first}/decisions", {"decision": "approve"}, by=WRITER)
    many = [{"run": run, "decision": "approve", "node": "go"} for run in (first, "nobody")]
    site.ask("POST", "/api/v1/approvals", {"decisions": many}, by=OWNER)
    site.ask("POST", "/api/v1/approvals", {"decisions": many}, by=STRANGER)
    site.ask("POST", "/api/v1/approvals", {"decisions": []}, by=OWNER)
    site.ask("POST", f"/api/v1/runs/{first}/acts", {"act": "promote"}, by=WRITER)
    for mode in ("perhaps", "forced"):
        promotion = {"act": "promote", "stage": "try", "mode": mode}
        site.ask("POST", f"/api/v1/runs/{second}/acts", promotion, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{first}/decisions", {"decision": "revoke", "node": "go"}, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{first}/acts", {"act": "promote", "stage": "ship", "mode": "if-met"}, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{second}/decisions", {"decision": "reject", "notes": "not today"}, by=OWNER)
    site.ask("POST", f"/api/v1/runs/{second}/acts", {"act": "retry"}, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{second}/acts", {"act": "cancel", "notes": "never mind"}, by=WRITER)
    for stages, by in ((["mars"], WRITER), (["try"], READER), (["try"], WRITER)):
        site.ask("POST", f"/api/v1/runs/{second}/redeploy", {"stages": stages, "notes": "back"}, by=by)
    site.ask("GET", "/api/v1/runs/nobody", by=WRITER)


def _triggered(site: Site, pipeline: str) -> str:
    site.is_silent = True
    run = site.done("POST", f"{PIPELINES}/by-name/{pipeline}/trigger", by=WRITER)["id"]
    site.house.work_off()
    site.is_silent = False
    return str(run)


def freezes(site: Site) -> None:
    """An environment takes nothing in, and the line is stopped; a run waits for that, and passes."""
    site.is_silent = True
    site.done("POST", "/api/v1/state/web/environments/", {"name": "production"})
    ship = [{"name": "ship", "environment": "production", "steps": [{"name": "say", "type": "noop"}]}]
    site.done("POST", f"{PIPELINES}/add", {"name": "shipping", "phases": ship})
    site.is_silent = False
    nights = {"opens": "0 0 22 * * ?", "closes": "0 0 6 * * ?", "timezone": "Europe/Berlin", "reason": "nights"}
    site.ask("POST", "/api/v1/freezes?project=web", {"reason": ""}, by=OWNER)
    site.ask("POST", "/api/v1/freezes?project=web", {"opens": "x", "closes": "y", "reason": "z"}, by=OWNER)
    site.ask("POST", "/api/v1/freezes?project=web", nights, by=WRITER)
    site.ask("POST", "/api/v1/freezes", nights, by=OWNER)
    may = {"teams": ["sre"], "reasons": ["incident"]}
    quiet = {**nights, "environment": "production", "may_pass": may}
    frozen = site.ask("POST", "/api/v1/freezes?project=web", quiet, by=OWNER).json["id"]
    site.ask("POST", "/api/v1/stops?project=web", {"seconds": 5, "reason": "smoke"}, by=OWNER)
    site.ask("POST", "/api/v1/stops", {"seconds": 7200, "reason": "smoke", "environment": "production"})
    site.ask("GET", "/api/v1/freezes?project=web", by=READER)
    site.ask("GET", "/api/v1/freezes", by=STRANGER)
    site.ask("GET", "/api/v1/calendar?project=web&month=2026-06", by=READER)
    site.ask("GET", "/api/v1/calendar?project=web", by=STRANGER)
    site.ask("GET", "/api/v1/calendar?month=May", by=READER)
    run = _triggered(site, "shipping")
    site.ask("GET", f"/api/v1/runs/{run}/explain", by=READER)
    site.ask("GET", f"/api/v1/runs/{run}/refold", by=READER)
    site.ask("GET", f"/api/v1/runs/{run}/refold", by=STRANGER)
    site.ask("POST", f"/api/v1/runs/{run}/pass", {"reason": "I must"}, by=WRITER)
    site.ask("POST", f"/api/v1/runs/{run}/pass", {"reason": "incident 7"})
    site.ask("POST", f"/api/v1/runs/{run}/pass", {"reason": "incident 7"})
    site.ask("DELETE", "/api/v1/stops", by=OWNER)
    site.ask("DELETE", "/api/v1/stops")
    site.ask("DELETE", f"/api/v1/freezes/{frozen}", by=OWNER)
    site.ask("DELETE", f"/api/v1/freezes/{frozen}?project=web", by=OWNER)
    site.ask("DELETE", f"/api/v1/freezes/{frozen}?project=web", by=OWNER)


def repositories(site: Site) -> None:
    """The repositories that the Deploy API reads."""
    tasks = {"url": "https://ann:s3cret@git.example.org/tasks.git", "projects": ["web"], "private_key": "THE-KEY"}
    site.ask("PUT", "/api/v1/repositories/quick_start", tasks)
    site.ask("PUT", "/api/v1/repositories/Quick_Start", {"url": "/srv/git/tasks", "branch": "main", "projects": ["*"]})
    site.ask("PUT", "/api/v1/repositories/x", {"url": "", "branch": "..", "projects": ["web", "nowhere"]})
    site.ask("PUT", "/api/v1/repositories/quick_start", tasks, by=OWNER)
    site.ask("GET", "/api/v1/repositories", by=READER)
    site.ask("GET", "/api/v1/repositories/quick_start", by=STRANGER)
    site.ask("PUT", "/api/v1/repositories/quick_start", {"url": "/srv/git/tasks", "projects": ["web"]})
    site.ask("GET", "/api/v1/repositories", by=STRANGER)
    site.ask("GET", "/api/v1/repositories/quick_start", by=STRANGER)
    site.ask("DELETE", "/api/v1/repositories/quick_start", by=OWNER)
    site.ask("DELETE", "/api/v1/repositories/quick_start")
    site.ask("DELETE", "/api/v1/repositories/quick_start")


def task_templates(site: Site) -> None:
    """What the Deploy API lists and reads."""
    site.ask("PUT", "/api/v1/task-templates/task/job.json", {"type": "job", "name": "fibonacci"})
    site.ask("PUT", "/api/v1/task-templates/task/job", {})
    site.ask("PUT", "/api/v1/task-templates/train/job.json", {})
    site.ask("PUT", "/api/v1/task-templates/pipeline/run.json", ["no object"])
    site.ask("PUT", "/api/v1/task-templates/pipeline/run.json", {}, by=OWNER)


def webhooks(site: Site) -> None:
    """Who is called for events, and what became of it."""
    hooks, body = "/api/v1/webhooks", {"url": "https://hooks.example.org/in?token=abcdefghijkl", "kinds": ["run"]}
    made = site.ask("POST", f"{hooks}?project=web", body, by=OWNER).json["id"]
    site.ask("POST", f"{hooks}?project=web", {"url": "ftp://x", "kinds": ["dream"], "secret": "mine"}, by=OWNER)
    site.ask("POST", f"{hooks}?project=web", body, by=WRITER)
    site.ask("POST", hooks, body, by=OWNER)
    site.ask("GET", f"{hooks}?project=web", by=OWNER)
    _triggered(site, "release")
    dispatch_events(site.house.ports, site.house.world.now() + timedelta(seconds=1))
    place = f"{hooks}/{made}"
    deliveries = f"{place}/deliveries?project=web"
    event = site.ask("GET", f"{deliveries}&page_size=1", by=OWNER).json["items"][0]["id"]
    site.ask("GET", f"{deliveries}&page_from={event}", by=OWNER)
    site.ask("GET", f"{deliveries}&page_from=x", by=OWNER)
    site.ask("POST", f"{place}/deliveries/{event}/redeliver?project=web", by=OWNER)
    site.ask("POST", f"{place}/deliveries/9999.0/redeliver?project=web", by=OWNER)
    site.ask("POST", f"{place}/resume?project=web", by=OWNER)
    count_deployments(site.house.ports, sweep_from(site.house.world.now(), timedelta(0)))
    site.ask("GET", "/api/v1/insights?project=web&weeks=1", by=READER)
    site.ask("GET", "/api/v1/insights?project=web&environment=nowhere&weeks=0", by=READER)
    site.ask("GET", "/api/v1/insights?project=web&environment=nowhere", by=READER)
    site.ask("GET", "/api/v1/insights", by=ADMIN)
    site.ask("DELETE", place, by=ADMIN)
    site.ask("DELETE", f"{place}?project=web", by=OWNER)
    site.ask("DELETE", f"{place}?project=web", by=OWNER)


def trains(site: Site) -> None:
    planned, snapshot = f"{TRAINS}/10001", f"{TRAINS}/10001/snapshots/10002"
    size = {"Name": "size", "Type": "List", "ListValues": ["s"], "InitialValue": "s"}
    asked_for = [{"Name": "Host", "Required": True}, size]
    standard = {"Name": "standard", "Pipeline": "release", "ReleaseVariables": asked_for}
    site.ask("PUT", f"{TRAINS}/templates/standard", standard)
    site.ask("PUT", f"{TRAINS}/templates/other", standard)
    site.ask("PUT", f"{TRAINS}/templates/broken", {"Pipeline": "", "BuildVariables": [{"Name": "1"}]})
    site.ask("PUT", f"{TRAINS}/templates/standard", {"pipeline": "release"}, by=OWNER)
    site.ask("GET", f"{TRAINS}/templates", by=READER)
    body: dict[str, object] = {"project": "web", "number": "1.0", "title": "autumn", "template": "standard"}
    site.ask("POST", TRAINS, body, by=WRITER)
    body["variables"] = {"host": "h", "key": {"secret": "s3cret"}}
    site.ask("POST", TRAINS, body, by=READER)
    site.ask("POST", TRAINS, body, by=STRANGER)
    site.ask("POST", TRAINS, body, by=WRITER)
    site.ask("POST", TRAINS, body, by=WRITER)
    site.ask("POST", TRAINS, {"project": "web", "number": "2.0", "pipeline": "none"}, by=WRITER)
    site.ask("GET", f"{TRAINS}?project=web&status=active&page_size=1", by=READER)
    site.ask("GET", f"{TRAINS}?status=over", by=READER)
    site.ask("GET", TRAINS, by=STRANGER)
    site.ask("PUT", planned, {"title": "late autumn", "target_at": "2026-10-01T12:00:00+02:00"}, by=WRITER)
    site.ask("PUT", planned, {"target_at": "2026-10-01T12:00:00"}, by=WRITER)
    site.ask("GET", f"{planned}/variables", by=READER)
    site.ask("PUT", f"{planned}/variables", {"variables": {"host": "h2", "Host": "h3"}}, by=WRITER)
    site.ask("PUT", f"{planned}/variables", {"variables": {"host": "h2"}}, by=WRITER)
    site.ask("POST", f"{planned}/snapshots", by=WRITER)
    for changed in ({"number": "RC", "variables": {"size": "l"}}, {"number": "rc"}, {}):
        site.ask("POST", f"{planned}/snapshots", changed, by=WRITER)
    site.ask("POST", f"{planned}/snapshots", {}, by=READER)
    site.ask("GET", f"{planned}/snapshots?status=active&page_size=2", by=READER)
    site.ask("GET", f"{planned}/snapshots?number=RC&page_from=10004", by=READER)
    site.ask("GET", snapshot, by=READER)
    site.ask("GET", f"{planned}/snapshots/10099", by=READER)
    site.ask("GET", f"{planned}/snapshots/10003/variables", by=READER)
    site.ask("PUT", f"{snapshot}/variables", {"variables": {"size": "m"}}, by=WRITER)
    site.ask("POST", f"{snapshot}/acts", {"act": "reject", "reason": "it leaks"}, by=WRITER)
    site.ask("POST", f"{snapshot}/deployments", by=WRITER)
    site.ask("GET", planned, by=READER)
    site.ask("GET", planned, by=STRANGER)
    site.ask("GET", f"{TRAINS}/none", by=READER)
    site.ask("POST", f"{planned}/acts", {"act": "cancel", "reason": "not this year"}, by=OWNER)
    site.ask("POST", f"{planned}/snapshots", {}, by=WRITER)
    site.ask("POST", f"{planned}/acts", {"act": "cancel"}, by=OWNER)
    site.ask("POST", f"{planned}/acts", {"act": "restore"}, by=OWNER)
    site.ask("GET", f"{planned}/snapshots?status=rejected", by=READER)
    deployments(site)
    unplanned(site)


def deployments(site: Site) -> None:
    site.ask("POST", TRAINS, {"project": "web", "number": "1.1", "pipeline": "release"}, by=WRITER)
    made = site.ask("POST", f"{TRAINS}/10101/snapshots", {}, by=WRITER).json
    deploy = f"{TRAINS}/10101/snapshots/10102/deployments"
    site.ask("POST", deploy, {"stage": "moon"}, by=WRITER)
    site.ask("POST", deploy, {"stage": "Ship"}, by=WRITER)
    site.ask("POST", deploy, {"begin_at": "2026-06-01T12:00:00"}, by=WRITER)
    site.ask("POST", deploy, by=WRITER)
    site.ask("POST", deploy, by=READER)
    site.done("POST", f"/api/v1/runs/{made['runs'][0]}/decisions", {"decision": "approve"}, by=WRITER)
    site.ask("POST", deploy, {"stage": "try"}, by=WRITER)
    site.ask("POST", deploy, by=WRITER)
    site.ask("GET", f"{TRAINS}/10101", by=READER)


def unplanned(site: Site) -> None:
    """Snapshots of no train."""
    body: dict[str, object] = {"project": "web", "pipeline": "release"}
    site.ask("POST", "/api/v1/snapshots", {**body, "pipeline": "none", "number": "a\n"}, by=WRITER)
    site.ask("POST", "/api/v1/snapshots", {"project": "web"}, by=WRITER)
    site.ask("POST", "/api/v1/snapshots", body, by=READER)
    site.ask("POST", "/api/v1/snapshots", body, by=STRANGER)
    made = site.ask("POST", "/api/v1/snapshots", {**body, "title": "a try", "variables": {"a": "1"}}, by=WRITER).json
    site.ask("POST", "/api/v1/snapshots", {**body, "number": "1"}, by=WRITER)
    train = f"{TRAINS}/{made['train']}"
    site.ask("GET", f"{TRAINS}?project=web&unplanned=true", by=READER)
    site.ask("GET", f"{train}/snapshots", by=READER)
    site.ask("POST", f"{train}/snapshots", {}, by=WRITER)
    site.ask("POST", f"{train}/acts", {"act": "cancel"}, by=OWNER)
    site.ask("PUT", train, {"title": "autumn"}, by=OWNER)
    site.done("POST", f"/api/v1/runs/{made['runs'][0]}/decisions", {"decision": "approve"}, by=WRITER)
    site.ask("POST", f"{train}/snapshots/{made['id']}/deployments", by=WRITER)
    site.ask("POST", f"{train}/snapshots/{made['id']}/acts", {"act": "reject"}, by=WRITER)


def runners(site: Site) -> None:
    _triggered(site, "script")
    ask = {"runner": "r1", "slots": 2, "nonce": NONCE, "capacity": 2, "busy": 0, "version": "0.1.0"}
    ask |= {"labels": {"gpu": "a100"}}
    site.ask("POST", "/api/v1/jobs/lease", ask, by=WRITER)
    site.ask("POST", "/api/v1/jobs/lease", {**ask, "labels": {"no name": "x"}}, by=RUNNER)
    lease = site.ask("POST", "/api/v1/jobs/lease", {**ask, "says_began": True}, by=RUNNER).json["leases"][0]
    job, held = f"/api/v1/jobs/{lease['job']['id']}", {"token": lease["token"], "number": lease["number"]}
    site.ask("POST", f"{job}/heartbeat", {**held, "busy": 1}, by=RUNNER)
    site.ask("POST", f"{job}/heartbeat", {**held, "token": "another's"}, by=RUNNER)
    site.ask("POST", "/api/v1/jobs/wakes", {}, by=WRITER)
    site.ask("POST", "/api/v1/jobs/wakes", {"pool": "default"}, by=RUNNER)
    site.house.live.by_socket = True
    site.ask("POST", "/api/v1/jobs/wakes", {"pool": "default"}, by=RUNNER)
    site.house.live.by_socket = False
    one = {**held, "job": lease["job"]["id"], "began": False}
    every = {"busy": 1, "leases": [one, {**one, "token": "another's"}, {**one, "job": "run9.1.s1.1"}]}
    site.ask("POST", "/api/v1/jobs/heartbeats", every, by=RUNNER)
    site.ask(
        "POST",
        f"{job}/logs",
        {**held, "from": 0, "chunks": [{"text": "hello", "at": "2026-06-01T12:05:00Z"}]},
        by=RUNNER,
    )
    more = {**held, "job": lease["job"]["id"], "from": 1, "chunks": [{"text": "more", "at": "2026-06-01T12:05:02Z"}]}
    appends = [more, {**more, "token": "another's"}, {**more, "job": "run9.1.s1.1"}]
    site.ask("POST", "/api/v1/jobs/logs", {"appends": appends}, by=RUNNER)
    site.ask("POST", f"{job}/return", held, by=RUNNER)
    site.ask("POST", f"{job}/heartbeat", held, by=RUNNER)
    promise = {**ask, "nonce": f"more-{NONCE}", "says_began": True}
    lease = site.ask("POST", "/api/v1/jobs/lease", promise, by=RUNNER).json["leases"][0]
    held = {"token": lease["token"], "number": lease["number"]}
    site.ask("POST", f"{job}/heartbeat", {**held, "began": True}, by=RUNNER)
    _triggered(site, "script")
    finish = {
        **held,
        "nonce": f"end-{NONCE}",
        "outcome": "succeeded",
        "outputs": {"url": "http://x"},
        "commit": {"revision": "abcdef1", "branch": "main"},
        "lease_next": {**ask, "nonce": f"next-{NONCE}", "says_began": True},
        "begins_next": True,
        "silent": False,
    }
    site.ask("POST", f"{job}/finish", {**finish, "outputs": {"url": "x" * 1025}}, by=RUNNER)
    site.house.world.move(timedelta(seconds=5))
    site.ask("POST", f"{job}/finish", finish, by=RUNNER)
    site.ask("GET", f"/api/v1/runs/{lease['job']['run']}?times=true", by=READER)
    site.ask("GET", "/api/v1/runners", by=READER)
    site.ask("GET", "/api/v1/runners?pool=gpu")
    drain = "/api/v1/runners/default/r1/drain"
    for by in (OWNER, ADMIN):
        site.ask("POST", drain, {}, by=by)
    site.ask("GET", "/api/v1/runners", by=READER)
    site.ask("POST", drain, {"drained": False})
    site.ask("POST", "/api/v1/runners/default/r9/drain", {})
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}?after=0", by=READER)
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}?before=&limit=1", by=READER)
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}?before=0&limit=many", by=READER)
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}", by=STRANGER)
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}/raw", by=READER)
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}/raw", by=READER, Range="bytes=1-4")
    site.ask("GET", f"/api/v1/job-logs/{lease['job']['id']}/raw", by=READER, Range="bytes=9999-")


def workloads(site: Site) -> None:
    ports, now = site.house.ports, site.house.world.now()
    ports.runners.note(Runner(pool="default", name="r1", seen_at=now, slots=3, executor="process"))
    environment = Environment(project="web", name="staging", created_at=now)
    ports.projects.create_environment(ports.projects.project("web"), environment, an_entry("staging"))
    deploy_workload(ports, a_command(source=SOURCE, seed="W" * 26))
    site.house.work_off()
    ask = {"runner": "r1", "nonce": f"task-{NONCE}", "capacity": 2, "executor": "process"}
    lease = site.ask("POST", "/api/v1/jobs/lease", ask, by=RUNNER).json["leases"][0]
    job, held = f"/api/v1/jobs/{lease['job']['id']}", {"token": lease["token"], "number": lease["number"]}
    site.ask("POST", f"{job}/workload", {**held, "token": "another's"}, by=RUNNER)
    manifest = written_manifest(a_manifest())
    site.ask("POST", f"{job}/workload", {**held, "manifest": manifest, "commit": "c0ffee1"}, by=RUNNER)
    pod = {"name": "fibonacci-0", "phase": "Running", "started_at": "2026-06-01T12:05:00Z"}
    site.ask("POST", f"{job}/pods", {**held, "report": 1, "pods": [pod]}, by=RUNNER)
    published = Published(prefix="/hello/", bypass_auth=True)
    service = replace(a_manifest(WorkloadKind.SERVICE, "hello"), published=published)
    deploy_workload(ports, a_command(service, seed="S" * 26))
    site.house.work_off()
    keep = {**ask, "nonce": f"keep-{NONCE}"}
    lease = site.ask("POST", "/api/v1/jobs/lease", keep, by=RUNNER).json["leases"][0]
    site.ask("GET", "/api/v1/services?path=/hello/world", by=READER)
    own = {"token": lease["token"], "number": lease["number"], "report": 1}
    ready = {**pod, "name": "hello-0", "ready": True, "address": "http://127.0.0.1:5000"}
    site.ask("POST", f"/api/v1/jobs/{lease['job']['id']}/pods", {**own, "pods": [ready]}, by=RUNNER)
    site.ask("GET", "/api/v1/services?path=/hello/world", by=READER)
    site.ask("GET", "/api/v1/services?path=/nowhere/", by=STRANGER)
    site.ask("GET", "/api/v1/services/open?path=/hello/world", by=ANONYMOUS)
    site.ask("POST", f"{job}/pods", {**held, "report": 2, "pods": [{**pod, "phase": "Dancing"}]}, by=RUNNER)


def audit(site: Site) -> None:
    seal_audit(site.house.ports, site.house.world.now())
    site.ask("GET", "/api/v1/audit?page_size=2")
    site.ask("GET", "/api/v1/audit?project=web&page_size=3", by=OWNER)
    site.ask("GET", "/api/v1/audit?project=web&act=began-run&by=writer&subject=run&page_size=1")
    site.ask("GET", "/api/v1/audit?machines=true&since=2020-01-01T00:00:00Z&page_size=1")
    site.ask("GET", "/api/v1/audit?since=then&machines=perhaps")
    site.ask("GET", "/api/v1/audit?project=web", by=WRITER)
    site.ask("GET", "/api/v1/audit", by=OWNER)
    site.ask("GET", "/api/v1/audit/verify")
    site.ask("GET", "/api/v1/audit/verify?number=1&digest=beef")
    site.ask("GET", "/api/v1/audit/verify?number=much")


def invitations(site: Site) -> None:
    site.ask("POST", "/api/v1/users", {"name": "gus"})
    invited = site.ask("POST", "/api/v1/users/gus/invitation", {"expires_in": 3600}).json
    site.ask("POST", "/api/v1/users/gus/invitation", {"expires_in": 1})
    site.ask("POST", "/api/v1/users/owner/invitation")
    site.ask("POST", "/api/v1/users/gus/invitation", by=OWNER)
    site.ask("GET", "/api/v1/users/gus")
    accept = "/api/v1/auth/invitation"
    site.ask("POST", accept, {"invitation": invited["invitation"], "password": "short"}, by=ANONYMOUS)
    site.ask("POST", accept, {"invitation": f"{invited['invitation']}x", "password": PASSWORD}, by=ANONYMOUS)
    site.ask("POST", accept, {"invitation": invited["invitation"], "password": PASSWORD}, by=ANONYMOUS)
    site.ask("POST", accept, {"invitation": invited["invitation"], "password": PASSWORD}, by=ANONYMOUS)


def leaving(site: Site) -> None:
    site.ask("DELETE", "/api/v1/users/ann", by=OWNER)
    site.ask("DELETE", "/api/v1/users/ann")
    site.ask("DELETE", "/api/v1/users/ann")
    site.ask("DELETE", "/api/v1/groups/web")
    site.ask("DELETE", "/api/v1/groups/web", by=ADMIN)
    site.ask("HEAD", "/health", by=ANONYMOUS)


def keys(site: Site) -> None:
    key = site.ask("POST", "/api/v1/tokens", {"grants": ["release-and-build-deployment"], "user": WRITER}, by=WRITER)
    site.tokens["key"] = key.json["token"]
    site.ask("GET", "/api/v1/auth/whoami", by="key")
    site.ask("POST", "/api/v1/tokens", {"grants": ["native", "variables"]}, by=WRITER)
    site.ask("POST", "/api/v1/tokens", {"grants": ["native", "variables"], "label": "jenkins"})
    site.ask("POST", "/api/v1/tokens", {"grants": ["native", "native"], "user": "eve"})
