"""Snapshots that carry what a workflow request has built for a train, in the name of who asked for the build."""

from dataclasses import replace
from datetime import datetime

from chalicelib.kernel.access.actor import Actor
from chalicelib.kernel.definitions.workflow_request import WorkflowRequest, has_built_for_train, request_of
from chalicelib.kernel.faults import Conflict, Forbidden, Invalid, NotFound
from chalicelib.kernel.trains.gated import title_at
from chalicelib.kernel.trains.train import Train
from chalicelib.use_cases.audit.entries import Origin
from chalicelib.use_cases.definitions.built_for_train import find_given, given_entry, giving_origin
from chalicelib.use_cases.launch.foreign_references import ActsFor, principal_acting
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.travel.assemble import AssembleSnapshot, WantedVersion
from chalicelib.use_cases.travel.release_snapshots import create_release_snapshot


def give_built_version(ports: Ports, run_id: str) -> None:
    """Make the snapshot that carries what a run has built for a train, once; note in the audit log why there is none.

    Faults: Stale.
    """
    run = ports.runs.find_run(run_id)
    plan = ports.runs.plan(run.plan) if run is not None else None
    request = request_of(plan) if plan is not None else None
    if run is None or plan is None or request is None or not has_built_for_train(plan, run):
        return
    train = ports.trains.find_train(request.train or 0)
    if train is None or find_given(ports, run_id) is not None:
        return
    command = _command(train, request, giving_origin(ports, run_id), plan.created_at)
    try:
        snapshot, why_not = _made(ports, train, request.acts_for, command), ""
    except (NotFound, Conflict, Forbidden, Invalid) as fault:
        # The version is there, and may be given to the train by hand.
        snapshot, why_not = None, str(fault)
    ports.audits.write(given_entry(command.origin, train, snapshot=snapshot, why_not=why_not))


def _command(train: Train, request: WorkflowRequest, origin: Origin, asked_at: datetime) -> AssembleSnapshot:
    """Return what asks for the snapshot; its title is the time at which the build was asked for."""
    if train.gated is None:  # such snapshots carry no versions
        return AssembleSnapshot(origin=origin, train=train.id)
    version = WantedVersion(application=request.application, version=request.version)
    return AssembleSnapshot(origin=origin, train=train.id, title=title_at(train.gated, asked_at), versions=(version,))


def _made(ports: Ports, train: Train, actor: Actor | None, command: AssembleSnapshot) -> int:
    """Make the snapshot in the name of the actor, and return its id."""
    acting = ActsFor(title=f"a build for train {train.name}", project=train.project, actor=actor)
    origin = replace(command.origin, by=principal_acting(ports, acting))
    return create_release_snapshot(ports, replace(command, origin=origin)).snapshot.id
