"""Folders, in which FlexDeploy's clients find projects.

Owners of every project make them, everybody who is known may read them. A project that stands in none is shown in one
of its own, to those who may read it.
"""

from collections.abc import Iterator, Sequence

from chalicelib.kernel.faults import Invalid, NotFound
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.installation.portfolio import ROOT_FOLDER, ROOT_TITLE, Folder
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.access import require_owner_everywhere
from chalicelib.use_cases.installation.applications import list_applications
from chalicelib.use_cases.installation.saving import checked_title, create_entry
from chalicelib.use_cases.installation.searching import matching
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

KIND = "folder"


@frozen
class CreateFolder:
    """Create a folder. parent: the id of the one around it."""

    origin: Origin
    title: str
    parent: int = ROOT_FOLDER


@frozen
class FolderQuery:
    """Query: folders. id: that one. title: a part of it. parent: the id of the one around them, None for any."""

    origin: Origin
    id: int | None = None
    title: str = ""
    parent: int | None = None


def create_folder(ports: Ports, command: CreateFolder) -> Folder:
    """Create a folder. Faults: Invalid, Forbidden, Conflict if there is one of its title beside it."""
    require_owner_everywhere(command.origin.by)
    title = checked_title(command.title, "folderName")
    require_folder(ports, command.parent, "parentFolderId")
    folder = Folder(id=ports.numbers.following_id(KIND), title=title, parent=command.parent)
    return create_entry(ports, command.origin, folder)


def list_folders(ports: Ports, query: FolderQuery) -> Sequence[Folder]:
    """List folders, exact titles first."""
    every = (*_root(), *ports.installation.every(Folder), *_own_folders(ports, query.origin))
    found = [one for one in every if query.parent in (None, one.parent) and one.id != query.parent]
    return matching(found, query.title, lambda folder: folder.title)


def get_folder(ports: Ports, query: FolderQuery) -> Folder:
    """Return the folder of an id. Faults: NotFound."""
    found = next((one for one in list_folders(ports, query) if one.id == query.id), None)
    if found is None:
        raise NotFound(f"no folder {query.id}")
    return found


def require_folder(ports: Ports, number: int, path: str) -> None:
    """Require a folder in which something can be made. Faults: Invalid."""
    if number != ROOT_FOLDER and ports.installation.find(Folder, number) is None:
        raise Invalid.single(path, f"no folder {number}")


def folder_of(application: Application) -> int:
    """Return the id of the folder in which a project stands."""
    return application.id if application.folder is None else application.folder


def folders_around(ports: Ports, application: Application) -> tuple[str, ...]:
    """Return the titles of the folders around a project, the outermost first."""
    if application.folder is None:
        return (ROOT_TITLE, application.title)
    titles, number = list[str](), application.folder
    while number != ROOT_FOLDER and (found := ports.installation.find(Folder, number)) is not None:
        titles.append(found.title)
        number = found.parent
    return (ROOT_TITLE, *reversed(titles))


def _root() -> Iterator[Folder]:
    yield Folder(id=ROOT_FOLDER, title=ROOT_TITLE)


def _own_folders(ports: Ports, origin: Origin) -> Iterator[Folder]:
    for one in list_applications(ports, origin):
        if one.folder is None:
            yield Folder(id=one.id, title=one.title)
