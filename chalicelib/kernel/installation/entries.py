"""What the whole installation has, by integer id and title: applications and their groups, environments, rafts, lists,
registered repositories, namespaces of tasks.

An entry is found by its id, and by each of its handles, which are unique of its kind. Titles are compared in any case.
Integer ids: kernel/integer_ids.py.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TypeVar

from chalicelib.kernel.access.role import EVERY_PROJECT
from chalicelib.kernel.installation.portfolio import Branch, Folder, ProjectVersion, ProjectWorkflow, Workflow
from chalicelib.kernel.installation.shared_pipelines import PipelineVersion, SharedPipeline
from slipway_formats.frozen import frozen

LONGEST_TITLE = 200
GLOBAL_RAFT = 1
"""The raft that every installation has. Its items are for all projects, and admins alone change them."""


class ItemType(StrEnum):
    """The types of an item of a raft."""

    MODULE = "module"
    SCRIPT = "script"
    PLAN = "plan"
    PIPELINE = "pipeline"


class ListKind(StrEnum):
    """The named lists by which environments mention machines. No agents run on these."""

    SERVER = "server"
    ROLE = "role"


@frozen
class Application:
    """An application of a project, which is what trains deliver. project, name: never change. group, raft: ids.

    title: any text, unique in the installation. folder: an id; None for one of its own, which has its title and id.
    """

    id: int
    title: str
    project: str
    name: str
    group: int | None = None
    raft: int | None = None
    folder: int | None = None
    workflows: tuple[ProjectWorkflow, ...] = ()
    is_active: bool = True
    created_by: str
    created_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title), place_handle(self.project, self.name))


@frozen
class ApplicationGroup:
    """A group of applications, for display and for variables."""

    id: int
    title: str
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title),)


@frozen
class SharedEnvironment:
    """An environment of the installation. name: of its places in projects, which are made when something goes there.

    parent: the title of another, empty for none.
    """

    id: int
    title: str
    code: str
    name: str
    parent: str = ""
    is_active: bool = True
    created_by: str = ""
    created_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title), name_handle(self.name))


@frozen
class Raft:
    """A collection of scripts and pipelines. Its title is the prefix by which others name its items."""

    id: int
    title: str
    configuration: str = ""
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title),)


@frozen
class RaftItem:
    """A script, plan, module or pipeline. application: the id of the one that it belongs to, None for all of the raft.

    content: its text.
    """

    id: int
    raft: int
    application: int | None = None
    type: ItemType
    title: str
    content: str = ""
    changed_by: str
    changed_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (item_handle(self.raft, self.application, self.type, self.title),)


@frozen
class NamedEntry:
    """A server or role: a name that environments and targets may mention."""

    id: int
    kind: ListKind
    title: str
    parent: str = ""
    is_active: bool = True
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (named_handle(self.kind, self.title),)


@frozen
class GitRepository:
    """A registered git repository, which the Deploy API reads. title: its name.

    projects: those that may use it; `*` stands for all. private_key, password: names of secrets; empty without.
    """

    id: int
    title: str
    url: str
    branch: str = ""
    username: str = ""
    private_key: str = ""
    password: str = ""
    projects: tuple[str, ...] = ()
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title),)

    def is_for(self, project: str) -> bool:
        """Return True if the project may use the repository."""
        return bool({project, EVERY_PROJECT} & set(self.projects))


@frozen
class TaskNamespace:
    """A namespace of the Deploy API's, which is an environment of a project. title: its name, in whichever case.

    founds: until its project, which is made for it, is there and whoever asked for it first owns it.
    """

    id: int
    title: str
    project: str
    environment: str
    founds: bool = False
    created_by: str
    created_at: datetime
    version: int = 0

    @property
    def handles(self) -> tuple[str, ...]:
        """Return the lookup handles of the entry, besides its id."""
        return (title_handle(self.title), place_handle(self.project, self.environment))


Portfolio = Folder | Workflow | Branch | ProjectVersion
Pipelines = SharedPipeline | PipelineVersion
Tasks = GitRepository | TaskNamespace
Entry = (
    Application | ApplicationGroup | SharedEnvironment | Raft | RaftItem | NamedEntry | Portfolio | Pipelines | Tasks
)
Kind = TypeVar("Kind", bound=Entry)


WORDS: Mapping[type[Entry], str] = MappingProxyType(
    {
        Application: "application",
        ApplicationGroup: "application group",
        SharedEnvironment: "environment",
        Raft: "raft",
        GitRepository: "registered repository",
        TaskNamespace: "task namespace",
        Folder: "folder",
        Workflow: "workflow",
        Branch: "branch",
        ProjectVersion: "version",
        SharedPipeline: "pipeline",
        PipelineVersion: "pipeline version",
    }
)


def word_of(entry: Entry) -> str:
    """Return the kind of an entry in words."""
    match entry:
        case RaftItem():
            return str(entry.type)
        case NamedEntry():
            return str(entry.kind)
        case _:
            return WORDS[type(entry)]


def title_handle(title: str) -> str:
    """Return the lookup handle of an entry by its title, in any case."""
    return f"title/{title.casefold()}"


def place_handle(project: str, name: str) -> str:
    """Return the lookup handle of an application or namespace by its project and its name there."""
    return f"place/{project}/{name}"


def name_handle(name: str) -> str:
    """Return the lookup handle of an environment by its name in projects."""
    return f"name/{name}"


def item_handle(raft: int, application: int | None, kind: ItemType, title: str) -> str:
    """Return the lookup handle of an item of a raft."""
    return f"{_items_of(raft, application)}{kind}/{title.casefold()}"


def named_handle(kind: ListKind, title: str) -> str:
    """Return the lookup handle of a server or role."""
    return f"{kind}/{title.casefold()}"


def items_prefix(raft: int, application: int | None, kind: ItemType | None = None) -> str:
    """Return the prefix of the handles of a raft's items: of those of one application, or of none."""
    return f"{_items_of(raft, application)}{kind}/" if kind is not None else _items_of(raft, application)


def _items_of(raft: int, application: int | None) -> str:
    return f"item/{raft}/{application or ''}/"
