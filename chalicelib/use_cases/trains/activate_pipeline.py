"""Activate a version of a pipeline of gates, and let what is under way take it up."""

from chalicelib.use_cases.ports.bundle import Ports
from chalicelib.use_cases.rafts.pipeline_versions import VersionView
from chalicelib.use_cases.rafts.shared_pipelines import ActivateVersion, activate_version
from chalicelib.use_cases.trains.lists import trains_on_pipeline
from chalicelib.use_cases.trains.open_runs import open_runs


def activate_pipeline(ports: Ports, command: ActivateVersion) -> VersionView:
    """Activate a version, by which what has not begun goes; a step that vanished while it ran fails its stage.

    Faults: NotFound, Forbidden.
    """
    view = activate_version(ports, command)
    # A run takes it up whenever it moves; asked now, it does so at once.
    for train in trains_on_pipeline(ports, command.pipeline):
        for run in open_runs(ports, train):
            ports.queue.enqueue_tick(run.id, key=f"{run.id}/pipeline/{view.pipeline.version}")
    return view
