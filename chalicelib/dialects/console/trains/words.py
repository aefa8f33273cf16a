"""Read which trains and snapshots are looked at and what is done to them, and show their pages."""

from dataclasses import replace

from chalicelib.dialects.console.frame.forms import Field
from chalicelib.dialects.console.frame.headers import leave_for, page_reply
from chalicelib.dialects.console.frame.live import Unchanged, live_reply
from chalicelib.dialects.console.frame.numbers import id_in, number_in
from chalicelib.dialects.console.frame.templates import render
from chalicelib.dialects.console.frame.words import read_frame
from chalicelib.dialects.console.trains.acts import DeployByForm, ReplayByForm
from chalicelib.dialects.console.trains.page import Search, TrainsPage
from chalicelib.dialects.console.trains.snapshot import SnapshotPage, SnapshotQuery
from chalicelib.dialects.console.trains.train import TrainPage, TrainQuery
from chalicelib.http.reply import Reply
from chalicelib.http.request import Request
from chalicelib.kernel.faults import Invalid
from chalicelib.kernel.integer_ids import LARGEST
from chalicelib.kernel.trains.train import TrainStatus
from chalicelib.use_cases.overview.train_travels import TravelOf, TravelOfSnapshot, TravelsQuery
from chalicelib.use_cases.pagination import Slice
from chalicelib.use_cases.runs.read import RunView
from chalicelib.use_cases.travel.deploy import Deployed, DeploySnapshot
from chalicelib.use_cases.travel.execution_acts import ReplayExecution

TRAINS_OF_A_PAGE, SNAPSHOTS_OF_A_PAGE = 15, 25
FIELDS = (
    Field(name="project", word="Project"),
    Field(name="application", word="Application"),
    Field(name="status", word="Status", options=tuple(TrainStatus)),
)


def read_search(request: Request) -> Search:
    """Read which trains are looked for; an empty filter is none. Faults: Invalid."""
    given = {field.name: request.query.text(field.name) or "" for field in FIELDS}
    status = given["status"]
    if status and status not in set(TrainStatus):
        raise Invalid.single("status", f"should be one of {', '.join(TrainStatus)}")
    sought = TravelsQuery(
        by=request.asker,
        project=given["project"],
        application=given["application"],
        status=TrainStatus(status) if status else None,
        slice=Slice(size=TRAINS_OF_A_PAGE, after=_after(request)),
    )
    filters = tuple((name, value) for name, value in given.items() if value)
    return Search(frame=read_frame(request), now=request.now, sought=sought, given=filters)


def _after(request: Request) -> str:
    number = request.query.whole("page_from", default=0, least=0, most=LARGEST)
    return str(number) if number else ""


def show_found(page: TrainsPage) -> Reply:
    """Show the list."""
    search = page.search
    given = dict(search.given)
    fields = [replace(field, value=given.get(field.name, "")) for field in FIELDS]
    return page_reply(render("trains/trains.html", search.frame, page=page, fields=fields, now=search.now))


def read_train(request: Request) -> TrainQuery:
    """Read which train is looked at. Faults: NotFound, Invalid."""
    wanted = Slice(size=SNAPSHOTS_OF_A_PAGE, after=_after(request))
    of = TravelOf(by=request.asker, train=id_in(request.parameters, "train"), slice=wanted)
    return TrainQuery(frame=read_frame(request), now=request.now, of=of, known=request.query.text("known") or "")


def show_train(page: TrainPage | Unchanged) -> Reply:
    """Show the page of a train, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("trains/train.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )


def read_snapshot(request: Request) -> SnapshotQuery:
    """Read which snapshot is looked at, and to which stage it may go. Faults: NotFound."""
    of = TravelOfSnapshot(
        by=request.asker,
        train=id_in(request.parameters, "train"),
        snapshot=id_in(request.parameters, "snapshot"),
    )
    return SnapshotQuery(
        frame=read_frame(request),
        now=request.now,
        of=of,
        stage=request.query.text("stage") or "",
        known=request.query.text("known") or "",
    )


def show_snapshot(page: SnapshotPage | Unchanged) -> Reply:
    """Show the page of a snapshot, or nothing to who sees it already."""
    return live_reply(
        page,
        lambda shown: page_reply(render("trains/snapshot.html", shown.asked.frame, page=shown, now=shown.asked.now)),
    )


def read_deploy(request: Request) -> DeployByForm:
    """Read to which stage a snapshot is deployed. Faults: NotFound, Invalid, TooLarge."""
    stage = dict(request.form()).get("stage", "")
    if not stage:
        raise Invalid.single("stage", "is required to deploy")
    deploy = DeploySnapshot(
        origin=request.origin,
        train=id_in(request.parameters, "train"),
        snapshot=id_in(request.parameters, "snapshot"),
        stage=stage,
    )
    return DeployByForm(deploy=deploy, is_by_session=request.is_ambient)


def show_deployed(deployed: Deployed) -> Reply:
    """Lead to the run that does it."""
    return leave_for(f"../../../../runs/{deployed.run.run.id}")


def read_replay(request: Request) -> ReplayByForm:
    """Read which stage of a snapshot is replayed. Faults: NotFound, Invalid, TooLarge."""
    form = dict(request.form())
    if form.get("act") != "replay":
        raise Invalid.single("act", "should be replay")
    replay = ReplayExecution(
        origin=request.origin,
        train=id_in(request.parameters, "train"),
        snapshot=id_in(request.parameters, "snapshot"),
        run=form.get("run", ""),
        execution=number_in(form, "execution"),
        notes=form.get("notes", ""),
    )
    return ReplayByForm(replay=replay, is_by_session=request.is_ambient)


def show_replayed(view: RunView) -> Reply:
    """Lead to the run that does it."""
    return leave_for(f"../../../../runs/{view.run.id}")
