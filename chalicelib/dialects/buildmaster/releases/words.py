"""Read requests about releases and builds, which are trains and snapshots, and show them.

Each object has both names of a number: `number` and `releaseNumber`, `number` and `buildNumber`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from chalicelib.dialects.buildmaster.instants import shown_instant
from chalicelib.dialects.buildmaster.parameters import Parameters, read_parameters
from chalicelib.dialects.buildmaster.references import (
    APPLICATION,
    BUILD,
    RELEASE_IN_FILTER,
    find_reference,
    names_no_release,
    read_application,
    read_build,
    read_release,
)
from chalicelib.http.reply import Json, Reply, empty_reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import TooLarge
from chalicelib.kernel.installation.entries import Application
from chalicelib.kernel.trains.snapshot import SnapshotStatus, pipeline_name, rejection_of, status_of
from chalicelib.kernel.trains.train import Cancelled, Head, Train, TrainStatus
from chalicelib.use_cases.train_addresses.addressed import CreateTrainAt, EndTrainAt, RejectSnapshotAt
from chalicelib.use_cases.train_addresses.train_views import SnapshotFilter, SnapshotView, TrainFilter, TrainView
from chalicelib.use_cases.trains.ending import TrainAct
from chalicelib.use_cases.travel.addressed import CreateSnapshotAt, CreateUnplannedAt

LARGEST_LIST = 4 * 1024 * 1024
"""Bytes of a list: what a Lambda function may answer, with some room."""


class ReleaseStatus(StrEnum):
    """What BuildMaster calls the status of a release."""

    ACTIVE = "active"
    CANCELED = "canceled"
    DEPLOYED = "deployed"


STATUSES: Mapping[ReleaseStatus, TrainStatus] = {
    ReleaseStatus.ACTIVE: TrainStatus.ACTIVE,
    ReleaseStatus.CANCELED: TrainStatus.CANCELLED,
    ReleaseStatus.DEPLOYED: TrainStatus.DEPLOYED,
}
STATUS_OF = {status: word for word, status in STATUSES.items()}


def read_releases(request: Request) -> TrainFilter:
    """Read which releases are asked for. Faults: Invalid."""
    said = read_parameters(request)
    status = said.word("status", ReleaseStatus)
    wanted = read_trains(request, said, STATUSES[status] if status is not None else None)
    said.check()
    return wanted


def read_builds(request: Request) -> SnapshotFilter:
    """Read which builds are asked for. Faults: Invalid."""
    said = read_parameters(request)
    trains, most = read_trains(request, said, None, is_counted=False), read_count(said)
    build, status = find_reference(said, BUILD), said.word("status", SnapshotStatus)
    said.check()
    return SnapshotFilter(trains=trains, snapshot=build, stage=said.text("furthestStage"), status=status, most=most)


def read_new_release(request: Request) -> CreateTrainAt:
    """Read a release to create. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("pipelineName")
    return _new_release(request, said)


def read_release_from_template(request: Request) -> CreateTrainAt:
    """Read a release to create from a template. Faults: Invalid."""
    said = read_parameters(request)
    said.needed("template")
    return _new_release(request, said)


def read_cancelled(request: Request) -> EndTrainAt:
    """Read which release to cancel, and why. Faults: Invalid."""
    return _ended(request, TrainAct.CANCEL)


def read_restored(request: Request) -> EndTrainAt:
    """Read which release to restore. Faults: Invalid."""
    return _ended(request, TrainAct.RESTORE)


def read_new_build(request: Request) -> CreateSnapshotAt | CreateUnplannedAt:
    """Read a build to create: of a release, or without one by an application and pipeline. Faults: Invalid."""
    said = read_parameters(request)
    number = said.text("buildNumber")
    if names_no_release(said):
        return _unplanned_build(request, said, number)
    address = read_release(said)
    said.check()
    return CreateSnapshotAt(origin=request.origin, address=address, number=number, variables=said.variables)


def _unplanned_build(request: Request, said: Parameters, number: str) -> CreateUnplannedAt:
    application, pipeline = read_application(said), said.text("pipelineName")
    if not pipeline:
        said.refuse("releaseId", "is required, or releaseNumber; or pipelineName, for a build without a release")
    said.check()
    return CreateUnplannedAt(
        origin=request.origin,
        application=application,
        pipeline=pipeline,
        number=number,
        variables=said.variables,
    )


def read_rejected(request: Request) -> RejectSnapshotAt:
    """Read which build to reject, and why. Faults: Invalid."""
    said = read_parameters(request)
    address = read_build(said)
    said.check()
    return RejectSnapshotAt(origin=request.origin, address=address, reason=said.text("reason"))


def show_releases(views: Sequence[TrainView]) -> Reply:
    """Show releases. Faults: TooLarge."""
    return show_list([_release(view) for view in views])


def show_release(view: TrainView) -> Reply:
    """Show a release."""
    return json_reply(_release(view))


def show_builds(views: Sequence[SnapshotView]) -> Reply:
    """Show builds. Faults: TooLarge."""
    return show_list([_build(view) for view in views])


def show_build(view: SnapshotView) -> Reply:
    """Show a build."""
    return json_reply(_build(view))


def show_nothing(_: object) -> Reply:
    """Answer nothing."""
    return empty_reply()


def read_trains(
    request: Request, said: Parameters, status: TrainStatus | None, *, is_counted: bool = True
) -> TrainFilter:
    """Read by what releases are filtered."""
    return TrainFilter(
        origin=request.origin,
        application=find_reference(said, APPLICATION),
        train=find_reference(said, RELEASE_IN_FILTER),
        pipeline=said.text("pipelineName"),
        status=status,
        most=read_count(said) if is_counted else None,
    )


def read_count(said: Parameters) -> int | None:
    """Read how many entries of a list are asked for; None for all."""
    count = said.whole("count")
    if count is not None and count < 1:
        said.refuse("count", "should be 1 at least")
    return count


def _new_release(request: Request, said: Parameters) -> CreateTrainAt:
    application, number = read_application(said), said.needed("releaseNumber")
    said.check()
    return CreateTrainAt(
        origin=request.origin,
        application=application,
        number=number,
        title=said.text("releaseName"),
        pipeline=said.text("pipelineName"),
        template=said.text("template"),
        variables=said.variables,
    )


def _ended(request: Request, act: TrainAct) -> EndTrainAt:
    said = read_parameters(request)
    address = read_release(said)
    said.check()
    return EndTrainAt(origin=request.origin, address=address, act=act, reason=said.text("reason"))


def show_list(objects: Sequence[Json]) -> Reply:
    """Show a list. Faults: TooLarge, as it is shown as a whole."""
    reply = json_reply(objects)
    if len(reply.body) > LARGEST_LIST:
        raise TooLarge(f"the list has over {LARGEST_LIST} bytes: filter it, or say count")
    return reply


def _release(view: TrainView) -> dict[str, Json]:
    train, ending = view.train, view.train.ending
    by, on = (ending.by, ending.at) if isinstance(ending, Cancelled) else (None, None)
    return {
        "id": train.id,
        "number": train.number,
        "releaseNumber": train.number,
        "name": train.name,
        "releaseName": train.name,
        "sequence": train.sequence,
        "template": train.template or None,
        "status": STATUS_OF[train.status],
        "createdBy": train.created_by,
        "createdOn": shown_instant(train.created_at),
        "canceledBy": by,
        "canceledOn": shown_instant(on),
        "targetDate": shown_instant(train.target_at),
        **shown_application(view.application),
        "pipelineName": train.pipeline,
        **_head("furthest", train.furthest),
        **_head("latest", train.latest),
    }


def _build(view: SnapshotView) -> dict[str, Json]:
    snapshot, train = view.snapshot, view.of.train
    rejection = rejection_of(train, snapshot)
    by, on = (rejection.by, rejection.at) if rejection is not None else (None, None)
    return {
        "id": snapshot.id,
        "number": snapshot.number,
        "buildNumber": snapshot.number,
        "status": status_of(train, snapshot),
        "createdBy": snapshot.created_by,
        "createdOn": shown_instant(snapshot.created_at),
        "rejectedBy": by,
        "rejectedOn": shown_instant(on),
        "pipelineName": pipeline_name(train, snapshot),
        "furthestStage": snapshot.furthest.stage if snapshot.furthest is not None else None,
        **shown_application(view.of.application),
        **shown_release_of(train),
    }


def shown_release_of(train: Train) -> dict[str, Json]:
    """Show which release something is of, if it is of any."""
    if not train.is_planned:
        return {"releaseId": None, "releaseNumber": None, "releaseName": None}
    return {"releaseId": train.id, "releaseNumber": train.number, "releaseName": train.name}


def shown_application(application: Application | None) -> dict[str, Json]:
    """Show which application something is of."""
    if application is None:
        return {"applicationId": None, "applicationName": None}
    return {"applicationId": application.id, "applicationName": application.title}


def _head(word: str, head: Head | None) -> dict[str, Json]:
    number, text = (head.id, head.number) if head is not None else (None, None)
    return {f"{word}BuildId": number, f"{word}BuildNumber": text}
