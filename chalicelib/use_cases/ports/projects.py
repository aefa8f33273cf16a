"""Ports for projects, definitions and deployments.

A method that takes an audit entry writes the change and the entry in one transaction. If the entry exists, this same
request was executed before: nothing is changed and the stored state is returned. Faults of all these: Conflict if that
was more than a day ago.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.kernel.access.audit_entry import AuditEntry
from chalicelib.kernel.codec import EPOCH, MILLISECOND
from chalicelib.kernel.definitions.definition import Definition
from chalicelib.kernel.plans.plan import DefinitionRef
from chalicelib.kernel.plans.work import DefinitionKind
from chalicelib.kernel.projects.cell import Cell
from chalicelib.kernel.projects.deployment import Change, Deployment
from chalicelib.kernel.projects.project import Environment, Project, Repository
from chalicelib.use_cases.ports.runs import Page

Kind = TypeVar("Kind", bound=Definition)


class Projects(Protocol):
    """Projects, their environments and their repositories. Reads are consistent, but for the list of all projects.

    What is being deleted is hidden, and creating anything in it fails with NotFound.
    """

    def create(self, project: Project, entry: AuditEntry) -> Project:
        """Store a new project. Faults: Conflict."""

    def project(self, name: str) -> Project:
        """Return the project. Faults: NotFound."""

    def find_project(self, name: str) -> Project | None:
        """Return the project, if there is one."""

    def recent_project(self, name: str) -> Project | None:
        """Return the project as it was at most some seconds ago, if there was one."""

    def projects(self, page: Page) -> Sequence[Project]:
        """List projects by name; fewer than the page holds only at the end. page.after: a name."""

    def recent_projects(self) -> Sequence[Project]:
        """List all projects by name, as they were at most some seconds ago."""

    def save(self, project: Project, entry: AuditEntry) -> Project:
        """Save on its version; the saved project has the next. Faults: Stale, TooLarge."""

    def create_environment(self, project: Project, environment: Environment, entry: AuditEntry) -> Environment:
        """Store a new environment, last in its project's order. Faults: Conflict if it exists, Stale."""

    def environment(self, project: str, name: str) -> Environment:
        """Return the environment. Faults: NotFound."""

    def find_environment(self, project: str, name: str) -> Environment | None:
        """Return the environment, if there is one."""

    def environments(self, project: str) -> Sequence[Environment]:
        """List the environments of a project, by name."""

    def save_environment(self, environment: Environment, entry: AuditEntry) -> Environment:
        """Save if the stored version is the one that was read; the saved one has the next. Faults: Stale, TooLarge."""

    def create_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        """Store a new repository. Faults: Conflict."""

    def repository(self, project: str, name: str) -> Repository:
        """Return the repository. Faults: NotFound."""

    def find_repository(self, project: str, name: str) -> Repository | None:
        """Return the repository, if there is one."""

    def repositories(self, project: str) -> Sequence[Repository]:
        """List the repositories of a project, by name."""

    def save_repository(self, repository: Repository, entry: AuditEntry) -> Repository:
        """Save on its version; the saved repository has the next. Faults: Stale."""

    def remove_repository(self, repository: Repository, entry: AuditEntry) -> None:
        """Delete a repository; a missing one is no fault."""

    def mark_deleting(self, name: str, entry: AuditEntry) -> None:
        """Mark a project as deleting; one that is marked already stays so. Faults: NotFound, Stale."""

    def mark_environment_deleting(self, project: str, name: str, entry: AuditEntry) -> None:
        """Mark an environment as deleting and remove it from its project's order; idempotent.

        Faults: NotFound, Stale.
        """

    def environment_names(self, project: str) -> Sequence[str]:
        """List the names of a project's environments, also of those that are being deleted."""

    def forget_environment(self, project: str, name: str) -> None:
        """Delete the record of an environment that is marked as deleting and empty; idempotent."""

    def forget(self, name: str) -> None:
        """Delete the record of a project that is marked as deleting and empty; idempotent."""


class Definitions(Protocol):
    """Builds, deployment jobs and pipelines, with the handles that find them: kernel/definitions/handles.py."""

    def create(self, definition: Kind, entry: AuditEntry) -> Kind:
        """Store a new definition.

        Faults: Conflict, TooLarge; NotFound if its project or environment is missing, or being deleted.
        """

    def definition(self, ref: DefinitionRef) -> Definition:
        """Return the definition (a consistent read). Faults: NotFound."""

    def find_definition(self, ref: DefinitionRef) -> Definition | None:
        """Return the definition (a consistent read), if there is one."""

    def save(self, definition: Kind, entry: AuditEntry) -> Kind:
        """Save on its version; the saved definition has the next. Faults: Stale, NotFound, TooLarge."""

    def remove(self, ref: DefinitionRef, entry: AuditEntry) -> None:
        """Delete a definition and its handles. Faults: NotFound, Stale."""

    def of_project(self, project: str, kind: DefinitionKind, environment: str = "") -> Sequence[Definition]:
        """List a project's definitions of a kind, by environment and name (a consistent read).

        environment: empty for all.
        """

    def recent_names(self, project: str, kind: DefinitionKind) -> Sequence[str]:
        """List the names of a project's definitions of a kind, as they were at most half a minute ago."""

    def found_by(self, handle: str) -> Sequence[DefinitionRef]:
        """Return the definitions that have this lookup handle."""


class Deployments(Protocol):
    """What is deployed, and its history, which is append-only."""

    def find_deployment(self, project: str, environment: str, name: str) -> Deployment | None:
        """Return the root deployment (a consistent read); None if there never was one."""

    def in_environment(self, project: str, environment: str) -> Sequence[Deployment]:
        """List all root deployments that exist or ever existed, by name."""

    def commit(self, before: Deployment, change: Change, entry: AuditEntry | None) -> Deployment:
        """Save the change and its state on the version of `before`, and return the deployment.

        A change by a job has no entry and is saved once as well: repeating it returns what is stored. Faults: Stale,
        TooLarge; NotFound if it is the first and its environment is missing, or being deleted.
        """

    def cells(self, project: str, environments: Sequence[str]) -> Sequence[Cell]:
        """Return the cells of a project's deployments by environment and name (a consistent read).

        environments: all of the project. In them deployments are given their cells that 0.1 has left without.
        """

    def forget(self, deployment: Deployment) -> None:
        """Delete a deployment and its history; idempotent. Faults: Stale, if it has changed since."""

    def as_of(self, deployment: Deployment, at: datetime) -> Change | None:
        """Return the last change of a deployment at or before an instant, if there is one."""

    def history(self, deployment: Deployment, page: Page) -> Sequence[Change]:
        """List the changes of a deployment, newest first. page.after: as of `place_of_change`.

        Of a large state it may answer the summary; `as_of` answers all of it.
        """


def place_of_change(change: Change) -> str:
    """Return the sort key of a change in its deployment's history: by time, then version."""
    return f"{(change.at - EPOCH) // MILLISECOND:015d}#{change.version:09d}"
