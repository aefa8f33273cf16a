"""Applications with what is shown beside them: their group and raft by title, and how many open trains they have."""

from collections.abc import Sequence

from chalicelib.kernel.installation.entries import Application, ApplicationGroup
from chalicelib.kernel.trains.train import TrainStatus
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.applications import (
    CreateApplication,
    create_application,
    find_application,
    find_application_titled,
    list_applications,
)
from chalicelib.use_cases.installation.find_items import find_raft
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.ports.runs import Page
from slipway_formats.frozen import frozen

PAGE = 500


@frozen
class ApplicationQuery:
    """Query: applications that the caller may read. id, title: of one. most: None for all."""

    origin: Origin
    id: int | None = None
    title: str = ""
    with_inactive: bool = False
    most: int | None = None


@frozen
class ApplicationView:
    """An application. group, raft: titles, empty for none."""

    application: Application
    group: str = ""
    raft: str = ""
    active_trains: int = 0


def list_application_views(ports: Ports, query: ApplicationQuery) -> Sequence[ApplicationView]:
    """List applications by id."""
    found = [one for one in list_applications(ports, query.origin) if one.is_active or query.with_inactive]
    return [application_view(ports, one) for one in found[: query.most]]


def find_application_view(ports: Ports, query: ApplicationQuery) -> Sequence[ApplicationView]:
    """Return the application of an id or title, or nothing."""
    if query.id is None:
        found = find_application_titled(ports, query.origin, query.title)
    else:
        found = find_application(ports, query.origin, query.id)
    return [] if found is None else [application_view(ports, found)]


def create_application_view(ports: Ports, command: CreateApplication) -> ApplicationView:
    """Create an application, as `create_application` does."""
    return application_view(ports, create_application(ports, command))


def application_view(ports: Ports, application: Application) -> ApplicationView:
    """Return an application with what is shown beside it."""
    group = ports.installation.find(ApplicationGroup, application.group) if application.group else None
    raft = find_raft(ports, application.raft) if application.raft else None
    return ApplicationView(
        application=application,
        group=group.title if group is not None else "",
        raft=raft.title if raft is not None else "",
        active_trains=_active_trains(ports, application),
    )


def _active_trains(ports: Ports, application: Application) -> int:
    count, after = 0, None
    while True:
        page = ports.trains.of_application(application.project, application.name, Page(size=PAGE, after=after))
        count += sum(train.is_planned and train.status is TrainStatus.ACTIVE for train in page)
        if len(page) < PAGE:
            return count
        after = str(page[-1].id)
