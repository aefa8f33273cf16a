"""Deploy and replay as the forms of a snapshot's page ask for: about production after a fresh login alone."""

from chalicelib.kernel.access.role import Level
from chalicelib.kernel.engine.run import ActKind
from chalicelib.use_cases.overview.train_travels import TravelOfSnapshot, environments_of_deploy
from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.runs.decide import DecideRun
from chalicelib.use_cases.runs.fresh_login import check_fresh_for, check_fresh_login
from chalicelib.use_cases.runs.read import RunView
from chalicelib.use_cases.trains.find import train_for
from chalicelib.use_cases.travel.deploy import Deployed, DeploySnapshot, deploy_snapshot
from chalicelib.use_cases.travel.execution_acts import ReplayExecution, replay_execution
from slipway_formats.frozen import frozen


@frozen
class DeployByForm:
    """Command: a deploy of a form. is_by_session: a browser sends it, by its cookie, which may be left open."""

    deploy: DeploySnapshot
    is_by_session: bool


@frozen
class ReplayByForm:
    """Command: a replay of a form. is_by_session: as of a deploy."""

    replay: ReplayExecution
    is_by_session: bool


def deploy_by_form(ports: Ports, command: DeployByForm) -> Deployed:
    """Deploy a snapshot to the stage that is named. Faults: those of `deploy_snapshot`; Unauthenticated."""
    deploy = command.deploy
    origin = deploy.origin
    train_for(ports, origin.by, deploy.train, Level.WRITE)
    if command.is_by_session:
        of = TravelOfSnapshot(by=origin.by, train=deploy.train, snapshot=deploy.snapshot)
        check_fresh_for(ports, origin.by, environments_of_deploy(ports, of, deploy.stage), origin.at)
    return deploy_snapshot(ports, deploy)


def replay_by_form(ports: Ports, command: ReplayByForm) -> RunView:
    """Replay a stage of a snapshot. Faults: those of `replay_execution`; Unauthenticated."""
    replay = command.replay
    origin = replay.origin
    train_for(ports, origin.by, replay.train, Level.WRITE)
    if command.is_by_session:
        again = DecideRun(run=replay.run, kind=ActKind.REPLAYED, by=origin.by, execution=replay.execution)
        check_fresh_login(ports, again, origin.at)
    return replay_execution(ports, replay)
