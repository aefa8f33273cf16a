"""What the page of a release shows: what it is and from where, and by tab what is around it."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from chalicelib.dialects.console.deploys.page import deploy_path
from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Crumb
from chalicelib.dialects.console.frame.forms import Button
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.marks import Mark
from chalicelib.dialects.console.home.board import LOOKS
from chalicelib.dialects.console.release.needs import NeedsPart, needs_part
from chalicelib.kernel.access.principal import Principal, may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.definitions.definition import DeploymentJob
from chalicelib.kernel.projects.cell import CellPhase
from chalicelib.kernel.releases.links import Edge
from chalicelib.kernel.releases.release import Release
from chalicelib.use_cases.definitions.lists import DefinitionsIn, list_jobs
from chalicelib.use_cases.overview.release_changes import ProductionQuery, compare_with_production
from chalicelib.use_cases.overview.release_places import Placed, places_of
from chalicelib.use_cases.pagination import Slice
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.releases.links import LinksQuery, list_downstream
from chalicelib.use_cases.releases.namespaces import ApplicationNamed
from chalicelib.use_cases.releases.needs import NeedsQuery, get_needs
from chalicelib.use_cases.releases.releases import ReleaseByQuery, get_release
from chalicelib.use_cases.releases.tags import list_tags
from slipway_formats.frozen import frozen

MOST_DOWNSTREAM = 50
YANK = Button(value="yank", word="Take it out of use", tone="danger")


class Tab(StrEnum):
    """What of a release is shown."""

    ABOUT = "about"
    NEEDS = "needs"
    DOWNSTREAM = "downstream"
    DEPLOYED = "deployed"
    DOWNLOADS = "downloads"


@frozen
class ReleaseQuery:
    """Query: the page of a release. page_from: of what needs it."""

    frame: Frame
    by: Principal
    of: ReleaseByQuery
    tab: Tab = Tab.ABOUT
    page_from: str = ""


@frozen
class JobPart:
    """A deployment job that could deploy the release. path: of the page that tells what this would change."""

    job: DeploymentJob
    path: str


@frozen
class Around:
    """What a tab shows; empty for the others. production: what it would change there. jobs: that could deploy it."""

    production: ChangePart | None = None
    needs: NeedsPart | None = None
    downstream: Sequence[Edge] = ()
    more: str = ""
    places: Sequence[Placed] = ()
    jobs: Sequence[JobPart] = ()
    downloads: int = 0


@frozen
class ReleasePage:
    """What the page shows. tags: that name it. may_tag, may_yank: whether the reader may."""

    asked: ReleaseQuery
    crumbs: Sequence[Crumb]
    release: Release
    tags: Sequence[str]
    may_tag: bool
    may_yank: bool
    around: Around
    yank: Button = YANK

    @property
    def looks(self) -> Mapping[CellPhase, Mark]:
        """Return how a deployment is shown, by how it is."""
        return LOOKS


def release_page(ports: Ports, asked: ReleaseQuery) -> ReleasePage:
    """Return what the page of a release shows. Faults: NotFound."""
    release = get_release(ports, asked.of)
    key = release.key
    project = ports.namespaces.project_of(key.namespace, key.application) or ""
    tags = list_tags(ports, ApplicationNamed(namespace=key.namespace, application=key.application))
    name = f"{key.namespace}/{key.application}"
    return ReleasePage(
        asked=asked,
        crumbs=[
            Crumb(word="Releases", path="/releases"),
            Crumb(word=name, path=f"/releases/{name}"),
            Crumb(word=key.version),
        ],
        release=release,
        tags=[tag for tag, version in tags.items if version == key.version],
        may_tag=may(asked.by, Level.WRITE, project),
        may_yank=may(asked.by, Level.WRITE, project),
        around=_around(ports, asked, release),
    )


def _around(ports: Ports, asked: ReleaseQuery, release: Release) -> Around:
    key = release.key
    match asked.tab:
        case Tab.ABOUT:
            found = compare_with_production(ports, ProductionQuery(by=asked.by, release=release))
            return Around(production=change_part(found) if found.deployments else None)
        case Tab.NEEDS:
            return Around(needs=needs_part(release, get_needs(ports, NeedsQuery(by=asked.by, release=release))))
        case Tab.DOWNSTREAM:
            wanted = Slice(size=MOST_DOWNSTREAM, after=asked.page_from)
            part = list_downstream(ports, LinksQuery(of=asked.of, by=asked.by, slice=wanted))
            return Around(downstream=part.items, more=part.after or "")
        case Tab.DEPLOYED:
            return _deployed(ports, asked, release)
        case Tab.DOWNLOADS:
            return Around(downloads=ports.package_records.downloads(key))


def _deployed(ports: Ports, asked: ReleaseQuery, release: Release) -> Around:
    application = f"{release.key.namespace}/{release.key.application}"
    places = places_of(ports, asked.by, application)
    jobs = [one.definition for one in list_jobs(ports, DefinitionsIn(by=asked.by))]
    return Around(
        places=[one for one in places if one.cell.version == release.key.version],
        jobs=[
            JobPart(job=one, path=deploy_path(one.project, one.environment, one.deployment, release.key.version))
            for one in jobs
            if one.release == application and _may_deploy(asked.by, one)
        ],
    )


def _may_deploy(by: Principal, job: DeploymentJob) -> bool:
    return not job.disabled and may(by, Level.WRITE, job.project)
