"""What the use cases need from outside about what is defined and deployed: projects, definitions, deployments.

Where a method takes an entry of the audit log, it writes the change and the entry in one transaction. An entry that is
there says that this very ask was done before: then nothing is changed, and the answer is what stands there. Faults of
all these: Conflict, when before was more than a day ago.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH, MILLISECOND
from chalicelib.kernel.definitions.definition import Definition
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.deployment import Change, Deployment
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.use_cases.ports.runs import Page

Kind = TypeVar("Kind", bound=Definition)


class Projects(Protocol):
    """Projects, their environments and their repositories. Reads are consistent, but for the list of all projects.

    What is leaving is seen by nobody any more, and nothing new is made in it: who tries is told that it is not there.
    """

    def create(self, project: Project, entry: AuditEntry) -> Project:
        """Store a new project. Faults: Conflict."""

    def project(self, name: str) -> Project:
        """The project. Faults: NotFound."""

    def find_project(self, name: str) -> Project | None:
        """The project, if there is one."""

    def projects(self, page: Page) -> Sequence[Project]:
        """All projects by name. after: exclusive name."""

    def save(self, project: Project, entry: AuditEntry) -> Project:
        """Save on its version; the saved project has the next. Faults: Stale, TooLarge."""

    def create_environment(self, project: Project, environment: Environment, entry: AuditEntry) -> Environment:
        """Store a new environment, last in its project's order. Faults: Conflict when it exists, Stale."""

    def environment(self, project: str, name: str) -> Environment:
        """The environment. Faults: NotFound."""

    def find_environment(self, project: str, name: str) -> Environment | None:
        """The environment, if there is one."""

    def environments(self, project: str) -> Sequence[Environment]:
        """The environments of a project, by name."""

    def save_environment(self, environment: Environment, entry: AuditEntry) -> Environment:
        """Save on its version; the saved environment has the next. Faults: Stale, TooLarge."""

    def create_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        """Store a new repository. Faults: Conflict."""

    def repository(self, project: str, name: str) -> Repository:
        """The repository. Faults: NotFound."""

    def find_repository(self, project: str, name: str) -> Repository | None:
        """The repository, if there is one."""

    def repositories(self, project: str) -> Sequence[Repository]:
        """The repositories of a project, by name."""

    def save_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        """Save on its version; the saved repository has the next. Faults: Stale."""

    def remove_repository(self, repository: Repository, entry: AuditEntry) -> None:
        """Forget a repository; one that is not there is no fault."""

    def mark_deleting(self, name: str, entry: AuditEntry) -> None:
        """Have a project leave; one that does so already goes on. Faults: NotFound, Stale."""

    def mark_environment_deleting(self, project: str, name: str, entry: AuditEntry) -> None:
        """Have an environment leave, and its project's order too; one that does so already goes on.

        Faults: NotFound, Stale.
        """

    def environment_names(self, project: str) -> Sequence[str]:
        """The names of a project's environments, also of those that are leaving."""

    def forget_environment(self, project: str, name: str) -> None:
        """Let the record of an environment go that is leaving and has nothing left; again is no fault."""

    def forget(self, name: str) -> None:
        """Let the record of a project go that is leaving and has nothing left; again is no fault."""


class Definitions(Protocol):
    """Builds, deployment jobs and pipelines, with what finds them: kernel/definitions/handles.py."""

    def create(self, definition: Kind, entry: AuditEntry) -> Kind:
        """Store a new definition. Faults: Conflict, TooLarge; NotFound when its place is not there, or leaving."""

    def definition(self, ref: DefinitionRef) -> Definition:
        """The definition (a consistent read). Faults: NotFound."""

    def find_definition(self, ref: DefinitionRef) -> Definition | None:
        """The definition (a consistent read), if there is one."""

    def save(self, definition: Kind, entry: AuditEntry) -> Kind:
        """Save on its version; the saved definition has the next. Faults: Stale, NotFound, TooLarge."""

    def remove(self, ref: DefinitionRef, entry: AuditEntry) -> None:
        """Forget a definition and what finds it. Faults: NotFound, Stale."""

    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        """A project's definitions of a kind, of one environment or of all, by environment and name; consistent."""

    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        """The definitions that have the handle."""


class Deployments(Protocol):
    """What is deployed, and how that came about. History is appended and never overwritten."""

    def deployment(self, project: str, environment: str, name: str) -> Deployment | None:
        """The root deployment as it is now (a consistent read); nothing when there never was one."""

    def in_environment(self, project: str, environment: str) -> Sequence[Deployment]:
        """All root deployments that there are or ever were, by name."""

    def commit(self, before: Deployment, change: Change, entry: AuditEntry | None) -> Deployment:
        """Save, on the version of the one before, what the change left, and the change; the deployment as saved.

        A change that a job made has no entry and is saved once as well: the same again answers what is there. Faults:
        Stale, TooLarge; NotFound when it is the first and its environment is not there, or leaving.
        """

    def forget(self, deployment: Deployment) -> None:
        """Forget a deployment and its history; again is no fault. Faults: Stale, when it has changed since."""

    def as_of(self, deployment: Deployment, at: datetime) -> Change | None:
        """The last change of a deployment up to an instant."""

    def history(self, deployment: Deployment, page: Page) -> Sequence[Change]:
        """What was done to a deployment, newest first. after: place of a change, as `place_of_change` writes it."""


def place_of_change(change: Change) -> str:
    """The place of a change in its deployment's history: sorts by time, then version."""
    return f"{(change.at - EPOCH) // MILLISECOND:015d}#{change.version:09d}"
