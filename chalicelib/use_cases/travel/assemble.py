"""Snapshots on a pipeline of gates: of versions that are there, or are built before the snapshot travels."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.installation.entries import Application, place_handle
from chalicelib.kernel.installation.portfolio import Branch, ProjectVersion, Workflow, WorkflowType, run_handle
from chalicelib.kernel.trains.snapshot import CarriedVersion
from chalicelib.kernel.trains.train import Member, Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.installation.portfolio import branch_of
from chalicelib.use_cases.installation.saving import create_entry
from chalicelib.use_cases.launch.run_ids import run_id_for
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.trains.find import snapshot_of, train_for
from chalicelib.use_cases.trains.snapshots import CreateSnapshot
from chalicelib.use_cases.travel.begin import BeginSnapshot, begin_in
from slipway_formats.defect import Defect
from slipway_formats.frozen import frozen

INPUTS = "snapshotVersionInputs"


@frozen
class WantedVersion:
    """The version of an application that a snapshot is to carry; None to build it. branch: the id of the one built.

    package: part of the application; none has any.
    """

    application: int
    version: int | None = None
    branch: int | None = None
    package: str = ""


@frozen
class AssembleSnapshot:
    """Give a train another snapshot, of these versions; members that are not named are built.

    copy_of: the id of a snapshot whose versions are taken instead. title: empty for the time at which it is made.
    """

    origin: Origin
    train: int
    title: str = ""
    description: str = ""
    versions: tuple[WantedVersion, ...] = ()
    copy_of: int | None = None


def assemble_snapshot(ports: Ports, command: AssembleSnapshot) -> Changed:
    """Create a snapshot and begin its travel, after it is built. Faults: Invalid with every defect; as begin_snapshot.

    A copy carries what is in the other snapshot, and builds nothing.
    """
    origin = command.origin
    train = train_for(ports, origin.by, command.train, Level.WRITE)
    carries = _copied(ports, train, command.copy_of) if command.copy_of is not None else _carries(ports, command, train)
    create = CreateSnapshot(
        origin=origin, train=train.id, title=command.title, description=command.description, carries=carries
    )
    return begin_in(ports, BeginSnapshot(create=create), train)


def _copied(ports: Ports, train: Train, number: int) -> tuple[CarriedVersion, ...]:
    copied = snapshot_of(ports, train, number)
    return tuple(
        CarriedVersion(application=one.application, branch=one.branch, version=one.version, number=one.number)
        for one in copied.carries
    )


def _carries(ports: Ports, command: AssembleSnapshot, train: Train) -> tuple[CarriedVersion, ...]:
    members = dict(_members(ports, train))
    if defects := tuple(_defects(ports, command.versions, members)):
        raise Invalid(defects)
    named = {one.application: one for one in command.versions}
    run = run_id_for(ports, command.origin)
    usual = {number: WantedVersion(application=number, branch=member.branch) for number, (_, member) in members.items()}
    return tuple(
        _carried(ports, command.origin, one, _said(usual[number], named.get(number)), run=run)
        for number, (one, _) in members.items()
    )


def _said(usual: WantedVersion, wanted: WantedVersion | None) -> WantedVersion:
    """Return what is wanted of a project: what a request says of it stands before what the release says."""
    if wanted is None:
        return usual
    branch = usual.branch if wanted.branch is None else wanted.branch
    return replace(usual, version=wanted.version, branch=branch)


def _members(ports: Ports, train: Train) -> Iterator[tuple[int, tuple[Application, Member]]]:
    for member in train.members:
        found = ports.installation.find_by(Application, place_handle(member.project, member.application))
        if found is not None:
            yield found.id, (found, member)


def _defects(
    ports: Ports, wanted: Sequence[WantedVersion], members: Mapping[int, tuple[Application, Member]]
) -> Iterator[Defect]:
    for place, one in enumerate(wanted):
        path = f"{INPUTS}[{place}]"
        if one.application not in members:
            yield Defect(f"{path}.projectId", f"project {one.application} is not in the release")
        elif one.application in {earlier.application for earlier in wanted[:place]}:
            yield Defect(f"{path}.projectId", f"project {one.application} is there twice")
        if one.package:
            yield Defect(f"{path}.packageName", f"no package {one.package[:64]} in the release")
        if one.version is not None and _known(ports, one) is None:
            missing = f"no version {one.version} of project {one.application}"
            yield Defect(f"{path}.projectVersionId", missing)
        branch = ports.installation.find(Branch, one.branch) if one.branch is not None else None
        if one.branch is not None and (branch is None or branch.application != one.application):
            yield Defect(f"{path}.projectStreamId", f"no branch {one.branch} in project {one.application}")


def _known(ports: Ports, wanted: WantedVersion) -> ProjectVersion | None:
    found = ports.installation.find(ProjectVersion, wanted.version or 0)
    return found if found is not None and found.application == wanted.application else None


def _carried(
    ports: Ports, origin: Origin, application: Application, wanted: WantedVersion, *, run: str
) -> CarriedVersion:
    known = _known(ports, wanted)
    if known is not None:
        return CarriedVersion(application=application.id, branch=known.branch, version=known.id, number=known.title)
    branch = branch_of(ports, origin, application, wanted.branch or None)
    version = _version(ports, origin, branch, run=run)
    return CarriedVersion(
        application=application.id,
        branch=branch.id,
        version=version.id,
        number=version.title,
        builds=_is_built(ports, application),
    )


def _version(ports: Ports, origin: Origin, branch: Branch, *, run: str) -> ProjectVersion:
    """Return the version that the snapshot's run is to build; a repeated request finds the one that it made."""
    built_by = f"{run}/{branch.application}"
    known = ports.installation.find_by(ProjectVersion, run_handle(built_by))
    if known is not None:
        return known
    number = ports.numbers.following_id("version")
    version = ProjectVersion(
        id=number, title=f"1.0.{number}", application=branch.application, branch=branch.id, run=built_by
    )
    return create_entry(ports, origin, version)


def _is_built(ports: Ports, application: Application) -> bool:
    """Return True if a project has something that builds it; else its version is what it is."""
    number = next((one.workflow for one in application.workflows if one.type is WorkflowType.BUILD), 0)
    found = ports.installation.find(Workflow, number)
    return found is not None and bool(found.script)
