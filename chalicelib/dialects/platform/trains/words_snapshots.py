"""Read requests about snapshots, and show them."""

from chalicelib.dialects.platform.trains import shapes
from chalicelib.dialects.platform.trains.words import id_in, one_of, shown_ending
from chalicelib.http.reply import Json, Reply, json_reply
from chalicelib.http.request import Request
from chalicelib.kernel.engine.phase import Phase
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.integer_ids import LARGEST
from chalicelib.kernel.trains.snapshot import Arrived, Snapshot, SnapshotStatus, pipeline_name, rejection_of, status_of
from chalicelib.kernel.trains.train import Member, Train
from chalicelib.kernel.trains.transitions import Changed
from chalicelib.use_cases.trains.ending import RejectSnapshot
from chalicelib.use_cases.trains.lists import SnapshotsOf, SnapshotsQuery
from chalicelib.use_cases.trains.snapshots import CreateSnapshot, SnapshotNamed
from chalicelib.use_cases.travel.begin import BeginSnapshot
from chalicelib.use_cases.travel.begin_unplanned import BeginUnplanned
from chalicelib.use_cases.travel.deploy import Deployed, DeploySnapshot


def read_list(request: Request) -> SnapshotsQuery:
    """Read which snapshots to list. Faults: Invalid, NotFound."""
    query = request.query
    after = query.whole("page_from", default=0, least=0, most=LARGEST)
    return SnapshotsQuery(
        by=request.asker,
        train=id_in(request, "train"),
        number=query.text("number") or "",
        stage=query.text("stage") or "",
        status=one_of(SnapshotStatus, query.text("status")),
        size=query.whole("page_size", default=50, least=1, most=200),
        after=str(after) if after else None,
    )


def read_new(request: Request) -> BeginSnapshot:
    """Read a snapshot to create. Faults: Invalid, NotFound."""
    body = request.optional_body(shapes.NewSnapshotBody)
    create = CreateSnapshot(
        origin=request.origin,
        train=id_in(request, "train"),
        number=body.number,
        title=body.title,
        description=body.description,
        variables=body.variables,
    )
    return BeginSnapshot(create=create)


def read_unplanned(request: Request) -> BeginUnplanned:
    """Read a snapshot of no train to create. Faults: Invalid."""
    body = request.body(shapes.UnplannedSnapshotBody)
    return BeginUnplanned(
        origin=request.origin,
        home=Member(project=body.project, application=body.application or body.project),
        pipeline=body.pipeline,
        number=body.number,
        title=body.title,
        description=body.description,
        variables=body.variables,
    )


def read_deploy(request: Request) -> DeploySnapshot:
    """Read where a snapshot is deployed. Faults: Invalid, NotFound."""
    body = request.optional_body(shapes.DeployBody)
    if body.begin_at is not None and body.begin_at.tzinfo is None:
        raise Invalid.single("begin_at", "needs an offset")
    train, snapshot = id_in(request, "train"), id_in(request, "snapshot")
    return DeploySnapshot(
        origin=request.origin,
        train=train,
        snapshot=snapshot,
        stage=body.stage,
        begin_at=body.begin_at,
        mode=body.mode,
        variables=body.variables,
    )


def read_snapshot(request: Request) -> SnapshotNamed:
    """Read which snapshot is requested. Faults: NotFound."""
    return SnapshotNamed(by=request.asker, train=id_in(request, "train"), snapshot=id_in(request, "snapshot"))


def read_act(request: Request) -> RejectSnapshot:
    """Read what is done to a snapshot. Faults: Invalid, NotFound."""
    body = request.body(shapes.SnapshotActBody)
    train, snapshot = id_in(request, "train"), id_in(request, "snapshot")
    return RejectSnapshot(origin=request.origin, train=train, snapshot=snapshot, reason=body.reason)


def show_snapshot(changed: Changed) -> Reply:
    """Show a snapshot."""
    return json_reply(_snapshot(changed.train, changed.snapshot))


def show_deployed(deployed: Deployed) -> Reply:
    """Show a deployment: its run, its stage and how far that is."""
    execution = deployed.run.run.latest(deployed.stage)
    return json_reply(
        {
            "snapshot": _snapshot(deployed.of.train, deployed.of.snapshot),
            "run": deployed.run.run.id,
            "stage": deployed.run.plan.by_key[deployed.stage].name,
            "phase": (execution.phase if execution is not None else Phase.NEW).value,
        }
    )


def show_snapshots(found: SnapshotsOf) -> Reply:
    """Show snapshots, newest first."""
    items = [_snapshot(found.train, one) for one in found.snapshots]
    return json_reply({"items": items, "next": str(found.snapshots[-1].id) if found.snapshots else None})


def _snapshot(train: Train, snapshot: Snapshot) -> Json:
    ending = snapshot.ending
    return {
        "id": snapshot.id,
        "train": snapshot.train,
        "number": snapshot.number,
        "title": snapshot.title or snapshot.number,
        "description": snapshot.description,
        "pipeline": pipeline_name(train, snapshot),
        "status": status_of(train, snapshot).value,
        "furthest_stage": snapshot.furthest.stage if snapshot.furthest is not None else None,
        "created_by": snapshot.created_by,
        "created_at": snapshot.created_at.isoformat(),
        "rejected": shown_ending(rejection_of(train, snapshot)),
        "deployed_at": ending.at.isoformat() if isinstance(ending, Arrived) else None,
        "runs": list(snapshot.runs),
    }
