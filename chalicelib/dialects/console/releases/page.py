"""What the pages of releases show: applications that are looked for, and the releases of one with where they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import urlencode

from chalicelib.dialects.console.frame.crumbs import Crumb
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.home.board import LOOKS
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.projects.cell import CellPhase
from chalicelib.use_cases.overview.release_places import PlacedRelease, ReleasePlaces, get_release_places
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.search import FoundRelease, SearchReleases, search_releases
from slipway_formats.frozen import frozen


@frozen
class Search:
    """Query: applications by words, or all that the reader may see. given: the words."""

    frame: Frame
    now: datetime
    sought: SearchReleases
    given: str = ""


@frozen
class FoundPage:
    """What the list shows: of each application its highest release. more: the query of its next page."""

    search: Search
    found: Sequence[FoundRelease]
    more: str


@frozen
class ApplicationQuery:
    """Query: the page of an application."""

    frame: Frame
    now: datetime
    by: Principal
    places: ReleasePlaces


@frozen
class ApplicationPage:
    """What the page of an application shows. more: the query of its next page."""

    asked: ApplicationQuery
    crumbs: Sequence[Crumb]
    releases: Sequence[PlacedRelease]
    more: str

    @property
    def looks(self) -> Mapping[CellPhase, Mark]:
        """Return how a deployment is shown, by how it is."""
        return LOOKS


def search_page(ports: Ports, search: Search) -> FoundPage:
    """Return the applications that are looked for, best first. Faults: Invalid."""
    found = search_releases(ports, search.sought)
    given = [("q", search.given)] if search.given else []
    more = urlencode([*given, ("page_from", found.after)]) if found.after else ""
    return FoundPage(search=search, found=found.found, more=more)


def application_page(ports: Ports, asked: ApplicationQuery) -> ApplicationPage:
    """Return the releases of an application, highest first, with where each is. Faults: NotFound, Invalid."""
    found = get_release_places(ports, asked.places)
    name = f"{asked.places.namespace}/{asked.places.application}"
    return ApplicationPage(
        asked=asked,
        crumbs=[Crumb(word="Releases", path="/releases"), Crumb(word=name)],
        releases=found.releases,
        more=urlencode({"page_from": found.after}) if found.after else "",
    )
