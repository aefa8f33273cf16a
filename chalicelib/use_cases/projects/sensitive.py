"""Sensitive values of deployments: which they are, by the releases' metadata, and who may read them.

They are shown from level `write` on, and to a job in its own environment; others see `***`.
"""

from collections.abc import Collection, Mapping
from dataclasses import field

from chalicelib.kernel.access.principal import Principal, PrincipalKind, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.compile_build import SECRET_INPUTS, SERVICE_ACCOUNT
from chalicelib.kernel.engine.job import Job
from chalicelib.kernel.names import DEFAULT_NAMESPACE
from chalicelib.kernel.projects.deployment import DeploymentState
from chalicelib.kernel.projects.sensitive import Names, looked_up, sensitive_names, without_sensitive
from chalicelib.kernel.releases.release import ReleaseKey
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen
from slipway_formats.version import is_version


@frozen
class SensitiveNames:
    """The names that releases declare as sensitive, each looked up once. by: only releases that this principal may read
    count.

    project: whose releases count for every principal.
    """

    ports: Ports
    by: Principal | None = None
    project: str = ""
    known: dict[tuple[str, str], Names | None] = field(default_factory=dict)

    def of(self, application: str, version: str) -> Names | None:
        """Return the names of a release, or of the latest if that one is not registered yet; None without any."""
        unit = (application, version)
        if unit not in self.known:
            self.known[unit] = self._look_up(application, version)
        return self.known[unit]

    def _look_up(self, application: str, version: str) -> Names | None:
        namespace, _, name = application.rpartition("/")
        namespace = namespace or DEFAULT_NAMESPACE
        if not name or not self._may_be_known(namespace):
            return None
        asked = version.removeprefix("v")
        found = self._names(namespace, name, asked)
        return found if found is not None else self._names_of_latest(namespace, name)

    def _names(self, namespace: str, name: str, version: str) -> Names | None:
        if not is_version(version):
            return None
        release = self.ports.releases.find_release(ReleaseKey(namespace=namespace, application=name, version=version))
        return sensitive_names(release.metadata) if release is not None else None

    def _names_of_latest(self, namespace: str, name: str) -> Names | None:
        latest = self.ports.releases.resolve(namespace, name, "latest")
        return self._names(namespace, name, latest) if latest is not None else None

    def _may_be_known(self, namespace: str) -> bool:
        if self.by is None:
            return True
        found = self.ports.namespaces.find_namespace(namespace)
        if found is None:
            return False
        return found.is_public or found.project == self.project or may(self.by, Level.READ, found.project)


def sees_sensitive(ports: Ports, by: Principal, project: str, environment: str) -> bool:
    """Return True if the principal may read the sensitive values of an environment."""
    if by.kind is not PrincipalKind.JOB:
        return may(by, Level.WRITE, project)
    job = ports.jobs.find_job(by.name)
    if job is None:
        return False
    if (job.project, job.environment) == (project, environment):
        return True
    return SERVICE_ACCOUNT in job.ask and may(by, Level.WRITE, project)


def works_in(ports: Ports, by: Principal, project: str, environment: str) -> bool:
    """Whether somebody is a job of an environment."""
    job = ports.jobs.find_job(by.name) if by.kind is PrincipalKind.JOB else None
    return job is not None and (job.project, job.environment) == (project, environment)


def redacted_for(
    ports: Ports, by: Principal, place: tuple[str, str], states: Collection[DeploymentState]
) -> tuple[DeploymentState, ...]:
    """Return the states of an environment redacted for the principal. place: project and environment."""
    if sees_sensitive(ports, by, *place):
        return tuple(states)
    names = SensitiveNames(ports=ports)
    return tuple(without_sensitive(looked_up(state, names.of)) for state in states)


def given_as_secrets(ports: Ports, by: Principal) -> Names:
    """Return the names of inputs that a job was given as secrets, which it writes into states as plain values."""
    job = ports.jobs.find_job(by.name) if by.kind is PrincipalKind.JOB else None
    return secret_names_of(ports, job) if job is not None else frozenset()


def secret_names_of(ports: Ports, job: Job) -> Names:
    """The names of inputs that a job is given as secrets, by its definition or its environment."""
    environment = ports.projects.find_environment(job.project, job.environment)
    around = frozenset(environment.secrets) if environment is not None else frozenset()
    held = job.ask.get(SECRET_INPUTS)
    fields = held.values() if isinstance(held, Mapping) else ()
    return around | frozenset(str(name) for one in fields if isinstance(one, Mapping) for name in one)
