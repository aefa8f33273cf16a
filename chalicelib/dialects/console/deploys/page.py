"""What a deploy would change, as a page, with the form that does it."""

from collections.abc import Sequence
from urllib.parse import quote

from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.kernel.access.principal import may
from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.run import Run
from chalicelib.use_cases.deploys.deploy_as_shown import DeployAsShown, deploy_as_shown
from chalicelib.use_cases.deploys.preview import DeployPreview, PreviewDeploy, preview_deploy
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.fresh_login import check_fresh_for, is_production
from slipway_formats.frozen import frozen


@frozen
class DeployQuery:
    """Query: what a deploy would change."""

    frame: Frame
    preview: PreviewDeploy

    @property
    def path(self) -> str:
        """Return the path of the page."""
        of = self.preview
        return deploy_path(of.project, of.environment, of.deployment, of.version)


@frozen
class DeployPage:
    """What the page shows. change: what it would change."""

    asked: DeployQuery
    crumbs: Sequence[Crumb]
    found: DeployPreview
    change: ChangePart
    may_deploy: bool
    is_production: bool


@frozen
class DeployByForm:
    """Command: a deploy of a form. is_by_session: a browser sends it, by its cookie, which may be left open."""

    command: DeployAsShown
    is_by_session: bool


def deploy_path(project: str, environment: str, deployment: str, version: str) -> str:
    """Return the path of the page of a deploy. Names of deployments may hold slashes."""
    place, what, to = (quote(one, safe="") for one in (environment, deployment, version))
    return f"/projects/{quote(project, safe='')}/environments/{place}/deploy/{what}/to/{to}"


def deploy_page(ports: Ports, asked: DeployQuery) -> DeployPage:
    """Return what a deploy would change. Faults: NotFound, Conflict, Invalid."""
    query = asked.preview
    found = preview_deploy(ports, query)
    project = f"/projects/{query.project}"
    return DeployPage(
        asked=asked,
        crumbs=[
            Crumb(word=query.project, path=project, tile=tile_of(query.project)),
            Crumb(word=query.environment, path=f"{project}/environments/{query.environment}"),
            Crumb(word=f"Deploy {query.deployment}"),
        ],
        found=found,
        change=change_part(found.changes),
        may_deploy=may(query.by, Level.WRITE, query.project),
        is_production=is_production(ports, [query.environment]),
    )


def deploy_by_form(ports: Ports, command: DeployByForm) -> Run:
    """Deploy what was shown. Faults: those of `deploy_as_shown`; Unauthenticated."""
    wanted = command.command
    if command.is_by_session:
        check_fresh_for(ports, wanted.origin.by, [wanted.environment], wanted.origin.at)
    return deploy_as_shown(ports, wanted)
