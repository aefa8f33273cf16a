"""What differs between two environments, or one at two instants, of all that is deployed or of one deployment."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.dialects.console.frame.change import ChangePart, change_part
from chalicelib.dialects.console.frame.crumbs import Crumb, tile_of
from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.frame import Frame
from chalicelib.dialects.console.frame.instants import field_of_instant
from chalicelib.kernel.access.principal import Principal
from chalicelib.kernel.changes.change_set import ChangeSet
from chalicelib.use_cases.overview.environment_diff import CompareEnvironments, Moment, compare_environments
from chalicelib.use_cases.ports.bundle import Ports
from slipway_formats.frozen import frozen

INSTANT = "datetime-local"


@frozen
class DifferencesQuery:
    """Query: what differs between two environments; empty while they are not chosen. deployment: of this one alone.

    old_at, new_at: as they were then; None for now.
    """

    frame: Frame
    by: Principal
    project: str
    old: str = ""
    new: str = ""
    deployment: str = ""
    old_at: datetime | None = None
    new_at: datetime | None = None


@frozen
class DifferencesPage:
    """What the page shows. differing: what the one lacks to be as the other; None while none are chosen.

    same: deployments that do not differ, of those that were asked for.
    """

    asked: DifferencesQuery
    crumbs: Sequence[Crumb]
    fields: Sequence[Field]
    differing: ChangePart | None = None
    same: Sequence[str] = ()


def differences_page(ports: Ports, asked: DifferencesQuery) -> DifferencesPage:
    """Return what differs. Faults: NotFound."""
    names = ports.projects.project(asked.project).environments
    crumbs = [
        Crumb(word=asked.project, path=f"/projects/{asked.project}", tile=tile_of(asked.project)),
        Crumb(word="What differs"),
    ]
    fields = (
        Field(name="old", word="Here", value=asked.old, options=names),
        Field(name="old_at", word="at (UTC)", value=field_of_instant(asked.old_at), type=INSTANT),
        Field(name="new", word="There", value=asked.new, options=names),
        Field(name="new_at", word="at (UTC)", value=field_of_instant(asked.new_at), type=INSTANT),
        Field(name="deployment", word="Deployment", value=asked.deployment),
    )
    if not asked.old or not asked.new:
        return DifferencesPage(asked=asked, crumbs=crumbs, fields=fields)
    old = Moment(environment=asked.old, at=asked.old_at)
    new = Moment(environment=asked.new, at=asked.new_at)
    found = compare_environments(ports, CompareEnvironments(by=asked.by, project=asked.project, old=old, new=new))
    differing = [one for one in found.differing if asked.deployment in ("", one.deployment)]
    return DifferencesPage(
        asked=asked,
        crumbs=crumbs,
        fields=fields,
        differing=change_part(ChangeSet(deployments=tuple(differing))),
        same=[one for one in found.same if asked.deployment in ("", one)],
    )
