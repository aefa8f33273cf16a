"""What FlexDeploy's clients know of projects besides: folders, branches, versions and workflows.

Projects themselves are applications: entries.py. What is unique of its kind is a handle, as there.
"""

from enum import StrEnum

from slipway_formats.frozen import frozen

ROOT_FOLDER = 99
"""The folder that holds the topmost ones. Clients know its id."""

ROOT_TITLE = "FlexDeploy"
MAIN = "main"
"""The branch that every project has."""


class WorkflowType(StrEnum):
    """What a workflow is for."""

    BUILD = "BUILD"
    DEPLOY = "DEPLOY"
    UTILITY = "UTILITY"
    TEST = "TEST"


@frozen
class Folder:
    """A folder of projects. parent: the id of the one around it."""

    id: int
    title: str
    parent: int = ROOT_FOLDER
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (folder_handle(self.parent, self.title),)


@frozen
class WorkflowVersion:
    """A version of a workflow. number: as people write it, such as 1.0."""

    id: int
    number: str


@frozen
class Workflow:
    """A way to build, deploy or test projects. script: what is done; empty where something else does it."""

    id: int
    title: str
    type: WorkflowType
    versions: tuple[WorkflowVersion, ...] = ()
    script: str = ""
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (workflow_handle(self.title),)


@frozen
class ProjectWorkflow:
    """A workflow that a project has. workflow: its id."""

    type: WorkflowType
    workflow: int


@frozen
class Branch:
    """A branch of a project. application: the project's id."""

    id: int
    title: str
    application: int
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (branch_handle(self.application, self.title),)


@frozen
class ProjectVersion:
    """A version of a project. application, branch: ids. run: that builds it; empty for one that was built elsewhere."""

    id: int
    title: str
    application: int
    branch: int
    run: str = ""
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        of_run = (run_handle(self.run),) if self.run else ()
        return (version_handle(self.application, self.title), *of_run)


def folder_handle(parent: int, title: str) -> str:
    """Return the lookup handle of a folder."""
    return f"below/{parent}/{title.casefold()}"


def workflow_handle(title: str) -> str:
    """Return the lookup handle of a workflow."""
    return f"title/{title.casefold()}"


def branch_handle(application: int, title: str = "") -> str:
    """Return the lookup handle of a branch; without a title the prefix of those of all branches of the project."""
    return f"branch/{application}/{title.casefold()}"


def version_handle(application: int, title: str = "") -> str:
    """Return the lookup handle of a version; without a title the prefix of those of all versions of the project."""
    return f"version/{application}/{title.casefold()}"


def run_handle(run: str) -> str:
    """Return the lookup handle of the version that a run builds."""
    return f"run/{run}"
