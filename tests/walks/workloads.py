"""Workloads on a real platform: deployed from a real repository, and what is seen of them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from chalicelib import wiring
from chalicelib.adapter_context import AdapterContext
from chalicelib.adapters import ports_on
from chalicelib.kernel.access.principal import Principal, PrincipalKind
from chalicelib.kernel.workloads.pods import Pod
from chalicelib.kernel.workloads.status import WorkloadStatus
from chalicelib.kernel.workloads.workload import CodeSource, Workload
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.ports.bundle import Ports, Settings
from chalicelib.use_cases.workloads.deploy import DeployWorkload, deploy_workload
from chalicelib.use_cases.workloads.remove import RemoveWorkload, remove_workload
from chalicelib.use_cases.workloads.views import WorkloadView, get_workload
from slipway_formats.workloads.manifest import WorkloadKind
from tests.slipway.runner.repositories import git
from tests.walks.api import eventually
from tests.walks.site import Site

SERVER = """
import http.server, os, socketserver
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"hello from {os.environ['SLIPWAY_POD']}".encode())
print("listening at", os.environ["PORT"], flush=True)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("127.0.0.1", int(os.environ["PORT"])), Hello).serve_forever()
"""
PYTHON = {"type": "job", "name": "count", "cmd": ["sh", "count.sh", "3"], "env": [{"name": "WHO", "value": "world"}]}
SAMPLES: Mapping[str, Mapping[str, object]] = {
    "count": {**PYTHON, "memory-limit": "1Gi", "image": "registry/count:1"},
    "failing": {"type": "job", "name": "failing", "cmd": ["sh", "-c", "echo no >&2; exit 3"], "retries": 1},
    "defective": {"type": "job", "name": "Count", "cmd": "sleep", "colour": "red"},
    "hello": {
        "type": "service", "name": "hello", "image-destination": "registry/hello:1",
        "cmd": ["python3", "/code/server.py"], "container-port": 5000, "replicas": 2,
        "published": {"prefix": "/hello/"},
    },
    "worker": {"type": "deployment", "name": "worker", "cmd": ["sh", "-c", "echo working; exec sleep 1000"]},
}  # fmt: skip
COUNT = 'n=0; while [ $n -lt "$1" ]; do n=$((n+1)); echo "hello $WHO $n"; done\n'


def a_repository(folder: Path) -> Path:
    """A repository with a directory for each sample."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    for name, manifest in SAMPLES.items():
        (folder / name / "code").mkdir(parents=True)
        (folder / name / "manifest.json").write_text(json.dumps(manifest))
    (folder / "count" / "count.sh").write_text(COUNT)
    (folder / "hello" / "code" / "server.py").write_text(SERVER)
    (folder / "hello" / "code" / "Dockerfile").write_text("FROM python:3.13-slim\nCOPY . /code\n")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "first")
    return folder


A_FIRE = 150.0
"""Seconds for the next minute to begin, and for a machine under load to do the job of then."""

ADA = Principal(name="ada", kind=PrincipalKind.USER, roles=frozenset())


@dataclass(frozen=True, kw_only=True)
class Harbour:
    """A platform with a project, an environment and a repository of workloads. ports: of a process beside it."""

    site: Site
    repository: Path
    project: str
    ports: Ports

    def deploy(self, directory: str, name: str = "", schedule: str = "", branch: str = "") -> Workload:
        """The directory, deployed from the repository."""
        source = CodeSource(repository="samples", directory=directory, url=str(self.repository), branch=branch)
        command = DeployWorkload(
            origin=self._origin(), project=self.project, environment="staging", namespace="staging", source=source,
            name=name, schedule=schedule,
        )  # fmt: skip
        return deploy_workload(self.ports, command)

    def remove(self, kind: WorkloadKind, name: str) -> None:
        """The workload, deleted."""
        removal = RemoveWorkload(
            origin=self._origin(), project=self.project, environment="staging", kind=kind, name=name
        )
        remove_workload(self.ports, removal)

    def view(self, workload: Workload) -> WorkloadView:
        """What is seen of it now."""
        return get_workload(self.ports, workload.id)

    def awaited(self, workload: Workload, *statuses: WorkloadStatus, seconds: float = 60.0) -> WorkloadView:
        """What is seen of it once it has one of these statuses."""

        def seen() -> WorkloadView | None:
            view = self.view(workload)
            return view if view.status in statuses else None

        found: WorkloadView = eventually(seen, seconds)
        return found

    def log(self, view: WorkloadView) -> str:
        """All that its pods have said so far."""
        return "".join(chunk.text for chunk in self.ports.logs.read(view.job, 0, 1000))

    def processes(self, view: WorkloadView, pod: str) -> list[psutil.Process]:
        """The processes of a pod."""
        return [one for one in self.site.processes_of(view.workload.run) if _pod_of(one) == pod]

    def _origin(self) -> Origin:
        return Origin(by=ADA, at=wiring.SYSTEM_CLOCK.now(), seed=wiring.RANDOM_IDS.identifier())


def _pod_of(process: psutil.Process) -> str:
    try:
        return process.environ().get("SLIPWAY_POD", "")
    except (psutil.Error, OSError):
        return ""


@dataclass(frozen=True, kw_only=True)
class Fired:
    """pods: of the jobs that a cronjob had started, when one had ended. removed: what it was after its removal."""

    pods: Sequence[Pod]
    removed: WorkloadStatus


def fired(site: Site) -> Fired:
    """The story of a cronjob of every minute, deployed and removed once it has started a job."""
    with harbour_at(site, site.folder, "crons") as harbour:
        cron = harbour.deploy("count", name="cron", schedule="* * * * *")
        harbour.awaited(cron, WorkloadStatus.SCHEDULED)
        pods = eventually(lambda: _ended(harbour.view(cron).pods), A_FIRE)
        harbour.remove(WorkloadKind.CRONJOB, "cron")
        return Fired(pods=pods, removed=harbour.view(cron).status)


def _ended(pods: Sequence[Pod]) -> Sequence[Pod]:
    return pods if any(pod.exit_code is not None for pod in pods) else ()


@contextmanager
def harbour_at(site: Site, folder: Path, project: str) -> Iterator[Harbour]:
    """A harbour on this platform."""
    site.project(project, "staging")
    known = site.ready
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{site.aws_port}",
        "AWS_ACCESS_KEY_ID": known["aws_access_key_id"],
        "AWS_SECRET_ACCESS_KEY": known["aws_secret_access_key"],
        "AWS_DEFAULT_REGION": known["aws_region"],
    }
    aws = wiring.aws_in(environment)
    context = AdapterContext(aws=lambda: aws, prefix="slipway-", clock=wiring.SYSTEM_CLOCK, ids=wiring.RANDOM_IDS)
    ports = ports_on(context, Settings(executor="process"))
    try:
        yield Harbour(site=site, repository=a_repository(folder / project), project=project, ports=ports)
    finally:
        aws.close()
